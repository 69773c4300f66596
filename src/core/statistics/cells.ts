import { EXACT_BITS, FEWEST_BITS, edgeOf } from './bin-key.ts'
import { coarsen, type BinTable, type LooseBins } from './bin-table.ts'

/** Groups are dealt by their hash into so many buckets, which are resampled whole. */
export const BUCKETS = 1024
/** Intervals rest on so many bins at most. */
export const MOST_INTERVAL_BINS = 512

export interface CellRequest {
  signal: string
  /** Leading bits of the key that a bin fixes. */
  bits: number
  /** A threshold, as a key, at which a bin is divided. */
  cut?: number
  wrongBelow: number
  /** Which costs are summed up row by row. */
  sumCosts: { small: boolean; verify: boolean; large: boolean }
}

/**
 * Sums by bin and bucket: partial sums of bins, each of the groups in one bucket. `least` and `most` are the edge of the
 * bin, or the cut, where the bin is divided there and the rows are at it or above.
 */
export interface Cells extends LooseBins {
  /** 0 to `BUCKETS` - 1: the first ten bits of the second half of the MD5 of the group's name, low byte first. */
  buckets: Float64Array
  costSmall: Float64Array
  costVerify: Float64Array
}

/** As many leading bits as leave 512 bins or fewer. */
export function intervalBits(table: BinTable): number {
  if (table.rows.length <= MOST_INTERVAL_BINS) return table.bits
  let bits = Math.min(table.bits, EXACT_BITS)
  for (let coarse = table; bits > FEWEST_BITS && coarse.rows.length > MOST_INTERVAL_BINS;)
    coarse = coarsen(coarse, --bits)
  return bits
}

/** Cells laid out for being weighed again and again: by bin, in the order in which they escalate, the missing rows first. */
export interface CellGrid {
  bits: number
  least: Float64Array
  most: Float64Array
  bucketCount: number
  /** Which bucket, from 0 to `bucketCount` - 1, a cell is of. */
  bucketOf: Uint16Array
  /** Where the cells of each bin end; those of the rows without the signal, which may be none, end first. */
  ends: Uint32Array
  cells: Cells
  /** Whether any cell has costs of its own. */
  hasCosts: boolean
}

export function gridOfCells(loose: Cells, bits: number, cut = -Infinity): CellGrid {
  const place = (i: number) => (Number.isFinite(loose.least[i]) ? loose.least[i] : -Infinity)
  const order = Uint32Array.from(loose.rows.keys()).toSorted((a, b) =>
    place(a) === place(b) ? 0 : place(a) - place(b),
  )
  const pick = (list: Float64Array) => Float64Array.from(order, (i) => list[i])
  const cells = Object.fromEntries(Object.entries(loose).map(([name, list]) => [name, pick(list)])) as unknown as Cells
  const [least, most, ends]: [number[], number[], number[]] = [[], [], []]
  let edge = NaN
  order.forEach((_, i) => {
    const [low, high] = [cells.least[i], cells.most[i]]
    if (!Number.isFinite(low)) return
    // Both sides of the cut begin with the same bits.
    const here = edgeOf(low, bits)
    if (here !== edge || (low >= cut && least[least.length - 1] < cut)) {
      ends.push(i)
      least.push(low + 0)
      most.push(high + 0)
    }
    edge = here
    most[most.length - 1] = Math.max(most[most.length - 1], high)
  })
  ends.push(order.length)
  const names = [...new Set(cells.buckets)].toSorted((a, b) => a - b)
  const numbers = new Map(names.map((name, i) => [name, i]))
  return {
    bits,
    least: Float64Array.from(least),
    most: Float64Array.from(most),
    bucketCount: names.length,
    bucketOf: Uint16Array.from(cells.buckets, (name) => numbers.get(name)!),
    ends: Uint32Array.from(ends),
    cells,
    hasCosts: [cells.extraCost, cells.costSmall, cells.costVerify].some((list) => list.some((cost) => cost !== 0)),
  }
}

/** A table whose sums are taken anew for every resample, and what its rows cost beside the large model. */
export interface WeighedTable {
  table: BinTable
  costSmall: number
  costVerify: number
}

/** The table when each bucket counts as often as it was drawn. */
export function weighCells(grid: CellGrid, weights: ArrayLike<number>, into: WeighedTable): void {
  const { ends, bucketOf, cells, hasCosts } = grid
  const { table } = into
  for (let bin = -1, i = 0; bin < ends.length - 1; bin++) {
    const end = ends[bin + 1]
    let [rows, small, gain, wrong, better] = [0, 0, 0, 0, 0]
    for (; i < end; i++) {
      const weight = weights[bucketOf[i]]
      rows += weight * cells.rows[i]
      small += weight * cells.small[i]
      gain += weight * cells.gain[i]
      wrong += weight * cells.wrong[i]
      better += weight * cells.better[i]
    }
    if (bin < 0) Object.assign(table.missing, { rows, small, gain, wrong, better })
    else {
      table.rows[bin] = rows
      table.small[bin] = small
      table.gain[bin] = gain
      table.wrong[bin] = wrong
      table.better[bin] = better
    }
  }
  if (hasCosts) weighCosts(grid, weights, into)
}

function weighCosts({ ends, bucketOf, cells }: CellGrid, weights: ArrayLike<number>, into: WeighedTable): void {
  let [costSmall, costVerify] = [0, 0]
  for (let bin = -1, i = 0; bin < ends.length - 1; bin++) {
    let paid = 0
    for (const end = ends[bin + 1]; i < end; i++) {
      const weight = weights[bucketOf[i]]
      paid += weight * cells.extraCost[i]
      costSmall += weight * cells.costSmall[i]
      costVerify += weight * cells.costVerify[i]
    }
    if (bin < 0) into.table.missing.extraCost = paid
    else into.table.extraCost[bin] = paid
  }
  Object.assign(into, { costSmall, costVerify })
}

export function emptyWeighedTable({ bits, least, most }: CellGrid): WeighedTable {
  const column = () => new Float64Array(least.length)
  const missing = { rows: 0, small: 0, gain: 0, upside: 0, extraCost: 0, wrong: 0, better: 0 }
  const sums = { rows: column(), small: column(), gain: column(), upside: column(), extraCost: column() }
  return {
    table: { bits, least, most, missing, ...sums, wrong: column(), better: column() },
    costSmall: 0,
    costVerify: 0,
  }
}
