import { bootstrap, type BootstrapOptions, type Statistic } from '../../core/stats/bootstrap.ts'
import { estimateAt } from '../../core/stats/interval.ts'
import type { Work } from '../../core/stats/work.ts'
import type { Outcomes } from '../../core/outcomes/outcomes.ts'
import { fromKey, type SortedSignal } from '../../core/sweep/curve.ts'
import { valueWithRange } from './columns.ts'
import type { Decile } from './figure-data.ts'

const BINS = 10

/**
 * Where bins end among the rows from the least to the most certain: nearest to each tenth of them, but never inside a
 * run of equal values.
 */
export function binEnds(keys: Float64Array): number[] {
  const rows = keys.length
  const ends: number[] = []
  for (let k = 1; k < BINS; k++) {
    const end = nearestEnd(keys, (rows * k) / BINS)
    if (end > (ends.at(-1) ?? 0) && end < rows) ends.push(end)
  }
  return rows === 0 ? [] : [...ends, rows]
}

/** The end of a run that is nearest to a position; of two as near, the first. */
function nearestEnd(keys: Float64Array, position: number): number {
  let before = Math.floor(position)
  while (before > 0 && keys[before - 1] === keys[before]) before--
  let after = Math.ceil(position)
  while (after > 0 && after < keys.length && keys[after - 1] === keys[after]) after++
  return position - before <= after - position ? before : after
}

/** Sums by bin and group: all that a resample has to weigh. */
interface BinSums {
  bins: number
  bin: Uint32Array
  group: Uint32Array
  rows: Float64Array
  right: Float64Array
  gain: Float64Array
}

function binSums(
  { groups, small, large }: Outcomes,
  order: Uint32Array,
  ends: readonly number[],
  isWrong: (row: number) => boolean,
): BinSums {
  const sums: BinSums = {
    bins: ends.length,
    bin: new Uint32Array(order.length),
    group: new Uint32Array(order.length),
    rows: new Float64Array(order.length),
    right: new Float64Array(order.length),
    gain: new Float64Array(order.length),
  }
  /** Where a group's sums in the present bin stand, plus 1. */
  const places = new Uint32Array(groups.count)
  let [used, first] = [0, 0]
  for (let i = 0, bin = 0; i < order.length; i++) {
    if (i === ends[bin]) {
      bin++
      first = used
    }
    const row = order[i]
    const group = groups.codes[row]
    // A place of an earlier bin is no place of this one.
    if (places[group] <= first) {
      sums.bin[used] = bin
      sums.group[used] = group
      places[group] = ++used
    }
    const at = places[group] - 1
    sums.rows[at]++
    if (!isWrong(row)) sums.right[at]++
    sums.gain[at] += large.quality[row] - small.quality[row]
  }
  const { bins, bin, group, rows, right, gain } = sums
  const cut = <T extends Uint32Array | Float64Array>(column: T) => column.subarray(0, used) as T
  return { bins, bin: cut(bin), group: cut(group), rows: cut(rows), right: cut(right), gain: cut(gain) }
}

/** By bin the share of right small answers, then by bin the mean gain; a bin of which nothing was drawn: no value. */
export function binMeans(
  outcomes: Outcomes,
  order: Uint32Array,
  ends: readonly number[],
  isWrong: (row: number) => boolean,
): Statistic {
  const { bins, bin, group, rows, right, gain } = binSums(outcomes, order, ends, isWrong)
  const totals = new Float64Array(bins)
  return {
    size: 2 * bins,
    compute(weights, into) {
      totals.fill(0)
      into.fill(0)
      for (let i = 0; i < bin.length; i++) {
        const weight = weights[group[i]]
        if (weight === 0) continue
        const at = bin[i]
        totals[at] += weight * rows[i]
        into[at] += weight * right[i]
        into[bins + at] += weight * gain[i]
      }
      for (let k = 0; k < into.length; k++) into[k] /= totals[k % bins] // 0 / 0: NaN
    },
  }
}

/** Rows of about the same certainty, with intervals of their means by resampling whole groups. */
export function* decilesOf(
  outcomes: Outcomes,
  { column, keys, rows }: SortedSignal,
  isWrong: (row: number) => boolean,
  { confidence, ...options }: BootstrapOptions & { confidence: number },
): Work<Decile[]> {
  const ends = binEnds(keys)
  const bins = ends.length
  if (bins === 0) return []
  const result = yield* bootstrap(outcomes.groups.count, binMeans(outcomes, rows, ends, isWrong), options)
  return ends.map((end, k): Decile => {
    const from = ends[k - 1] ?? 0
    const values = [fromKey(column, keys[from]), fromKey(column, keys[end - 1])]
    const mean = (at: number) => {
      const { value, ...range } = valueWithRange(estimateAt(result, at, confidence))
      return { value: value!, ...range }
    }
    return {
      from: Math.min(...values),
      to: Math.max(...values),
      rows: end - from,
      right: mean(k),
      gain: mean(bins + k),
    }
  })
}
