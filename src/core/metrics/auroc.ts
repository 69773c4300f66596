import type { SortedSignal } from '../sweep/curve.ts'
import { runsOf, type Runs } from './runs.ts'

/**
 * Area under the ROC curve: the probability that a row of which `isPositive` holds is less certain than one of which it
 * does not, ties counting half (the Mann-Whitney statistic). Rows without the signal are left out.
 * Only one of the two kinds present: no value.
 */
export const auroc = (sorted: SortedSignal, isPositive: (row: number) => boolean): number | undefined =>
  aurocOfRuns(runsOf(sorted, (row) => (isPositive(row) ? 1 : 0)))

/** The same from how many rows of each run are positive. */
export function aurocOfRuns({ sizes, sums }: Runs): number | undefined {
  let positives = 0
  let negatives = 0
  let wins = 0
  for (let run = 0; run < sizes.length; run++) {
    const tied = sums[run]
    const others = sizes[run] - tied
    wins += others * (positives + tied / 2)
    positives += tied
    negatives += others
  }
  const pairs = positives * negatives
  return pairs === 0 ? undefined : wins / pairs
}
