import type { SortedSignal } from '../sweep/curve.ts'

/**
 * Area under the ROC curve: the probability that a row of which `isPositive` holds is less certain than one of which it
 * does not, ties counting half (the Mann-Whitney statistic). Rows without the signal are left out.
 * Only one of the two kinds present: no value.
 */
export function auroc({ keys, rows }: SortedSignal, isPositive: (row: number) => boolean): number | undefined {
  let positives = 0
  let wins = 0
  for (let start = 0; start < rows.length;) {
    let end = start
    let tied = 0
    for (; end < rows.length && keys[end] === keys[start]; end++) if (isPositive(rows[end])) tied++
    const negatives = end - start - tied
    wins += negatives * (positives + tied / 2)
    positives += tied
    start = end
  }
  const pairs = positives * (rows.length - positives)
  return pairs === 0 ? undefined : wins / pairs
}
