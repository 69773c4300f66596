import { paysVerification, type Amount, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import type { Curve, SortedSignal } from '../sweep/curve.ts'

/** A signal's rows in the order in which they escalate, laid out for being weighed again and again. */
export interface Ordered {
  /** The group of each row. */
  groups: Uint32Array
  small: Float64Array
  /** quality_large - quality_small. */
  gain: Float64Array
  /** What calls cost, a number where every row's is the same. */
  costSmall: Amount
  costLarge: Amount
  costVerify: Amount
  /** Rows without the signal, which come first. */
  missing: number
  /** Where the runs of rows with one value end, the run of missing ones included; no ties: absent. */
  runs?: Uint32Array
  /** Rows of each group that have the signal; absent where it is the same number for all. */
  present?: Uint32Array
}

export function orderRows(outcomes: Outcomes, { column, keys, rows }: SortedSignal, costs: Costs): Ordered {
  const { codes, count } = outcomes.groups
  const [small, large] = [outcomes.small.quality, outcomes.large.quality]
  const missing = outcomes.rows - rows.length
  const order = new Uint32Array(outcomes.rows)
  const has = new Uint8Array(outcomes.rows)
  const present = new Uint32Array(count)
  for (const row of rows) {
    has[row] = 1
    present[codes[row]]++
  }
  for (let row = 0, i = 0; row < outcomes.rows; row++) if (has[row] === 0) order[i++] = row
  order.set(rows, missing)
  const amounts = (amount: Amount): Amount =>
    typeof amount === 'number' ? amount : Float64Array.from(order, (row) => amount[row])

  const ends: number[] = missing > 0 ? [missing] : []
  for (let i = 0; i < keys.length; i++) if (keys[i] !== keys[i + 1]) ends.push(missing + i + 1)
  return {
    groups: Uint32Array.from(order, (row) => codes[row]),
    small: Float64Array.from(order, (row) => small[row]),
    gain: Float64Array.from(order, (row) => large[row] - small[row]),
    costSmall: amounts(costs.small),
    costLarge: amounts(costs.large),
    costVerify: paysVerification(costs, column.verification === true) ? amounts(costs.verify) : 0,
    missing,
    runs: ends.length === outcomes.rows ? undefined : Uint32Array.from(ends),
    present: present.every((each) => each === present[0]) ? undefined : present,
  }
}

/**
 * At most `count` positions of a curve's order at which a threshold lies, spread evenly over the rows, ends included,
 * and those of the points asked for by number.
 */
export function cutsOf(
  curve: Curve,
  count: number,
  also: readonly number[] = [],
): { points: Uint32Array; cuts: Uint32Array } {
  const { rows } = curve.base
  const points: number[] = []
  const inner = curve.length
  if (inner <= count) for (let i = 0; i < inner; i++) points.push(i)
  else {
    // The point whose escalated share is the first to reach each step.
    for (let step = 0, i = 0; step < count; step++) {
      const wanted = (rows * step) / (count - 1)
      while (i + 1 < inner && rows - curve.kept[i] < wanted) i++
      if (points[points.length - 1] !== i) points.push(i)
    }
  }
  const all = also.length === 0 ? points : [...new Set([...points, ...also])].toSorted((a, b) => a - b)
  return { points: Uint32Array.from(all), cuts: Uint32Array.from(all, (i) => rows - curve.kept[i]) }
}
