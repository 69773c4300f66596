import { argsort } from '../stats/argsort.ts'
import { edgeOf } from './bin-key.ts'

/** What is summed up over the rows of a bin. All of it can be added, so that parts make a whole in any order. */
export const binSums = ['rows', 'small', 'gain', 'upside', 'extraCost', 'wrong', 'better'] as const
export type BinSum = (typeof binSums)[number]

/** Sums over some rows. `extraCost` stays 0 where every row's large call costs the same. */
export interface BinColumns extends Record<BinSum, Float64Array> {
  /** Rows. */
  rows: Float64Array
  /** Σ quality_small. */
  small: Float64Array
  /** Σ (quality_large - quality_small), and the same of rows in which it is above 0. */
  gain: Float64Array
  upside: Float64Array
  /** Σ cost_large. */
  extraCost: Float64Array
  /** Rows in which the small answer's quality is below the cut, and in which the large answer is better. */
  wrong: Float64Array
  better: Float64Array
}

/**
 * The sufficient statistics of a sweep: what rows of equal or near values of a signal add up to, from the least certain
 * on. Sparse: only bins that hold rows. Two tables of one signal add up to that of both their rows.
 */
export interface BinTable extends BinColumns {
  /** How many leading bits of the key the rows of a bin share (`bin-key.ts`). */
  bits: number
  /**
   * The least and most certain value in each bin, negated where lower is more certain; ascending. Where only edges were
   * asked for, both are the lowest value that fits the bin.
   */
  least: Float64Array
  most: Float64Array
  /** The same sums over the rows without the signal. */
  missing: Record<BinSum, number>
}

/** Partial sums in any order, such as an engine returns them: a bin may come several times; no finite value: missing. */
export interface LooseBins extends BinColumns {
  least: Float64Array
  most: Float64Array
}

const noSums = (): Record<BinSum, number> => ({
  rows: 0,
  small: 0,
  gain: 0,
  upside: 0,
  extraCost: 0,
  wrong: 0,
  better: 0,
})

/** Sorts partial sums into one table, adding up those of one bin. */
export function tableOf(parts: readonly LooseBins[], bits: number): BinTable {
  const missing = noSums()
  const all = parts.length === 1 ? parts[0] : joined(parts)
  // Edges ascend with the values, so that sorting by these brings the parts of a bin together.
  const { keys, rows: order } = argsort(all.least)
  if (order.length < all.rows.length)
    for (let at = 0; at < all.rows.length; at++)
      if (!Number.isFinite(all.least[at])) for (const name of binSums) missing[name] += all[name][at]

  // Which bin each of the parts belongs to, in their order.
  const places = new Uint32Array(order.length)
  const [least, most] = [column(order.length), column(order.length)]
  let bin = -1
  let edge = NaN
  for (let i = 0; i < order.length; i++) {
    const here = edgeOf(keys[i], bits)
    const high = all.most[order[i]] + 0
    if (here !== edge) {
      edge = here
      bin++
      least[bin] = keys[i]
      most[bin] = high
    } else if (high > most[bin]) most[bin] = high
    places[i] = bin
  }
  const count = bin + 1
  const sums = columns(count)
  for (const name of binSums) {
    const [from, to] = [all[name], sums[name]]
    for (let i = 0; i < order.length; i++) to[places[i]] += from[order[i]]
  }
  return { bits, missing, least: least.subarray(0, count), most: most.subarray(0, count), ...sums }
}

function joined(parts: readonly LooseBins[]): LooseBins {
  const length = parts.reduce((sum, part) => sum + part.rows.length, 0)
  const all: LooseBins = { least: column(length), most: column(length), ...columns(length) }
  let at = 0
  for (const part of parts) {
    for (const name of ['least', 'most', ...binSums] as const) all[name].set(part[name], at)
    at += part.rows.length
  }
  return all
}

/** The table of all rows from those of parts of them; of different resolutions, at the coarsest. */
export function addTables(tables: readonly BinTable[]): BinTable {
  const bits = Math.min(...tables.map((table) => table.bits))
  const sum = tableOf(tables, bits)
  for (const { missing } of tables) for (const name of binSums) sum.missing[name] += missing[name]
  return sum
}

/** The same rows in coarser bins. */
export const coarsen = (table: BinTable, bits: number): BinTable =>
  addTables([{ ...table, bits: Math.min(bits, table.bits) }])

/** What is picked of every column. */
export const pickBins = (table: LooseBins, pick: (list: Float64Array) => Float64Array): LooseBins => ({
  least: pick(table.least),
  most: pick(table.most),
  rows: pick(table.rows),
  small: pick(table.small),
  gain: pick(table.gain),
  upside: pick(table.upside),
  extraCost: pick(table.extraCost),
  wrong: pick(table.wrong),
  better: pick(table.better),
})

/** Puts the rows of some bins, value by value, in the place of these bins; `opened` holds all of their rows. */
export function refine(table: BinTable, bins: ReadonlySet<number>, opened: BinTable): BinTable {
  const kept = new Uint32Array(table.rows.length - bins.size)
  let count = 0
  for (let bin = 0; bin < table.rows.length; bin++) if (!bins.has(bin)) kept[count++] = bin
  const rest: LooseBins = pickBins(table, (list) => {
    const picked = column(count)
    for (let i = 0; i < count; i++) picked[i] = list[kept[i]]
    return picked
  })
  // With 64 bits nothing is added up: bins of several values stay what they are between those of one.
  const sum = tableOf([rest, opened], 64)
  return { ...sum, bits: table.bits, missing: table.missing }
}

/** Whether a bin holds more than one value, so that it stands for thresholds that it does not show. */
export const isMixed = (table: BinTable, bin: number): boolean => table.least[bin] < table.most[bin]

/** The bins that hold more than one value. */
export function mixedBins(table: BinTable): number[] {
  const found: number[] = []
  for (let bin = 0; bin < table.rows.length; bin++) if (isMixed(table, bin)) found.push(bin)
  return found
}

/** The value from which on a bin's rows are kept, as a key: its one value, or its fixed edge. */
export const thresholdKey = (table: BinTable, bin: number): number =>
  isMixed(table, bin) ? edgeOf(table.least[bin], table.bits) : table.least[bin]

/** Rows of every kind. */
export function allRows(table: BinTable): number {
  let rows = table.missing.rows
  for (const count of table.rows) rows += count
  return rows
}

const column = (length: number): Float64Array => new Float64Array(length)

const columns = (length: number): BinColumns => ({
  rows: column(length),
  small: column(length),
  gain: column(length),
  upside: column(length),
  extraCost: column(length),
  wrong: column(length),
  better: column(length),
})
