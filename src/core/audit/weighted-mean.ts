import { tQuantile } from '../stats/distributions.ts'
import type { Range } from '../stats/interval.ts'

/** From fewer an interval says nothing. */
const FEWEST = 5

/** A quantity of all requests, estimated from those that the coin fell on. */
export interface Weighed {
  value?: number
  /** At one moment that was chosen beforehand; holds as requests become many. */
  interval?: Range
  /** Audited requests that it rests on. */
  count: number
}

/** Sums of pairs of values, each counted by the inverse of its probability. */
export interface RatioSums {
  /** @param weight 1 / probability */
  add(numerator: number, denominator: number, weight: number): void
  /**
   * Σ w a / Σ w b, with a Student interval about the linearized ratio.
   * @param worst reaches up to where it would with one value more, this one: where bad ones are rare, none may have been
   * seen yet, and no spread
   */
  estimate(confidence: number, worst?: number): Weighed
  copy(): RatioSums
}

/**
 * Weighted ratio estimate (Hájek 1971): Σ w a / Σ w b; with b = 1 the weighted mean. The variance is that of its
 * linearization, Σ w² (a - r b)² / (Σ w b)², times n / (n - 1). (Särndal, Swensson & Wretman 1992, §5.7)
 */
export const ratioSums = (): RatioSums => continued([0, 0, 0, 0, 0, 0])

type State = readonly [number, number, number, number, number, number]

function continued(state: State): RatioSums {
  let [count, top, bottom, aa, ab, bb] = state
  const copy = () => continued([count, top, bottom, aa, ab, bb])
  return {
    copy,
    add(a, b, weight) {
      count++
      top += weight * a
      bottom += weight * b
      aa += (weight * a) ** 2
      ab += weight * weight * a * b
      bb += (weight * b) ** 2
    },
    estimate(confidence, worst) {
      if (count === 0 || bottom === 0) return { count }
      const value = top / bottom
      if (count < FEWEST) return { value, count }
      const squares = Math.max(0, aa - 2 * value * ab + value * value * bb)
      const error = Math.sqrt((squares * count) / (count - 1)) / Math.abs(bottom)
      const radius = -tQuantile((1 - confidence) / 2, count - 1) * error
      const interval = { low: value - radius, high: value + radius }
      if (worst !== undefined) {
        const more = copy()
        more.add(worst, 1, bottom / count)
        interval.high = Math.max(interval.high, more.estimate(confidence).interval!.high)
      }
      return { value, interval, count }
    },
  }
}
