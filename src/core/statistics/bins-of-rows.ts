import { amountAt, type Amount } from '../outcomes/costs.ts'
import { EXACT_BITS, edgeOf } from './bin-key.ts'
import { tableOf, type BinTable, type LooseBins } from './bin-table.ts'

/** Columns from which bins are made; `keys` are a signal's values, negated where lower is more certain. */
export interface BinnedRows {
  keys: ArrayLike<number>
  small: ArrayLike<number>
  large: ArrayLike<number>
  /** The number of a call, the same for all, is no part of the sums. */
  costLarge: Amount
  wrongBelow: number
}

/** The table of rows that are in memory. */
export function binsOfRows({ keys, small, large, costLarge, wrongBelow }: BinnedRows, bits: number): BinTable {
  const places = new Map<number, number>()
  for (let row = 0; row < keys.length; row++) {
    const edge = placeOf(keys[row], bits)
    if (!places.has(edge)) places.set(edge, places.size)
  }
  const column = () => new Float64Array(places.size)
  const bins: LooseBins = {
    least: column().fill(Infinity),
    most: column().fill(-Infinity),
    rows: column(),
    small: column(),
    gain: column(),
    upside: column(),
    extraCost: column(),
    wrong: column(),
    better: column(),
  }
  for (let row = 0; row < keys.length; row++) {
    const bin = places.get(placeOf(keys[row], bits))!
    const gain = large[row] - small[row]
    if (Number.isFinite(keys[row])) {
      bins.least[bin] = Math.min(bins.least[bin], keys[row])
      bins.most[bin] = Math.max(bins.most[bin], keys[row])
    }
    bins.rows[bin]++
    bins.small[bin] += small[row]
    bins.gain[bin] += gain
    bins.upside[bin] += Math.max(0, gain)
    if (typeof costLarge !== 'number') bins.extraCost[bin] += amountAt(costLarge, row)
    if (small[row] < wrongBelow) bins.wrong[bin]++
    if (gain > 0) bins.better[bin]++
  }
  return tableOf([bins], bits)
}

/** Rows without a finite value share a place of their own. */
const placeOf = (key: number, bits: number): number =>
  Number.isFinite(key) ? edgeOf(key, Math.min(bits, EXACT_BITS)) : NaN
