import { tQuantile } from './distributions.ts'
import type { Range } from './interval.ts'
import { mean, sum } from './sum.ts'

/** Every ratio that the data do not rule out. */
export type FiellerSet =
  | ({ kind: 'bounded' } & Range)
  /** Both far ends belong to the set; left out is the open interval `excluded`, or nothing: the whole line. */
  | { kind: 'unbounded'; excluded: Range | undefined }

/**
 * Fieller's confidence set for the ratio θ = ΣN / ΣD of two totals over G independent groups: all θ with
 * (N̄ - θ D̄)² <= t² s²(N - θ D) / G, where t is Student's quantile with G - 1 degrees of freedom and s² has divisor
 * G - 1. Bounded where the mean denominator is away from 0 at this confidence, else not.
 * Fewer than two groups, or no denominator but 0: `undefined`. (Fieller 1954, "Some problems in interval estimation")
 */
export function fieller(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  confidence: number,
): FiellerSet | undefined {
  const groups = numerators.length
  const numeratorScale = largest(numerators) || 1
  const denominatorScale = largest(denominators)
  if (groups < 2 || denominatorScale === 0) return undefined
  const above = new Float64Array(numerators).map((value) => value / numeratorScale)
  const below = new Float64Array(denominators).map((value) => value / denominatorScale)
  const found = scaledSet(above, below, tQuantile((1 - confidence) / 2, groups - 1) ** 2 / groups)
  const unscaled = ({ low, high }: Range): Range => ({
    low: (low * numeratorScale) / denominatorScale,
    high: (high * numeratorScale) / denominatorScale,
  })
  if (found.kind === 'bounded') return { kind: 'bounded', ...unscaled(found) }
  return { kind: 'unbounded', excluded: found.excluded && unscaled(found.excluded) }
}

/** The set for data of magnitude 1: aθ² - 2bθ + c <= 0, where `spread` is t² / G. */
function scaledSet(above: Float64Array, below: Float64Array, spread: number): FiellerSet {
  const [meanAbove, meanBelow] = [mean(above) ?? 0, mean(below) ?? 0]
  const a = meanBelow * meanBelow - spread * covariance(below, below)
  if (a > 0) {
    // Around the estimate the equation loses its linear mean term, and with it the cancellation in b² - ac.
    const estimate = meanAbove / meanBelow
    const rest = above.map((value, g) => value - estimate * below[g])
    const { low, high } = roots(a, -spread * covariance(rest, below), -spread * covariance(rest, rest))
    return { kind: 'bounded', low: estimate + low, high: estimate + high }
  }
  const b = meanAbove * meanBelow - spread * covariance(above, below)
  const c = meanAbove * meanAbove - spread * covariance(above, above)
  if (a === 0) return { kind: 'unbounded', excluded: b === 0 ? undefined : halfLine(b, c) }
  return { kind: 'unbounded', excluded: b * b - a * c <= 0 ? undefined : roots(a, b, c) }
}

/** What c <= 2bθ leaves out. */
const halfLine = (b: number, c: number): Range =>
  b > 0 ? { low: -Infinity, high: c / (2 * b) } : { low: c / (2 * b), high: Infinity }

/** The two roots of aθ² - 2bθ + c = 0, without subtracting like from like. */
function roots(a: number, b: number, c: number): Range {
  const root = Math.sqrt(Math.max(0, b * b - a * c))
  const far = b < 0 ? b - root : b + root
  const [one, two] = far === 0 ? [0, 0] : [far / a, c / far]
  return one < two ? { low: one, high: two } : { low: two, high: one }
}

/** Sample covariance, divisor G - 1. */
function covariance(left: Float64Array, right: Float64Array): number {
  const [meanLeft, meanRight] = [mean(left) ?? 0, mean(right) ?? 0]
  return sum(left.map((value, g) => (value - meanLeft) * (right[g] - meanRight))) / (left.length - 1)
}

function largest(values: ArrayLike<number>): number {
  let size = 0
  for (let i = 0; i < values.length; i++) size = Math.max(size, Math.abs(values[i]))
  return size
}
