import type { Amount } from '../outcomes/costs.ts'
import type { Weights } from '../stats/bootstrap.ts'
import type { Ordered } from './ordered-rows.ts'

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
  if (present === undefined) {
    for (let group = 0; group < weights.length; group++) rows += weights[group]
    rows *= (groups.length - missing) / weights.length
  } else for (let group = 0; group < weights.length; group++) rows += weights[group] * present[group]
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
