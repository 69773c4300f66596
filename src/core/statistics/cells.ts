import { EXACT_BITS, FEWEST_BITS, edgeOf } from './bin-key.ts'
import { binSums, coarsen, type BinTable, type LooseBins } from './bin-table.ts'

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

/** Sums by bin and bucket: partial sums of bins, each of the groups in one bucket. */
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

/** Cells laid out for being weighed again and again: bins in the order in which they escalate, the missing rows first. */
export interface CellGrid {
  bits: number
  /** Which bucket, from 0 to `bucketCount` - 1, and which bin a cell is of; -1: rows without the signal. */
  bucketOf: Uint16Array
  binOf: Int32Array
  bucketCount: number
  cells: Cells
  least: Float64Array
  most: Float64Array
}

export function gridOfCells(cells: Cells, bits: number, cut = -Infinity): CellGrid {
  const count = cells.rows.length
  const present = Array.from({ length: count }, (_, i) => i).filter((i) => Number.isFinite(cells.least[i]))
  present.sort((a, b) => cells.least[a] - cells.least[b])
  const binOf = new Int32Array(count).fill(-1)
  const [least, most]: [number[], number[]] = [[], []]
  let edge = NaN
  for (const i of present) {
    // Both sides of the cut begin with the same bits.
    const here = edgeOf(cells.least[i], bits)
    const isNew = here !== edge || (cells.least[i] >= cut && least[least.length - 1] < cut)
    edge = here
    if (isNew) {
      least.push(cells.least[i] + 0)
      most.push(cells.most[i] + 0)
    }
    most[most.length - 1] = Math.max(most[most.length - 1], cells.most[i])
    binOf[i] = least.length - 1
  }
  const names = [...new Set(cells.buckets)].toSorted((a, b) => a - b)
  const numbers = new Map(names.map((name, i) => [name, i]))
  return {
    bits,
    bucketOf: Uint16Array.from(cells.buckets, (name) => numbers.get(name)!),
    binOf,
    bucketCount: names.length,
    cells,
    least: Float64Array.from(least),
    most: Float64Array.from(most),
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
  const { cells, bucketOf, binOf } = grid
  const { table } = into
  for (const name of binSums) {
    const [sums, values] = [table[name], cells[name]]
    sums.fill(0)
    let missing = 0
    for (let i = 0; i < values.length; i++) {
      const weighed = weights[bucketOf[i]] * values[i]
      if (binOf[i] < 0) missing += weighed
      else sums[binOf[i]] += weighed
    }
    table.missing[name] = missing
  }
  let [small, verify] = [0, 0]
  for (let i = 0; i < bucketOf.length; i++) {
    small += weights[bucketOf[i]] * cells.costSmall[i]
    verify += weights[bucketOf[i]] * cells.costVerify[i]
  }
  into.costSmall = small
  into.costVerify = verify
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
