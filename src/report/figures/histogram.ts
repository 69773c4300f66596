import { quantileSorted } from '../../core/stats/quantile.ts'
import { fromKey, type SortedSignal } from '../../core/sweep/curve.ts'
import type { Histogram } from './figure-data.ts'
import { latticeStep, niceAtLeast } from './steps.ts'

const MOST_BINS = 40
/** Two humps far apart look like one wide one to a rule that knows only the quartiles: then these many, or √rows. */
const FEWEST_BINS = 20

/**
 * Rows by their signal's value, apart for right and wrong small answers. A bin holds its lower edge, and the last one
 * its upper edge too. No row has the signal: no bin, and no edge.
 */
export function histogram({ column, keys, rows }: SortedSignal, isWrong: (row: number) => boolean): Histogram {
  const up = column.direction === 'higher'
  const count = keys.length
  const place = (i: number) => (up ? i : count - 1 - i)
  const values = Float64Array.from(keys, (_, i) => fromKey(column, keys[place(i)]))
  const edges = edgesOf(values)
  const right = edges.slice(1).fill(0)
  const wrong = edges.slice(1).fill(0)
  for (let i = 0, bin = 0; i < count; i++) {
    while (bin < right.length - 1 && values[i] >= edges[bin + 1]) bin++
    if (isWrong(rows[place(i)])) wrong[bin]++
    else right[bin]++
  }
  return { edges, right, wrong }
}

/**
 * Edges of equal bins for ascending values: as wide as Freedman and Diaconis advise, but 20 of them (with fewer than 400
 * rows, the square root of their number) to 40, or somewhat wider for the edges to be round numbers. Values that come
 * in steps, such as counts, lie in the middle between edges. (Freedman & Diaconis 1981)
 */
export function edgesOf(values: Float64Array): number[] {
  if (values.length === 0) return []
  const [low, high] = [values[0], values[values.length - 1]]
  const span = high - low
  if (span === 0) {
    const half = Math.abs(low) / 2 || 0.5
    return [low - half, low + half]
  }
  // No round numbers lie between values that are almost the same, nor between the largest there are.
  if (span < 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1e-290) || span > 1e300) return [low, high]
  const edges = roundEdges(values, low, high)
  // What rounding puts just outside belongs to the outermost bins.
  edges[0] = Math.min(edges[0], low)
  edges[edges.length - 1] = Math.max(edges[edges.length - 1], high)
  return edges
}

function roundEdges(values: Float64Array, low: number, high: number): number[] {
  const spread = quantileSorted(values, 0.75)! - quantileSorted(values, 0.25)!
  const span = high - low
  const wide = span / Math.min(FEWEST_BINS, Math.sqrt(values.length))
  const advised = Math.max(Math.min((2 * spread) / Math.cbrt(values.length), wide), span / MOST_BINS)
  const step = latticeStep(values)
  if (step !== undefined) {
    const bins = Math.round(span / step) + 1
    const together = bins <= FEWEST_BINS ? 1 : Math.max(1, Math.round(advised / step), Math.ceil(bins / MOST_BINS))
    return evenly(low - step / 2, together * step, Math.ceil(bins / together))
  }
  for (let width = niceAtLeast(advised); ; width = niceAtLeast(width * 1.01)) {
    const first = Math.floor(low / width)
    // A value on the last edge is in the bin below it.
    const bins = Math.max(1, Math.ceil(high / width) - first)
    if (bins <= MOST_BINS) return evenly(first * width, width, bins)
  }
}

/** Edges that read as they were meant, without the rounding of a sum in the last digit. */
const evenly = (from: number, width: number, bins: number): number[] =>
  Array.from({ length: bins + 1 }, (_, i) => Number((from + i * width).toPrecision(12)))
