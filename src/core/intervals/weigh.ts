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
  /** Where rows, gap, area and qualitySmall are summed up, and what they were before the cut at hand. */
  totals: Float64Array
  before: Float64Array
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
  totals: new Float64Array(4),
  before: new Float64Array(4),
})

/**
 * One pass over the presorted rows: no resample is sorted again. `cuts` are positions in the order, ascending, each at
 * the end of a run; a cut escalates what comes before it.
 */
export function weigh(ordered: Ordered, weights: Weights, cuts: Uint32Array, into: WeighedCurve): void {
  const { totals, before, deciles } = into
  const positions = decileRows(ordered, weights)
  totals.fill(0)
  let decile = 0
  for (let cut = 0, from = 0; cut <= cuts.length; cut++) {
    const to = cut < cuts.length ? cuts[cut] : ordered.gain.length
    before.set(totals)
    add(ordered, weights, from, to, totals)
    if (totals[0] > positions[decile]) {
      // A decile lies in here, at the first run that reaches it: once more, run by run.
      totals.set(before)
      for (let start = from; start < to;) {
        const end = endOfRun(ordered, start)
        add(ordered, weights, start, end, totals)
        start = end
        for (; totals[0] > positions[decile]; decile++) {
          deciles.escalated[decile] = totals[0]
          deciles.gain[decile] = totals[1]
        }
      }
    }
    from = to
    if (cut === cuts.length) break
    into.escalated[cut] = totals[0]
    into.gain[cut] = totals[1]
  }
  into.rows = totals[0]
  into.gap = totals[1]
  into.area = totals[2]
  into.qualitySmall = totals[3]
  weighCosts(ordered, weights, cuts, into)
}

const add = (ordered: Ordered, weights: Weights, from: number, to: number, totals: Float64Array): void =>
  ordered.runs === undefined
    ? addRows(ordered, weights, from, to, totals)
    : addRuns(ordered, ordered.runs, weights, from, to, totals)

/**
 * Adds rows of which no two have one value to rows, gap, area and qualitySmall. The sums pass through a short array,
 * and this loop stands alone: with more in it, or with fields for sums, it takes two to five times as long.
 */
function addRows(
  { groups, gain, small }: Ordered,
  weights: Weights,
  from: number,
  to: number,
  totals: Float64Array,
): void {
  let rows = totals[0]
  let gap = totals[1]
  let area = totals[2]
  let qualitySmall = totals[3]
  for (let i = from; i < to; i++) {
    const weight = weights[groups[i]]
    const gained = weight * gain[i]
    area += weight * (gap + gained / 2)
    gap += gained
    rows += weight
    qualitySmall += weight * small[i]
  }
  totals[0] = rows
  totals[1] = gap
  totals[2] = area
  totals[3] = qualitySmall
}

/** The same where values repeat: rows of one value escalate together. */
function addRuns(
  { groups, gain, small }: Ordered,
  runs: Uint32Array,
  weights: Weights,
  from: number,
  to: number,
  totals: Float64Array,
): void {
  for (let run = firstAbove(runs, from), i = from; i < to; run++) {
    let tied = 0
    let gained = 0
    let qualitySmall = 0
    for (const end = runs[run]; i < end; i++) {
      const weight = weights[groups[i]]
      tied += weight
      gained += weight * gain[i]
      qualitySmall += weight * small[i]
    }
    totals[2] += tied * (totals[1] + gained / 2)
    totals[1] += gained
    totals[0] += tied
    totals[3] += qualitySmall
  }
}

const endOfRun = ({ runs }: Ordered, from: number): number =>
  runs === undefined ? from + 1 : runs[firstAbove(runs, from)]

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

/**
 * After how many escalated rows each decile of the signal is passed, and then never; rows without the signal
 * escalate first.
 */
function decileRows({ groups, missing, present }: Ordered, weights: Weights): Float64Array {
  let before = 0
  for (let i = 0; i < missing; i++) before += weights[groups[i]]
  const rows =
    present === undefined ? (totalOf(weights) / weights.length) * (groups.length - missing) : weighted(weights, present)
  const positions = new Float64Array(10).fill(Infinity)
  for (let k = 0; k < 9; k++) positions[k] = before + Math.floor(((rows - 1) * (k + 1)) / 10 + 1e-9)
  return positions
}

function totalOf(weights: Weights): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i]
  return total
}

function weighted(weights: Weights, counts: Uint32Array): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i] * counts[i]
  return total
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
