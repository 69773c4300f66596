import { baselineCosts, type Baselines } from '../core/sweep/baselines.ts'
import { ibcBase } from '../core/sweep/benefit.ts'
import type { OperatingPoint } from '../core/sweep/operating-point.ts'
import type { CurveMetrics } from '../core/metrics/metrics.ts'
import { conditionsOf, thresholdOf, type Policy } from '../core/policy/policy.ts'

/** A value in a table or file; no value is `null`, never NaN. */
export type Cell = string | number | boolean | null

/** A number of a file; none, or one that is not finite, is `null`. */
export const cell = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value

/** The thresholds of a policy's conditions, in order; a policy without conditions has none. */
export const thresholdsOf = (policy: Policy): number[] => conditionsOf(policy).map(thresholdOf)

/** What a point gives, under the names of every file Spillway writes. Costs in the run's unit, `delta_ibc` in percent. */
export const pointFields = (point: OperatingPoint) => ({
  kept: point.kept,
  escalated: point.escalated,
  kept_share: point.keptShare,
  escalated_share: point.escalatedShare,
  quality: point.quality,
  cost: point.cost,
  total_cost: point.totalCost,
  quality_gap_recovered: cell(point.qualityGapRecovered),
  ibc_cascade: cell(point.cascade.ibc),
  delta_ibc_cascade: cell(point.cascade.deltaIbc),
  ibc_standalone: cell(point.standalone.ibc),
  delta_ibc_standalone: cell(point.standalone.deltaIbc),
  unstable: point.unstable,
})

/** A signal's whole-curve metrics under their file names. */
export const metricFields = (metrics: CurveMetrics) => ({
  apgr: cell(metrics.apgr),
  routellm_apgr: cell(metrics.routeLlm?.apgr),
  routellm_cpt20: cell(metrics.routeLlm?.cpt20),
  routellm_cpt50: cell(metrics.routeLlm?.cpt50),
  routellm_cpt80: cell(metrics.routeLlm?.cpt80),
  aiq: cell(metrics.aiq),
  cascade_routing_auc: cell(metrics.cascadeRoutingAuc),
  prr: cell(metrics.prr),
  auroc_wrong: cell(metrics.aurocWrong),
  auroc_benefit: cell(metrics.aurocBenefit),
})

/** Both baselines of a family of policies: mean costs of the two ends, and the IBC between them. */
export const baselineFields = (base: Baselines) => {
  const fields = (kind: 'cascade' | 'standalone') => {
    const { small, large } = baselineCosts(base, kind)
    return { cost_small: small, cost_large: large, ibc_base: cell(ibcBase(base, kind)) }
  }
  return {
    quality_small: base.qualitySmall / base.rows,
    quality_large: base.qualityLarge / base.rows,
    cascade: fields('cascade'),
    standalone: fields('standalone'),
  }
}
