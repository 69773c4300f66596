import { amountAt, type Amount, type Costs } from '../outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { always, condition, keepWhen, type Policy } from '../policy/policy.ts'
import { argsort } from '../stats/argsort.ts'
import { baselines, type Baselines } from './baselines.ts'
import { operatingPoint, type OperatingPoint } from './operating-point.ts'

/** A signal's rows from least to most certain; `keys` are its values, negated where lower is more certain. */
export interface SortedSignal {
  column: SignalColumn
  keys: Float64Array
  rows: Uint32Array
}

/** One sort serves the curve, its metrics and every resampling of them. Rows without the signal are left out. */
export const sortSignal = (column: SignalColumn): SortedSignal => ({
  column,
  ...argsort(column.values, column.direction === 'higher' ? 1 : -1),
})

/** A signal's threshold as it is written, from a key of its sorted form and back. */
export const fromKey = (column: { direction: 'higher' | 'lower' }, key: number): number =>
  column.direction === 'higher' ? key : 0 - key

/** All operating points of one policy family, from "keep everything" to "escalate everything", in columns. */
export interface Curve {
  signal: string
  direction: 'higher' | 'lower'
  base: Baselines
  length: number
  /** Threshold of each point; NaN at the two ends, which are `always` policies. */
  thresholds: Float64Array
  kept: Uint32Array
  /** Σ (quality_large - quality_small) over the escalated rows. */
  gain: Float64Array
  /** Σ cost_large over the escalated rows; one number where every row's is the same: the cost of one. */
  extraCost: Amount
  missing: number
  distinct: number
  /** The least and most certain values seen; none: no signal. */
  range?: { least: number; most: number }
}

/**
 * Every operating point of thresholding one signal: one for each distinct value, plus escalating everything, plus,
 * where the signal is missing somewhere, keeping all but those rows. Equal values move together.
 * One sort and one pass of compensated running sums.
 */
export function exactCurve(outcomes: Outcomes, sorted: SortedSignal, costs: Costs): Curve {
  const { column, keys, rows: order } = sorted
  const { name: signal, direction } = column
  const { rows } = outcomes
  const base = baselines(outcomes, costs, column.verification === true)
  const missing = rows - keys.length
  let distinct = keys.length === 0 ? 0 : 1
  for (let i = 1; i < keys.length; i++) if (keys[i] !== keys[i - 1]) distinct++

  const length = 2 + (missing > 0 && distinct > 0 ? 1 : 0) + Math.max(0, distinct - 1)
  const thresholds = new Float64Array(length)
  thresholds[0] = thresholds[length - 1] = NaN
  const kept = new Uint32Array(length)
  kept[0] = rows
  let point = 1
  for (let i = 0; i < keys.length; i++) {
    if (i === 0 ? missing === 0 : keys[i] === keys[i - 1]) continue
    thresholds[point] = fromKey(column, keys[i])
    kept[point++] = keys.length - i
  }

  // Rows in the order in which they escalate: those without the signal, then from the least certain on.
  const absent = missing > 0 ? rowsWithout(column) : new Uint32Array(0)
  const [small, large] = [outcomes.small.quality, outcomes.large.quality]
  const gain = runningSums(kept, absent, order, (list, from, buffer) => {
    for (let i = 0; i < buffer.length; i++) buffer[i] = large[list[from + i]] - small[list[from + i]]
  })
  const perRow = costs.large
  const extraCost =
    typeof perRow === 'number'
      ? perRow
      : runningSums(kept, absent, order, (list, from, buffer) => {
          for (let i = 0; i < buffer.length; i++) buffer[i] = perRow[list[from + i]]
        })
  // The far end is the large model's own figures, to the last digit.
  gain[length - 1] = base.gap
  if (typeof extraCost !== 'number') extraCost[length - 1] = base.costLarge
  const range =
    distinct > 0 ? { least: fromKey(column, keys[0]), most: fromKey(column, keys[keys.length - 1]) } : undefined
  return { signal, direction, base, length, thresholds, kept, gain, extraCost, missing, distinct, range }
}

function rowsWithout({ values }: SignalColumn): Uint32Array {
  const rows: number[] = []
  for (let row = 0; row < values.length; row++) if (!Number.isFinite(values[row])) rows.push(row)
  return Uint32Array.from(rows)
}

/** Values of the rows `list[from]`, `list[from + 1]`, … into the whole buffer. */
type Gather = (list: Uint32Array, from: number, buffer: Float64Array) => void

/**
 * The sum of a value over the rows that each point escalates: Neumaier's sum (stats/sum.ts), read off at every point.
 * Rows lie all over the memory: gathering a block of them without anything else in the loop lets their loads overlap.
 */
function runningSums(kept: Uint32Array, absent: Uint32Array, order: Uint32Array, gather: Gather): Float64Array {
  const sums = new Float64Array(kept.length)
  const block = new Float64Array(4096)
  let total = 0
  let lost = 0
  let point = 1
  let left = kept[0] // rows not escalated yet
  for (const list of [absent, order]) {
    for (let start = 0; start < list.length; start += block.length) {
      const values = block.subarray(0, Math.min(block.length, list.length - start))
      gather(list, start, values)
      for (let i = 0; i < values.length; i++) {
        if (kept[point] === left) sums[point++] = total + lost
        const value = values[i]
        const next = total + value
        lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
        total = next
        left--
      }
    }
  }
  return sums
}

/** Σ cost_large over the rows that point `i` escalates. */
export const extraCostAt = (curve: Curve, i: number): number =>
  typeof curve.extraCost === 'number'
    ? curve.extraCost * (curve.base.rows - curve.kept[i])
    : amountAt(curve.extraCost, i)

/** The policy of point `i`: its threshold, or at an end one action for everything. */
export function policyAt(curve: Curve, i: number): Policy {
  const threshold = curve.thresholds[i]
  if (!Number.isNaN(threshold)) return keepWhen([condition(curve.signal, curve.direction, threshold)])
  return always(i === 0 ? 'keep' : 'escalate')
}

/** Everything that point `i` gives. */
export const pointAt = (curve: Curve, i: number): OperatingPoint =>
  operatingPoint(curve.base, policyAt(curve, i), {
    kept: curve.kept[i],
    gain: curve.gain[i],
    extraCost: extraCostAt(curve, i),
  })

/** Each point of a curve in turn, from "keep everything" on. */
export function* points(curve: Curve): Generator<OperatingPoint> {
  for (let i = 0; i < curve.length; i++) yield pointAt(curve, i)
}

/** A curve as a broken line of mean quality over the mean cost of the cascade, which its ends pay too. */
export function qualityOverCost(curve: Curve): { x: Float64Array; y: Float64Array } {
  const { base, length } = curve
  const x = new Float64Array(length)
  const y = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    x[i] = (base.costSmall + base.costVerify + extraCostAt(curve, i)) / base.rows
    y[i] = (base.qualitySmall + curve.gain[i]) / base.rows
  }
  return { x, y }
}
