import type { RunningMean } from './running-mean.ts'

/** The number of values at which the range is meant to be narrowest. */
const BEST_AT = 500

/**
 * A confidence sequence for values without bounds, such as costs, which holds as values become many: mean ±
 * σ √(2 (n ρ² + 1) / (n ρ)² · ln(√(n ρ² + 1) / α)), α for both sides together. Of unequal weights σ / √n is the error
 * of the weighted mean, and n as many values as would be as precise (Kish 1965). Fewer than two values: no bounds.
 * (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence
 * sequences", theorem 2.2)
 * @param alpha the chance of either side to fail, ever
 */
export const asymptoticMean = (alpha: number): RunningMean => continued(alpha, [0, 0, 0, 0, 0, 0, 0])

type State = readonly [number, number, number, number, number, number, number]

function continued(alpha: number, state: State): RunningMean {
  const both = 2 * alpha
  // The ρ that makes the range narrowest there, to a close approximation (eq. 30).
  const rho = Math.sqrt((-2 * Math.log(both) + Math.log(-2 * Math.log(both) + 1)) / BEST_AT)
  /** Sums of w, w x, w², w² x and w² x², where x is counted from the first value. */
  let [count, first, w, wx, ww, wwx, wwxx] = state
  return {
    add(value, weight = 1) {
      if (count === 0) first = value
      const x = value - first
      count++
      w += weight
      wx += weight * x
      ww += weight ** 2
      wwx += weight ** 2 * x
      wwxx += (weight * x) ** 2
    },
    weight: () => w,
    mean: () => (count > 0 ? first + wx / w : undefined),
    range() {
      if (count < 2) return { low: -Infinity, high: Infinity }
      const x = wx / w
      const n = w ** 2 / ww
      const squares = Math.max(0, wwxx - 2 * x * wwx + x * x * ww)
      const error = Math.sqrt((squares * count) / (count - 1)) / w
      const inner = n * rho * rho + 1
      const radius = error * Math.sqrt(((2 * inner) / (n * rho * rho)) * Math.log(Math.sqrt(inner) / both))
      return { low: first + x - radius, high: first + x + radius }
    },
    copy: () => continued(alpha, [count, first, w, wx, ww, wwx, wwxx]),
  }
}
