import type { Outcomes } from '../outcomes/outcomes.ts'
import { baselineCosts } from '../sweep/baselines.ts'
import { qualityOverCost, type Curve, type SortedSignal } from '../sweep/curve.ts'
import { aiq } from './aiq.ts'
import { apgr } from './apgr.ts'
import { auroc } from './auroc.ts'
import { cascadeRoutingAuc } from './cascade-routing.ts'
import { predictionRejectionRatio } from './rejection.ts'
import { routeLlm, type RouteLlm } from './routellm.ts'

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

/** Every whole-curve metric of one signal, from its exact curve. */
export function curveMetrics(
  outcomes: Outcomes,
  curve: Curve,
  sorted: SortedSignal,
  wrongBelow = DEFAULT_WRONG_BELOW,
): CurveMetrics {
  const [small, large] = [outcomes.small.quality, outcomes.large.quality]
  const line = qualityOverCost(curve)
  const alone = baselineCosts(curve.base, 'standalone')
  return {
    apgr: apgr(curve),
    routeLlm: routeLlm(curve, sorted),
    aiq: aiq(line, { from: line.x[0], to: line.x[line.x.length - 1] }),
    cascadeRoutingAuc: cascadeRoutingAuc(line, alone.small, alone.large),
    prr: predictionRejectionRatio(outcomes, sorted),
    aurocWrong: auroc(sorted, (row) => small[row] < wrongBelow),
    aurocBenefit: auroc(sorted, (row) => large[row] > small[row]),
  }
}
