import type { CurveIntervals } from '../../core/intervals/curve-intervals.ts'
import type { Baselines } from '../../core/sweep/baselines.ts'
import { extraCostAt, policyAt, type Curve } from '../../core/sweep/curve.ts'
import { operatingPoint, STABLE_ROWS, type OperatingPoint } from '../../core/sweep/operating-point.ts'
import { always, condition, keepWhen } from '../../core/policy/policy.ts'
import { estimateColumns, rangeColumns } from './columns.ts'
import type { SignalFigure, Stops } from './figure-data.ts'

/** The points of an exact curve at which a reader can stop; their own columns are exact. */
export function stopsOf(curve: Curve, intervals: CurveIntervals): Stops {
  const at = [...intervals.points]
  const worth = intervals.worth!
  const { low, high } = intervals.quality.band
  return {
    threshold: at.map((i) => ('always' in policyAt(curve, i) ? null : curve.thresholds[i])),
    kept: at.map((i) => curve.kept[i]),
    gain: at.map((i) => curve.gain[i]),
    extraCost: at.map((i) => extraCostAt(curve, i)),
    quality: estimateColumns(intervals.quality.each),
    cost: estimateColumns(intervals.cost.each),
    keptShare: estimateColumns(intervals.keptShare.each),
    ibc: estimateColumns(worth.ibc),
    deltaIbc: estimateColumns(worth.deltaIbc),
    deltaIbcStandalone: estimateColumns(worth.deltaIbcStandalone),
    saving: estimateColumns(worth.saving),
    // Where the band has no value its ends are NaN.
    band: rangeColumns(Array.from(low, (each, k) => ({ low: each, high: high[k] }))),
  }
}

/** Everything that a stop gives: the one formula of every operating point. */
export function stopPoint({ signal, direction, base, stops }: StopsOf, stop: number): OperatingPoint {
  const threshold = stops.threshold[stop]
  const end = stops.kept[stop] === base.rows ? 'keep' : 'escalate'
  return operatingPoint(base, threshold === null ? always(end) : keepWhen([condition(signal, direction, threshold)]), {
    kept: stops.kept[stop],
    gain: stops.gain[stop],
    extraCost: stops.extraCost[stop],
  })
}

/** What of a signal its stops need. */
export interface StopsOf extends Pick<SignalFigure, 'signal' | 'direction' | 'stops'> {
  base: Baselines
}

/** The stop with the highest ΔIBC among those that rest on 30 escalated rows or more; none has one: the middle. */
export function openingStop(of: StopsOf): number {
  const count = of.stops.kept.length
  let [best, most] = [Math.floor(count / 2), -Infinity]
  for (let stop = 0; stop < count; stop++) {
    const { escalated, cascade } = stopPoint(of, stop)
    if (escalated < STABLE_ROWS || cascade.deltaIbc === undefined || cascade.deltaIbc <= most) continue
    most = cascade.deltaIbc
    best = stop
  }
  return best
}
