import { argsort } from '../stats/argsort.ts'

/** How a signal's values lay in a sample. */
export interface Distribution {
  rows: number
  /** Rows without a value. */
  missing: number
  /** Where bins meet, ascending. Bin i goes from edge i - 1, counted in, to edge i; the first and the last are open. */
  edges: number[]
  /** Of the rows with a value, one a bin. */
  shares: number[]
}

const MOST_BINS = 20

/** Which bin a value is in: as many edges are at or below it. */
export function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Bins of about equal share, at most 20. Every threshold is an edge, however many there are, so that no bin has answers
 * on both of its sides; between two of them, bins are as equal as ties let them be.
 * @param values one a row; those that are not finite are missing
 * @param thresholds ascending
 */
export function distributionOf(values: Float64Array, thresholds: readonly number[]): Distribution {
  const { keys } = argsort(values)
  const segments = segmentsOf(keys, thresholds)
  const bins = dealtOut(segments.map(({ from, to }) => to - from))
  const edges = segments.flatMap(({ from, to, start }, i) => [
    ...(start === undefined ? [] : [start]),
    ...cutsOf(keys, from, to, bins[i]),
  ])
  const counts = new Uint32Array(edges.length + 1)
  for (const value of keys) counts[binOf(edges, value)]++
  return {
    rows: values.length,
    missing: values.length - keys.length,
    edges,
    shares: Array.from(counts, (count) => (keys.length === 0 ? 0 : count / keys.length)),
  }
}

interface Segment {
  /** The threshold that it begins at. */
  start?: number
  /** Its values, by their places in ascending order. */
  from: number
  to: number
}

function segmentsOf(keys: Float64Array, thresholds: readonly number[]): Segment[] {
  const starts = thresholds.map((threshold) => firstAtLeast(keys, threshold))
  return [0, ...starts].map((from, i) => ({
    ...(i === 0 ? {} : { start: thresholds[i - 1] }),
    from,
    to: starts[i] ?? keys.length,
  }))
}

function firstAtLeast(keys: Float64Array, value: number): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Bins by segment: one each, and the rest to whichever has most values a bin. */
function dealtOut(sizes: readonly number[]): number[] {
  const bins = sizes.map(() => 1)
  for (let left = MOST_BINS - sizes.length; left > 0; left--) {
    const fullest = sizes.reduce((best, size, i) => (size / bins[i] > sizes[best] / bins[best] ? i : best), 0)
    bins[fullest]++
  }
  return bins
}

/** Edges inside a run of ascending values: each between two values that differ, as near to its share as there is one. */
function cutsOf(keys: Float64Array, from: number, to: number, bins: number): number[] {
  const cuts: number[] = []
  let last = from
  for (let bin = 1; bin < bins; bin++) {
    const place = nearestGap(keys, from, to, from + ((to - from) * bin) / bins)
    if (place === undefined || place <= last) continue
    cuts.push(plainBetween(keys[place - 1], keys[place]))
    last = place
  }
  return cuts
}

/** The place nearest to `wanted`, inside the run, at which the value is another than the one before. */
function nearestGap(keys: Float64Array, from: number, to: number, wanted: number): number | undefined {
  const middle = Math.round(wanted)
  if (middle <= from || middle >= to) return undefined
  let [below, above] = [middle, middle]
  while (below > from && keys[below - 1] === keys[middle]) below--
  while (above < to && keys[above] === keys[middle]) above++
  const fits = [below, above].filter((place) => place > from && place < to && keys[place - 1] !== keys[place])
  return fits.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0]
}

/**
 * The number of fewest digits about the middle of two values, above the one and not above the other. An edge amid the
 * gap, and not at a value, leaves a value in its bin that another processor rounds otherwise.
 */
function plainBetween(below: number, above: number): number {
  const middle = below + (above - below) / 2
  for (let digits = 1; digits <= 17; digits++) {
    const plain = Number(middle.toPrecision(digits))
    if (plain > below && plain < above) return plain
  }
  return above
}
