import type { RoutedIntervals } from '../core/intervals/policy-intervals.ts'
import { quantityNames } from '../core/intervals/policy-intervals.ts'
import type { Finding } from '../core/outcomes/findings.ts'
import type { OperatingPoint } from '../core/sweep/operating-point.ts'
import type { Certification } from '../core/tune/certification.ts'
import { isAsymptotic } from '../core/tune/certify.ts'
import type { TuneResult } from '../core/tune/tune.ts'
import { costFields } from './cost-fields.ts'
import { differenceFields, estimateFields, ibcSetFields } from './estimates.ts'
import { FORMAT_VERSION, type Inputs } from './json.ts'
import { tuneVerdict } from './promise-words.ts'
import { pointFields } from './rows.ts'
import { snake } from './snake.ts'
import { targetFields } from './target-words.ts'

/** Names of quantities in files; ΔIBC and IBC say which baseline they are against. */
const quantityLabel = (name: string): string => (/ibc$/i.test(name) ? `${snake(name)}_cascade` : snake(name))

/** A routing's quantities with their intervals, under their file names. */
export const intervalFields = ({ estimates, ibcSet }: RoutedIntervals) => ({
  ...Object.fromEntries(quantityNames.map((name) => [quantityLabel(name), estimateFields(estimates[name])])),
  ibc_cascade_fieller: ibcSetFields(ibcSet),
})

const policyPoint = (point: OperatingPoint | undefined) =>
  point === undefined ? null : { policy: point.policy, ...pointFields(point) }

const certificationFields = (certification: Certification | undefined) =>
  certification === undefined
    ? null
    : {
        certified: certification.certified !== undefined,
        method: certification.method,
        asymptotic: isAsymptotic(certification.method),
        delta: certification.delta,
        groups: certification.groups,
        max_group_rows: certification.maxGroupRows,
        groups_needed: neededFields(certification.groupsNeeded),
        tests: certification.tests.map(({ candidate, pValue, passed }) => ({
          policy: candidate.policy,
          kept_share: candidate.keptShare,
          p_value: pValue,
          passed,
        })),
      }

const neededFields = (needed: Certification['groupsNeeded']) =>
  needed === undefined
    ? null
    : {
        groups: Number.isFinite(needed.groups) ? needed.groups : null,
        kept_share: needed.policy.keptShare,
      }

/** A tuning as JSON text. */
export function tuneJson(result: TuneResult, findings: readonly Finding[], inputs: Inputs): string {
  const { groups, candidates, chosen } = result
  const fields = {
    format_version: FORMAT_VERSION,
    ...inputs,
    rows: result.rows,
    groups,
    costs: costFields(result.costs),
    target: targetFields(result.target),
    confidence: result.confidence,
    seed: result.seed,
    resamples: result.resamples,
    method: result.method,
    rate: result.rate,
    parts: result.parts,
    references: {
      keep_all: intervalFields(result.references.keepAll),
      escalate_all: intervalFields(result.references.escalateAll),
    },
    candidates: candidates.map(({ name, kind, bestLooking, selected, heldOut, crossFitted, certification }) => ({
      name,
      kind,
      best_looking: policyPoint(bestLooking),
      selected: policyPoint(selected),
      held_out: heldOut === undefined ? null : intervalFields(heldOut),
      cross_fitted: intervalFields(crossFitted.crossFitted),
      against_best_threshold: differenceFields(crossFitted.against),
      certification: certificationFields(certification),
    })),
    nominated: result.nominated.name,
    chosen: chosen?.name ?? null,
    verdict: tuneVerdict(result),
    findings,
  }
  return `${JSON.stringify(fields, null, 2)}\n`
}
