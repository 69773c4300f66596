import { metricsOfRuns, type CurveMetrics } from '../metrics/metrics.ts'
import type { Runs } from '../metrics/runs.ts'
import type { Baselines } from '../sweep/baselines.ts'
import { fromKey, type Curve } from '../sweep/curve.ts'
import type { KeyOrder } from '../sweep/grid.ts'
import { thresholdKey, type BinSum, type BinTable } from './bin-table.ts'

/** A signal, as far as a curve names it. */
export interface SignalOfBins {
  name: string
  direction: 'higher' | 'lower'
}

/**
 * The curve that the bins give: a point for each bin, whose threshold is the bin's edge, or its value where it has but
 * one; every point is the exact operating point of its threshold. Where no bin is mixed it is the exact curve.
 * `costLarge` is the one cost of a call; else the bins' own sums count.
 */
export function curveOfBins(signal: SignalOfBins, table: BinTable, base: Baselines, costLarge?: number): Curve {
  const { missing } = table
  const distinct = table.rows.length
  const hasPointBeforeAll = missing.rows > 0 && distinct > 0
  const length = 2 + (hasPointBeforeAll ? 1 : 0) + Math.max(0, distinct - 1)
  const thresholds = new Float64Array(length).fill(NaN)
  const kept = new Uint32Array(length)
  kept[0] = base.rows
  const first = hasPointBeforeAll ? 0 : 1
  let left = base.rows - missing.rows
  for (let bin = 0; bin < distinct; bin++) {
    const point = bin - first + 1
    if (point > 0) {
      thresholds[point] = fromKey(signal, thresholdKey(table, bin))
      kept[point] = left
    }
    left -= table.rows[bin]
  }
  const gain = escalatedSums(table, 'gain', length)
  gain[length - 1] = base.gap
  const extraCost = costLarge ?? escalatedSums(table, 'extraCost', length)
  if (typeof extraCost !== 'number') extraCost[length - 1] = base.costLarge
  const range =
    distinct > 0
      ? { least: fromKey(signal, table.least[0]), most: fromKey(signal, table.most[distinct - 1]) }
      : undefined
  return {
    signal: signal.name,
    direction: signal.direction,
    base,
    length,
    thresholds,
    kept,
    gain,
    extraCost,
    missing: missing.rows,
    distinct,
    range,
  }
}

/** At each point, the sum over the rows that it escalates: those without the signal, then bin after bin (Neumaier). */
function escalatedSums(table: BinTable, name: BinSum, length: number): Float64Array {
  const sums = new Float64Array(length)
  const hasMissing = table.missing.rows > 0
  let total = hasMissing ? table.missing[name] : 0
  let lost = 0
  let point = hasMissing ? 1 : 0
  for (const value of table[name]) {
    if (point > 0) sums[point] = total + lost
    point++
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return sums
}

/** The values of the rows by rank; of a bin with several, the least certain one. */
export function orderOfBins({ direction }: SignalOfBins, table: BinTable): KeyOrder {
  const ends = new Float64Array(table.rows.length)
  let count = 0
  table.rows.forEach((rows, bin) => (ends[bin] = count += rows))
  const at = (rank: number): number => {
    let [low, high] = [0, ends.length - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (ends[middle] > rank) high = middle
      else low = middle + 1
    }
    return rank === count - 1 ? table.most[low] : table.least[low]
  }
  return { direction, count, at }
}

/** Every metric of a curve of bins; `worstFirst` is the table of small qualities over the rows that have the signal. */
export const metricsOfBins = (
  signal: SignalOfBins,
  curve: Curve,
  table: BinTable,
  worstFirst: BinTable,
): CurveMetrics =>
  metricsOfRuns(curve, {
    order: orderOfBins(signal, table),
    wrong: { sizes: table.rows, sums: table.wrong },
    better: { sizes: table.rows, sums: table.better },
    errors: errorsOf(table),
    worstFirst: errorsOf(worstFirst),
  })

const errorsOf = ({ rows, small }: BinTable): Runs => ({
  sizes: rows,
  sums: rows.map((count, bin) => count - small[bin]),
})
