import { curveIntervals } from '../../core/intervals/curve-intervals.ts'
import type { Costs } from '../../core/outcomes/costs.ts'
import type { Outcomes } from '../../core/outcomes/outcomes.ts'
import type { Work } from '../../core/stats/work.ts'
import type { SortedSignal } from '../../core/sweep/curve.ts'
import { indexOfThreshold } from '../../core/sweep/grid.ts'
import type { SignalSweep } from '../../core/sweep.ts'
import { valueWithRange } from './columns.ts'
import { decilesOf } from './deciles.ts'
import type { SignalFigure } from './figure-data.ts'
import { histogram } from './histogram.ts'
import { openingStop, stopsOf } from './stops.ts'
import { thinned } from './thin.ts'

interface SignalOptions {
  confidence: number
  /** 0: no intervals. */
  resamples: number
  seed: number
  /** How many, spread over the rows. */
  stops: number
  /** One that is a stop beside those, and the one to open with. */
  threshold?: number
  wrongBelow: number
}

/** One signal: its curve with intervals, and what its values say. */
export function* signalFigure(
  outcomes: Outcomes,
  sorted: SortedSignal,
  { signal, direction, unit, exact, metrics }: SignalSweep,
  costs: Costs,
  { stops: points, threshold, wrongBelow, ...resampling }: SignalOptions,
): Work<SignalFigure> {
  const isWrong = (row: number) => outcomes.small.quality[row] < wrongBelow
  const asked = threshold === undefined ? undefined : indexOfThreshold(exact, threshold)
  const also = asked === undefined ? [] : [asked]
  const intervals = yield* curveIntervals(outcomes, sorted, costs, { ...resampling, points, also, worth: true })
  const stops = stopsOf(exact, intervals)
  const { base, missing, distinct } = exact
  return {
    signal,
    direction,
    unit,
    missing,
    distinct,
    // The sweep's own value: the same, but for rounding.
    apgr: { ...valueWithRange(intervals.areas.apgr), value: metrics.apgr },
    ...(metrics.aurocWrong === undefined ? {} : { auroc: metrics.aurocWrong }),
    base,
    curve: thinned(exact),
    stops,
    opening: asked === undefined ? openingStop({ signal, direction, base, stops }) : intervals.points.indexOf(asked),
    histogram: histogram(sorted, isWrong),
    deciles: yield* decilesOf(outcomes, sorted, isWrong, resampling),
  }
}
