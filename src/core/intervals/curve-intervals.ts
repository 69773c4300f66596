import { aiq } from '../metrics/aiq.ts'
import { cascadeRoutingAuc } from '../metrics/cascade-routing.ts'
import { paysVerification, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { trapezoid } from '../stats/area.ts'
import { supTBand, type Band } from '../stats/band.ts'
import { bootstrap, type Bootstrapped, type BootstrapOptions, type Statistic } from '../stats/bootstrap.ts'
import { estimateAt, type Estimate } from '../stats/interval.ts'
import { difference } from '../stats/sum.ts'
import { spread } from '../stats/spread.ts'
import type { Work } from '../stats/work.ts'
import { exactCurve, type Curve, type SortedSignal } from '../sweep/curve.ts'
import { cutsOf, orderRows } from './ordered-rows.ts'
import { emptyWeighed, weigh, type WeighedCurve } from './weigh.ts'

/** A band is over so many thresholds at most. */
export const MAX_BAND_POINTS = 512
/** Areas over the cost rest on so many thresholds where a curve has more: twice as many would take a quarter longer. */
const AREA_POINTS = 256

/** How sure the intervals are to be, and at which points of the curve they are wanted. */
export interface CurveIntervalOptions extends BootstrapOptions {
  /** Default: 0.95. */
  confidence?: number
  /** At how many thresholds, fixed beforehand and spread over the rows, points have intervals: 0 to 512. Default: 101. */
  points?: number
  /** Points of the exact curve, by number, that have intervals beside those. */
  also?: readonly number[]
  /** Whether the points also have intervals of what escalating is worth. Default: no. */
  worth?: boolean
}

/** Areas of a curve, in the order in which they are resampled. */
export const areaNames = ['apgr', 'routeLlmApgr', 'aiq', 'cascadeRoutingAuc'] as const
/** The metrics of a whole curve that have intervals. */
export type AreaName = (typeof areaNames)[number]

/** What escalating is worth at a point, in the order in which it is resampled. */
export const worthNames = ['ibc', 'deltaIbc', 'deltaIbcStandalone', 'saving'] as const
export type WorthName = (typeof worthNames)[number]

/** A curve with its uncertainty: of the areas under it, and of its points, each and all at once. */
export interface CurveIntervals {
  signal: string
  confidence: number
  resamples: number
  seed: number
  groups: number
  areas: Record<AreaName, Estimate>
  /** Which points of the exact curve have intervals. */
  points: Uint32Array
  thresholds: Float64Array
  /** Means per query at those points, with intervals for each alone and bands for all of them at once. */
  quality: PointIntervals
  cost: PointIntervals
  keptShare: PointIntervals
  /** What escalating is worth at those points, where it was asked for; the names are those of `quantities`. */
  worth?: Record<WorthName, Estimate[]>
  /** For paired differences: the areas, in the order of `areaNames`, then the points. */
  bootstrapped: Bootstrapped
}

/** One quantity at points along a curve: each with its own interval, and the band for all at once. */
export interface PointIntervals {
  estimates: Float64Array
  each: Estimate[]
  band: Band
}

/**
 * Cluster bootstrap of a signal's whole curve by weighing the presorted rows anew. Both APGR are exact; areas over the
 * cost (AIQ, cascade routing) are those of all points up to 256, else of 256 or more spread over the rows.
 */
export function* curveIntervals(
  outcomes: Outcomes,
  sorted: SortedSignal,
  costs: Costs,
  options: CurveIntervalOptions = {},
): Work<CurveIntervals> {
  const { confidence = 0.95, worth = false } = options
  const curve = exactCurve(outcomes, sorted, costs)
  const followed = followCurve(outcomes, curve, sorted, costs, options)
  const result = yield* bootstrap(outcomes.groups.count, followed.statistic, options)
  const [apgr, routeLlmApgr, aiqEstimate, auc] = areaNames.map((_, k) => estimateAt(result, k, confidence))
  const { length } = followed.points
  const at = (block: number, most: number): PointIntervals =>
    pointIntervals(result, areaNames.length + block * length, length, confidence, most)
  return {
    signal: curve.signal,
    confidence,
    resamples: result.resamples,
    seed: result.seed,
    groups: result.groups,
    areas: { apgr, routeLlmApgr, aiq: aiqEstimate, cascadeRoutingAuc: auc },
    points: followed.points,
    thresholds: Float64Array.from(followed.points, (i) => curve.thresholds[i]),
    quality: at(0, 1),
    cost: at(1, Infinity),
    keptShare: at(2, 1),
    ...(worth
      ? {
          worth: Object.fromEntries(
            worthNames.map((name, w) => [
              name,
              Array.from({ length }, (_, k) =>
                estimateAt(result, areaNames.length + (POINT_BLOCKS + w) * length + k, confidence),
              ),
            ]),
          ) as Record<WorthName, Estimate[]>,
        }
      : {}),
    bootstrapped: result,
  }
}

/** Quality, cost and kept share. */
const POINT_BLOCKS = 3

/** A band within what is possible at all: from 0 to `most`. */
const clipped = ({ low, high, critical }: Band, most: number): Band => ({
  low: low.map((value) => Math.max(0, value)),
  high: high.map((value) => Math.min(most, value)),
  critical,
})

function pointIntervals(
  result: Bootstrapped,
  from: number,
  count: number,
  confidence: number,
  most: number,
): PointIntervals {
  const estimates = result.estimates.slice(from, from + count)
  const replicates = result.replicates.slice(from, from + count)
  return {
    estimates,
    each: replicates.map((_, k) => estimateAt(result, from + k, confidence)),
    band: clipped(supTBand(estimates, replicates, confidence, result.groups), most),
  }
}

/**
 * A curve as a statistic of weighted groups: its areas, then quality, cost and kept share at the points followed, then
 * what escalating is worth there, where that is asked for.
 */
export function followCurve(
  outcomes: Outcomes,
  curve: Curve,
  sorted: SortedSignal,
  costs: Costs,
  { points = 101, also = [], worth = false }: Pick<CurveIntervalOptions, 'points' | 'also' | 'worth'> = {},
): { points: Uint32Array; statistic: Statistic } {
  const ordered = orderRows(outcomes, sorted, costs)
  const { points: all, cuts } = cutsOf(curve, Math.max(AREA_POINTS, Math.min(points, MAX_BAND_POINTS)), also)
  const shown = shownOf(all, spread(all.length, Math.min(points, MAX_BAND_POINTS)), also)
  const followed = shown.map((k) => all[k])
  const weighed = emptyWeighed(cuts.length)
  const { thresholds } = curve
  const endsPay = paysVerification(costs, false)
  const { length } = cuts
  const line = { x: new Float64Array(length), y: new Float64Array(length) }
  const compute: Statistic['compute'] = (weights, into) => {
    weigh(ordered, weights, cuts, weighed)
    const { rows, qualitySmall, costSmall, costLarge, costVerify, escalated, gain, extraCost } = weighed
    const everyQuery = (costSmall + costVerify) / rows
    for (let k = 0; k < length; k++) {
      line.x[k] = everyQuery + extraCost[k] / rows
      line.y[k] = (qualitySmall + gain[k]) / rows
    }
    shown.forEach((k, i) => {
      into[areaNames.length + i] = line.y[k]
      // The two ends read no signal, as in the sweep; the areas carry the family's cost to its ends.
      const unpaid = Number.isNaN(thresholds[all[k]]) && !endsPay ? costVerify / rows : 0
      into[areaNames.length + shown.length + i] = line.x[k] - unpaid
      into[areaNames.length + 2 * shown.length + i] = 1 - escalated[k] / rows
    })
    if (worth) worthAt(weighed, shown, (k) => Number.isNaN(thresholds[all[k]]), endsPay, into)
    // As in the sweep: a gap that is only the rounding of sums is none.
    const hasGap = difference(qualitySmall + weighed.gap, qualitySmall) > 0
    into[0] = hasGap ? weighed.area / (rows * weighed.gap) : NaN
    into[1] = hasGap ? routeLlmApgr(weighed) : NaN
    into[2] = aiq(line, { from: line.x[0], to: line.x[length - 1] }) ?? NaN
    into[3] = cascadeRoutingAuc(line, costSmall / rows, costLarge / rows) ?? NaN
  }
  return {
    points: followed,
    statistic: { size: areaNames.length + (POINT_BLOCKS + (worth ? worthNames.length : 0)) * shown.length, compute },
  }
}

/** Which of all points are shown: those that are spread out, and those asked for. */
function shownOf(all: Uint32Array, evenly: Uint32Array, also: readonly number[]): Uint32Array {
  if (also.length === 0) return evenly
  const shown = new Set([...evenly, ...also.map((i) => all.indexOf(i))])
  return Uint32Array.from(shown).toSorted()
}

/** The formulas of `benefit` and `quantities.saving` on weighted sums; resamples are too many for objects. */
function worthAt(
  { qualitySmall, costSmall, costLarge, costVerify, gap: sum, gain, extraCost }: WeighedCurve,
  shown: Uint32Array,
  isEnd: (k: number) => boolean,
  endsPay: boolean,
  into: Float64Array,
): void {
  const from = areaNames.length + POINT_BLOCKS * shown.length
  const n = shown.length
  // A gap that is only the rounding of sums is none.
  const gap = difference(qualitySmall + sum, qualitySmall) === 0 ? 0 : sum
  const base = gap / costLarge
  const baseStandalone = gap / difference(costLarge, costSmall)
  const over = (value: number, reference: number) =>
    Number.isFinite(reference) && reference > 0 ? (100 * difference(value, reference)) / reference : NaN
  const ratio = (a: number, b: number) => (b === 0 ? NaN : a / b)
  shown.forEach((k, i) => {
    const verify = isEnd(k) && !endsPay ? 0 : costVerify
    const ibc = ratio(gain[k], extraCost[k])
    into[from + i] = ibc
    into[from + n + i] = over(ibc, base)
    into[from + 2 * n + i] = over(ratio(gain[k], extraCost[k] + verify), baseStandalone)
    into[from + 3 * n + i] = costLarge === 0 ? NaN : 1 - (costSmall + verify + extraCost[k]) / costLarge
  })
}

/** RouteLLM's APGR from the deciles of the weighted signal. */
function routeLlmApgr({ rows, gap, deciles }: WeighedCurve): number {
  const x = [0, ...deciles.escalated, rows]
  return trapezoid({ x, y: [0, ...deciles.gain, gap] }) / (rows * gap)
}
