import { inverseIncompleteBeta } from './special.ts'
import { moments } from './t-test.ts'

/**
 * Half-width √(ln(2/δ) / (2n)) of the band around the empirical distribution function of n independent values that
 * holds the true one everywhere with probability 1 - δ, both sides at once. No values: ∞.
 * (Dvoretzky, Kiefer & Wolfowitz 1956, with the constant of Massart 1990)
 */
export const dkwRadius = (n: number, delta: number): number => Math.sqrt(Math.log(2 / delta) / (2 * n))

/**
 * One-sided upper confidence bound of level 1 - δ on a proportion, `k` successes in `n` trials: the p at which
 * P(Bin(n, p) <= k) = δ. Nothing but successes, or no trials: 1. (Clopper & Pearson 1934)
 */
export const clopperPearsonUpper = (k: number, n: number, delta: number): number =>
  k >= n ? 1 : inverseIncompleteBeta(1 - delta, k + 1, n - k, delta)

/**
 * Empirical Bernstein upper confidence bound of level 1 - δ on the mean of independent values in [0, 1]:
 * x̄ + √(2 s² ln(2/δ) / n) + 7 ln(2/δ) / (3 (n - 1)), s² with divisor n - 1. It may exceed 1.
 * Fewer than two values: `undefined`. (Maurer & Pontil 2009, theorem 4)
 */
export function empiricalBernsteinUpper(values: ArrayLike<number>, delta: number): number | undefined {
  const found = moments(values)
  if (found === undefined) return undefined
  const n = values.length
  const log = Math.log(2 / delta)
  return found.mean + Math.sqrt((2 * found.variance * log) / n) + (7 * log) / (3 * (n - 1))
}
