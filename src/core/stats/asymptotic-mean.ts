import type { RunningMean } from './running-mean.ts'

/** The number of values at which the range is meant to be narrowest. */
const BEST_AT = 500

/**
 * A confidence sequence for values without bounds, such as costs, which holds as values become many: mean ±
 * σ √(2 (n ρ² + 1) / (n ρ)² · ln(√(n ρ² + 1) / α)), α for both sides together. Fewer than two values: no bounds.
 * (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence
 * sequences", theorem 2.2)
 * @param alpha the chance of either side to fail, ever
 */
export function asymptoticMean(alpha: number): RunningMean {
  const both = 2 * alpha
  // The ρ that makes the range narrowest there, to a close approximation (eq. 30).
  const rho = Math.sqrt((-2 * Math.log(both) + Math.log(-2 * Math.log(both) + 1)) / BEST_AT)
  let [count, weights, mean, squares, weightSquares] = [0, 0, 0, 0, 0]
  return {
    add(value, weight = 1) {
      count++
      weights += weight
      weightSquares += weight * weight
      const step = value - mean
      mean += (weight / weights) * step
      squares += weight * step * (value - mean)
    },
    count: () => count,
    mean: () => (weights > 0 ? mean : undefined),
    range() {
      // Of unequal weights as many values count as would be as precise (Kish 1965).
      const n = weights ** 2 / weightSquares
      if (count < 2) return { low: -Infinity, high: Infinity }
      const variance = (squares / weights) * (n / (n - 1))
      const inner = n * rho * rho + 1
      const radius = Math.sqrt(variance) * Math.sqrt(((2 * inner) / (n * rho) ** 2) * Math.log(Math.sqrt(inner) / both))
      return { low: mean - radius, high: mean + radius }
    },
  }
}
