import type { Outcomes } from '../outcomes/outcomes.ts'
import type { GainPolicy } from '../policy/policy.ts'
import { isotonic } from '../stats/isotonic.ts'
import { fromKey, type SortedSignal } from '../sweep/curve.ts'

/**
 * E[quality_large - quality_small | one signal] by isotonic regression: the more certain, the less is gained, and
 * nothing else is assumed. Its few levels are joined by straight lines. No row with the signal: `undefined`.
 */
export function fitIsotonicGain(
  { small, large }: Outcomes,
  { column, keys, rows }: SortedSignal,
): GainPolicy['predictedGain'] | undefined {
  if (keys.length === 0) return undefined
  const values: number[] = []
  const gains: number[] = []
  const weights: number[] = []
  for (let start = 0; start < keys.length;) {
    let [end, gain] = [start, 0]
    for (; end < keys.length && keys[end] === keys[start]; end++)
      gain += large.quality[rows[end]] - small.quality[rows[end]]
    values.push(fromKey(column, keys[start]))
    gains.push(-gain / (end - start)) // least certain first, so that what is lost falls
    weights.push(end - start)
    start = end
  }
  const levels = isotonic(gains, weights).map((level) => -level)
  const constant = levels.reduce((total, level, i) => total + level * weights[i], 0) / keys.length
  // Of a run of equal levels its two ends say everything.
  const points = values
    .map((value, i): [number, number] => [value, levels[i] - constant])
    .filter((_, i) => levels[i] !== levels[i - 1] || levels[i] !== levels[i + 1])
  return { constant, terms: [{ signal: column.name, points: points.toSorted(([a], [b]) => a - b) }] }
}
