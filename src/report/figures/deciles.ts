import { bootstrap, type BootstrapOptions, type Statistic, type Weights } from '../../core/stats/bootstrap.ts'
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

/** Sums by group within each bin: all that a resample has to weigh. */
interface BinSums {
  /** Where the sums of each bin end. */
  ends: Uint32Array
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
    ends: new Uint32Array(ends.length),
    group: new Uint32Array(order.length),
    rows: new Float64Array(order.length),
    right: new Float64Array(order.length),
    gain: new Float64Array(order.length),
  }
  /** Where a group's sums were last put, plus 1: in the present bin, or in an earlier one. */
  const places = new Uint32Array(groups.count)
  let used = 0
  for (let bin = 0, i = 0; bin < ends.length; bin++) {
    const first = used
    for (; i < ends[bin]; i++) {
      const row = order[i]
      const group = groups.codes[row]
      if (places[group] <= first) {
        sums.group[used] = group
        places[group] = ++used
      }
      const at = places[group] - 1
      sums.rows[at]++
      if (!isWrong(row)) sums.right[at]++
      sums.gain[at] += large.quality[row] - small.quality[row]
    }
    sums.ends[bin] = used
  }
  return sums
}

/** By bin the share of right small answers, then by bin the mean gain; a bin of which nothing was drawn: no value. */
export function binMeans(
  outcomes: Outcomes,
  order: Uint32Array,
  ends: readonly number[],
  isWrong: (row: number) => boolean,
): Statistic {
  const sums = binSums(outcomes, order, ends, isWrong)
  return {
    size: 2 * ends.length,
    compute(weights, into) {
      for (let bin = 0, from = 0; bin < ends.length; from = sums.ends[bin++]) weighBin(sums, bin, from, weights, into)
    },
  }
}

/** The means of one bin under some weights; this loop stands alone, as resampling spends its time in it. */
function weighBin(
  { ends, group, rows, right, gain }: BinSums,
  bin: number,
  from: number,
  weights: Weights,
  into: Float64Array,
): void {
  let [total, rightTotal, gainTotal] = [0, 0, 0]
  for (let i = from; i < ends[bin]; i++) {
    const weight = weights[group[i]]
    total += weight * rows[i]
    rightTotal += weight * right[i]
    gainTotal += weight * gain[i]
  }
  into[bin] = rightTotal / total // 0 / 0: NaN
  into[ends.length + bin] = gainTotal / total
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
