import { areaNames, type CurveIntervals, type PointIntervals } from '../core/intervals/curve-intervals.ts'
import type { Finding } from '../core/outcomes/findings.ts'
import type { CompareResult } from '../core/tune/compare.ts'
import type { ComparedCascade } from '../core/tune/compare-models.ts'
import { statements } from './compare-rows.ts'
import { costFields } from './cost-fields.ts'
import { differenceFields, estimateFields } from './estimates.ts'
import { FORMAT_VERSION, type Inputs } from './json.ts'
import { readableJson } from './readable-json.ts'
import { cell, pointFields } from './rows.ts'
import { targetFields } from './target-words.ts'
import { intervalFields } from './tune-json.ts'

const areaLabels = {
  apgr: 'apgr',
  routeLlmApgr: 'routellm_apgr',
  aiq: 'aiq',
  cascadeRoutingAuc: 'cascade_routing_auc',
} as const

/** The points of a curve, each with its own interval and with the band that holds for all of them at once. */
const curveFields = ({ thresholds, keptShare, cost, quality }: CurveIntervals) =>
  Array.from(thresholds, (threshold, i) => ({
    threshold: Number.isNaN(threshold) ? null : threshold,
    kept_share: pointFieldsAt(keptShare, i),
    cost: pointFieldsAt(cost, i),
    quality: pointFieldsAt(quality, i),
  }))

function pointFieldsAt({ each, band }: PointIntervals, i: number) {
  const { value, low, high } = estimateFields(each[i])
  return { value, low, high, band_low: cell(band.low[i]), band_high: cell(band.high[i]) }
}

const cascadeFields = ({ models, cascade, heldOut }: ComparedCascade) => ({
  models,
  policies: cascade.stages,
  held_out: intervalFields(heldOut),
})

/** A comparison as JSON text. */
export function compareJson(result: CompareResult, findings: readonly Finding[], inputs: Inputs): string {
  return readableJson({
    format_version: FORMAT_VERSION,
    ...inputs,
    rows: result.rows,
    groups: result.groups,
    costs: costFields(result.costs),
    target: targetFields(result.target),
    confidence: result.confidence,
    seed: result.seed,
    resamples: result.resamples,
    folds: result.folds,
    repeats: result.repeats,
    rate: result.rate,
    ranked_by: areaLabels[result.rankedBy],
    signals: result.signals.map(({ intervals, against }) => ({
      signal: intervals.signal,
      curve: curveFields(intervals),
      ...Object.fromEntries(areaNames.map((area) => [areaLabels[area], estimateFields(intervals.areas[area])])),
      against_best: Object.fromEntries(areaNames.map((area) => [areaLabels[area], differenceFields(against?.[area])])),
    })),
    reference: result.reference?.family.name ?? null,
    policies: result.policies.map(({ family, inSample, crossFitted, against }) => ({
      name: family.name,
      kind: family.kind,
      in_sample: inSample === undefined ? null : { policy: inSample.policy, ...pointFields(inSample) },
      held_out: intervalFields(crossFitted),
      against_reference: differenceFields(against),
    })),
    references: Object.fromEntries(
      result.references.map(({ name, intervals }) => [name.replace(' ', '_'), intervalFields(intervals)]),
    ),
    models:
      result.models?.map(({ price, pair, chain, chainAgainstPair }) => ({
        price,
        pair: cascadeFields(pair),
        chain: cascadeFields(chain),
        chain_against_pair: differenceFields(chainAgainstPair),
      })) ?? null,
    statements: [...statements(result)],
    findings,
  })
}
