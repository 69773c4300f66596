/**
 * Quantile by linear interpolation between order statistics (Hyndman & Fan's type 7, "R-7"; numpy's default).
 * `sorted` ascends and holds no NaN; `level` is in [0, 1]. No values: `undefined`.
 */
export const quantileSorted = (sorted: ArrayLike<number>, level: number): number | undefined =>
  quantileBy(sorted.length, (i) => sorted[i], level)

/** The same of `count` values of which `at(i)` is the i-th, ascending. */
export function quantileBy(count: number, at: (i: number) => number, level: number): number | undefined {
  if (count === 0) return undefined
  const position = (count - 1) * level
  const below = Math.floor(position)
  const above = Math.min(below + 1, count - 1)
  const [low, high, share] = [at(below), at(above), position - below]
  const value = low + (high - low) * share
  return Number.isFinite(value) ? value : low * (1 - share) + high * share // high - low can overflow
}

/** `count` evenly spaced values strictly between `low` and `high`: numpy's `linspace(low, high, count + 2)[1:-1]`. */
export function spacedBetween(low: number, high: number, count: number): number[] {
  const steps = count + 1
  const step = Number.isFinite(high - low) ? (high - low) / steps : high / steps - low / steps
  return Array.from({ length: count }, (_, i) => low + step * (i + 1))
}
