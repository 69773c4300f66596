import { tCdf } from './distributions.ts'
import { sum } from './sum.ts'

/** Arithmetic mean and sample variance (divisor n - 1). */
export interface Moments {
  mean: number
  variance: number
}

/** Mean and sample variance; values that are all equal have exactly no variance. Fewer than two: `undefined`. */
export function moments(values: ArrayLike<number>): Moments | undefined {
  const n = values.length
  if (n < 2) return undefined
  const first = values[0]
  const shifted = new Float64Array(n)
  for (let i = 0; i < n; i++) shifted[i] = values[i] - first
  const shift = sum(shifted) / n
  for (let i = 0; i < n; i++) shifted[i] = (shifted[i] - shift) ** 2
  return { mean: first + shift, variance: sum(shifted) / (n - 1) }
}

/**
 * One-sided p-value of "the mean is at or above `bound`" by Student's t on independent values: the distribution
 * function of t with n - 1 degrees of freedom at (x̄ - bound) / √(s² / n). It holds as n grows, not for every n.
 * Fewer than two values: `undefined`; values that are all equal: 0 below the bound, else 1. (Student 1908)
 */
export function tTestPValue(values: ArrayLike<number>, bound: number): number | undefined {
  const found = moments(values)
  if (found === undefined) return undefined
  const { mean, variance } = found
  if (variance === 0) return mean < bound ? 0 : 1
  return tCdf((mean - bound) / Math.sqrt(variance / values.length), values.length - 1)
}
