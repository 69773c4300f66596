import type { Range } from './interval.ts'
import { stitchedBoundary } from './stitched.ts'

/** A weighted mean of what has come so far, with a range that holds at every moment at once. */
export interface RunningMean {
  /** @param weight in (0, 1], fixed before the value is known */
  add(value: number, weight?: number): void
  /** The weights added up. */
  weight(): number
  mean(): number | undefined
  /** Where the mean lies of what was to be expected of each value, given those before it. */
  range(): Range
  /** One that goes on from here by itself. */
  copy(): RunningMean
}

/**
 * An empirical Bernstein confidence sequence for bounded values: with a chance of 1 - 2 `alpha`, at no time does the
 * mean of the conditional expectations lie outside. They may differ from value to value, as traffic does; the range is
 * of their mean so far. Variances are taken about the mean of the values before.
 * (Howard, Ramdas, McAuliffe & Sekhon 2021, theorem 4)
 * @param low what no value lies below
 * @param high what none lies above
 * @param alpha the chance of either side to fail, ever
 */
export const runningMean = (low: number, high: number, alpha: number): RunningMean =>
  continued(low, high, alpha, [0, 0, 0])

function continued(low: number, high: number, alpha: number, state: readonly [number, number, number]): RunningMean {
  const scale = high - low
  // From about so many values of a quarter of the range on, the boundary is meant to be narrow.
  const start = scale ** 2 / 4
  let [weights, total, squares] = state
  const mean = () => (weights > 0 ? total / weights : undefined)
  return {
    add(value, weight = 1) {
      const expected = mean() ?? (low + high) / 2
      squares += (weight * (value - expected)) ** 2
      weights += weight
      total += weight * value
    },
    weight: () => weights,
    mean,
    range() {
      if (weights === 0) return { low, high }
      const radius = stitchedBoundary(squares, alpha, scale, start) / weights
      return { low: Math.max(low, total / weights - radius), high: Math.min(high, total / weights + radius) }
    },
    copy: () => continued(low, high, alpha, [weights, total, squares]),
  }
}
