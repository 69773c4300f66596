import { paysVerification, type Amount, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import type { Weights } from '../stats/bootstrap.ts'
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
  /** Rows of each group that have the signal. */
  present: Uint32Array
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
    present,
  }
}

/** What a curve is made of under some weights of the groups. */
export interface WeighedCurve {
  rows: number
  qualitySmall: number
  costSmall: number
  costLarge: number
  costVerify: number
  gap: number
  /** Area under the gain over the escalated rows, by the trapezoid rule over every threshold there is. */
  area: number
  /** At each cut: escalated rows, Σ gain and Σ cost_large over them. */
  escalated: Float64Array
  gain: Float64Array
  extraCost: Float64Array
  /** The same at the signal's deciles, which move with the weights: RouteLLM's eleven thresholds. */
  deciles: { escalated: Float64Array; gain: Float64Array }
}

export const emptyWeighed = (cuts: number): WeighedCurve => ({
  rows: 0,
  qualitySmall: 0,
  costSmall: 0,
  costLarge: 0,
  costVerify: 0,
  gap: 0,
  area: 0,
  escalated: new Float64Array(cuts),
  gain: new Float64Array(cuts),
  extraCost: new Float64Array(cuts),
  deciles: { escalated: new Float64Array(9), gain: new Float64Array(9) },
})

/** More rows than there can be; a whole number, which keeps the loops' comparison one of whole numbers. */
const NEVER = 2 ** 30

/**
 * One pass over the presorted rows: no resample is sorted again. `cuts` are positions in the order, ascending, each at
 * the end of a run; a cut escalates what comes before it.
 */
export function weigh(ordered: Ordered, weights: Weights, cuts: Uint32Array, into: WeighedCurve): void {
  into.rows = into.gap = into.area = into.qualitySmall = 0
  const deciles = decileRows(ordered, weights)
  let from = 0
  for (let cut = 0, decile = 0; cut <= cuts.length; cut++) {
    const to = cut < cuts.length ? cuts[cut] : ordered.gain.length
    while (from < to) {
      // A decile lies at the first run that reaches it.
      const stopAt = decile < 9 ? deciles[decile] : NEVER
      from =
        ordered.runs === undefined
          ? weighRows(ordered, weights, from, to, stopAt, into)
          : weighRuns(ordered, weights, from, to, stopAt, into)
      while (decile < 9 && into.rows > deciles[decile]) {
        into.deciles.escalated[decile] = into.rows
        into.deciles.gain[decile++] = into.gap
      }
    }
    if (cut === cuts.length) break
    into.escalated[cut] = into.rows
    into.gain[cut] = into.gap
  }
  weighCosts(ordered, weights, cuts, into)
}

/** Adds rows from `from` to `to`, no two of one value, until more than `stopAt` rows escalate; gives where it stopped. */
function weighRows(
  { groups, gain, small }: Ordered,
  weights: Weights,
  from: number,
  to: number,
  stopAt: number,
  into: WeighedCurve,
): number {
  let { rows, gap, area, qualitySmall } = into
  let i = from
  for (; i < to && rows <= stopAt; i++) {
    const weight = weights[groups[i]]
    const gained = weight * gain[i]
    area += weight * (gap + gained / 2)
    gap += gained
    rows += weight
    qualitySmall += weight * small[i]
  }
  into.rows = rows
  into.gap = gap
  into.area = area
  into.qualitySmall = qualitySmall
  return i
}

/** The same where values repeat: rows of one value escalate together. */
function weighRuns(
  { groups, gain, small, runs }: Ordered,
  weights: Weights,
  from: number,
  to: number,
  stopAt: number,
  into: WeighedCurve,
): number {
  let { rows, gap, area, qualitySmall } = into
  let i = from
  let run = firstAbove(runs!, from)
  while (i < to && rows <= stopAt) {
    const end = runs![run++]
    let [tied, gained] = [0, 0]
    for (; i < end; i++) {
      const weight = weights[groups[i]]
      tied += weight
      gained += weight * gain[i]
      qualitySmall += weight * small[i]
    }
    area += tied * (gap + gained / 2)
    gap += gained
    rows += tied
  }
  into.rows = rows
  into.gap = gap
  into.area = area
  into.qualitySmall = qualitySmall
  return i
}

/** The first of ascending positions that is above `position`. */
function firstAbove(positions: Uint32Array, position: number): number {
  let [low, high] = [0, positions.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (positions[middle] > position) high = middle
    else low = middle + 1
  }
  return low
}

/** After how many escalated rows each decile of the signal is passed; rows without the signal escalate first. */
function decileRows({ groups, missing, present }: Ordered, weights: Weights): number[] {
  let before = 0
  for (let i = 0; i < missing; i++) before += weights[groups[i]]
  let rows = 0
  for (let group = 0; group < weights.length; group++) rows += weights[group] * present[group]
  return Array.from({ length: 9 }, (_, k) => before + Math.floor(((rows - 1) * (k + 1)) / 10 + 1e-9))
}

/** Costs that differ by row are weighed on their own; others follow from the rows. */
function weighCosts(
  { groups, costSmall, costLarge, costVerify }: Ordered,
  weights: Weights,
  cuts: Uint32Array,
  into: WeighedCurve,
): void {
  const total = (amount: Amount): number => {
    if (typeof amount === 'number') return amount * into.rows
    let paid = 0
    for (let i = 0; i < amount.length; i++) paid += weights[groups[i]] * amount[i]
    return paid
  }
  into.costSmall = total(costSmall)
  into.costVerify = total(costVerify)
  into.costLarge = total(costLarge)
  if (typeof costLarge === 'number') {
    for (let cut = 0; cut < cuts.length; cut++) into.extraCost[cut] = into.escalated[cut] * costLarge
    return
  }
  let paid = 0
  for (let cut = 0, i = 0; cut < cuts.length; cut++) {
    for (; i < cuts[cut]; i++) paid += weights[groups[i]] * costLarge[i]
    into.extraCost[cut] = paid
  }
}

/** At most `count` positions of a curve's order at which a threshold lies, spread evenly over the rows, ends included. */
export function cutsOf(curve: Curve, count: number): { points: Uint32Array; cuts: Uint32Array } {
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
  return { points: Uint32Array.from(points), cuts: Uint32Array.from(points, (i) => rows - curve.kept[i]) }
}
