import { SpillwayError } from '../errors.ts'
import { quantileBy, spacedBetween } from '../stats/quantile.ts'
import { fromKey, type Curve, type SortedSignal } from './curve.ts'

/** Which thresholds a curve shows. */
export type Grid =
  | { kind: 'exact' }
  /** N evenly spaced values from minimum to maximum, without the two ends. */
  | { kind: 'linspace'; count: number }
  /** The N-quantiles: levels 1/N to (N-1)/N. */
  | { kind: 'quantile'; count: number }
  | { kind: 'values'; values: number[] }

/**
 * Reads `exact`, `linspace:11`, `quantile:100` or a list such as `-0.5,-0.3,-0.1`.
 * @throws SpillwayError `usage`
 */
export function parseGrid(text: string): Grid {
  if (text === 'exact') return { kind: 'exact' }
  const [, kind, digits] = /^(linspace|quantile):(\d+)$/.exec(text) ?? []
  const count = Number(digits)
  if (kind === 'linspace' && count >= 3 && count <= 1e6) return { kind, count }
  if (kind === 'quantile' && count >= 2 && count <= 1e6) return { kind, count }
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (kind === undefined && values.every(Number.isFinite)) return { kind: 'values', values }
  throw new SpillwayError(
    'usage',
    `grid ${JSON.stringify(text)} is none of: exact, linspace:N (N >= 3), quantile:N (N >= 2), or numbers such as -0.5,-0.3`,
  )
}

/** The values of a signal by rank, from the least certain on, as keys: negated where lower is more certain. */
export interface KeyOrder {
  direction: 'higher' | 'lower'
  count: number
  at: (rank: number) => number
}

const orderOf = (signal: SortedSignal | KeyOrder): KeyOrder =>
  'keys' in signal
    ? { direction: signal.column.direction, count: signal.keys.length, at: (rank) => signal.keys[rank] }
    : signal

/** The thresholds of a grid for one signal; none where the signal has no value. */
export function gridThresholds(grid: Exclude<Grid, { kind: 'exact' }>, signal: SortedSignal | KeyOrder): number[] {
  const order = orderOf(signal)
  const { count, at } = order
  if (count === 0) return []
  if (grid.kind === 'values') return grid.values
  if (grid.kind === 'quantile') {
    const level = (i: number) => fromKey(order, quantileBy(count, at, (i + 1) / grid.count)!)
    return Array.from({ length: grid.count - 1 }, (_, i) => level(i))
  }
  const ends = [fromKey(order, at(0)), fromKey(order, at(count - 1))]
  return spacedBetween(Math.min(...ends), Math.max(...ends), grid.count - 2)
}

/**
 * The point of an exact curve whose kept rows are those of a threshold that need not be one of its values.
 * `strict` keeps only rows strictly more certain than the threshold (AutoMix's and RouteLLM's convention).
 */
export function indexOfThreshold(curve: Curve, threshold: number, strict = false): number {
  const sign = curve.direction === 'higher' ? 1 : -1
  const keeps = (value: number): boolean =>
    strict ? sign * value > sign * threshold : sign * value >= sign * threshold
  if (curve.range === undefined) return curve.length - 1
  if (keeps(curve.range.least)) return curve.missing > 0 ? 1 : 0
  let low = 1
  let high = curve.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keeps(curve.thresholds[middle])) high = middle
    else low = middle + 1
  }
  return low
}

/** The points of an exact curve at some thresholds, between its two ends. */
export function curveAt(curve: Curve, thresholds: readonly number[]): Curve {
  const sign = curve.direction === 'higher' ? 1 : -1
  const inside = thresholds.toSorted((a, b) => sign * (a - b))
  const indices = [0, ...inside.map((threshold) => indexOfThreshold(curve, threshold)), curve.length - 1]
  const { extraCost } = curve
  return {
    ...curve,
    length: indices.length,
    thresholds: Float64Array.from([NaN, ...inside, NaN]),
    kept: Uint32Array.from(indices, (i) => curve.kept[i]),
    gain: Float64Array.from(indices, (i) => curve.gain[i]),
    extraCost: typeof extraCost === 'number' ? extraCost : Float64Array.from(indices, (i) => extraCost[i]),
  }
}
