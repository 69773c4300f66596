import type { Outcomes } from '../outcomes/outcomes.ts'
import { baselineCosts } from '../sweep/baselines.ts'
import { qualityOverCost, type Curve, type SortedSignal } from '../sweep/curve.ts'
import type { KeyOrder } from '../sweep/grid.ts'
import { aiq } from './aiq.ts'
import { apgr } from './apgr.ts'
import { aurocOfRuns } from './auroc.ts'
import { cascadeRoutingAuc } from './cascade-routing.ts'
import { rejectionRatio, rejectionRuns } from './rejection.ts'
import { routeLlm, type RouteLlm } from './routellm.ts'
import { runsOf, type Runs } from './runs.ts'

/** How good a signal is over its whole curve, in the measures of the field; each says when it has no value. */
export interface CurveMetrics {
  apgr?: number
  routeLlm?: RouteLlm
  aiq?: number
  cascadeRoutingAuc?: number
  prr?: number
  /** Does the signal tell wrong small answers (quality below the cut) from right ones? */
  aurocWrong?: number
  /** Does the signal tell queries on which the large model is better from the others? */
  aurocBenefit?: number
}

/** A small answer of a quality below this is wrong. */
export const DEFAULT_WRONG_BELOW = 0.5

/** What the metrics read of the rows beside the curve, in the order of the signal; rows without it are left out. */
export interface CurveRuns {
  order: SortedSignal | KeyOrder
  /** Small answers below the cut, and queries on which the large model is better. */
  wrong: Runs
  better: Runs
  /** Errors of the small model, and the same in their own order, worst first. */
  errors: Runs
  worstFirst: Runs
}

/** Every whole-curve metric of one signal, from its exact curve. */
export function curveMetrics(
  outcomes: Outcomes,
  curve: Curve,
  sorted: SortedSignal,
  wrongBelow = DEFAULT_WRONG_BELOW,
): CurveMetrics {
  const [small, large] = [outcomes.small.quality, outcomes.large.quality]
  const [errors, worstFirst] = rejectionRuns(outcomes, sorted)
  return metricsOfRuns(curve, {
    order: sorted,
    wrong: runsOf(sorted, (row) => (small[row] < wrongBelow ? 1 : 0)),
    better: runsOf(sorted, (row) => (large[row] > small[row] ? 1 : 0)),
    errors,
    worstFirst,
  })
}

/** The same from sums over runs of equal values, wherever they were made. */
export function metricsOfRuns(curve: Curve, { order, wrong, better, errors, worstFirst }: CurveRuns): CurveMetrics {
  const line = qualityOverCost(curve)
  const alone = baselineCosts(curve.base, 'standalone')
  return {
    apgr: apgr(curve),
    routeLlm: routeLlm(curve, order),
    aiq: aiq(line, { from: line.x[0], to: line.x[line.x.length - 1] }),
    cascadeRoutingAuc: cascadeRoutingAuc(line, alone.small, alone.large),
    prr: rejectionRatio(errors, worstFirst),
    aurocWrong: aurocOfRuns(wrong),
    aurocBenefit: aurocOfRuns(better),
  }
}
