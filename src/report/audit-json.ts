import type { AuditPeriod, AuditReport } from '../core/audit/audit-report.ts'
import type { Drift } from '../core/audit/drift.ts'
import type { AuditState, PromiseState } from '../core/audit/monitor.ts'
import type { Weighed } from '../core/audit/weighted-mean.ts'
import { isDrifted } from './audit-terminal.ts'
import { FORMAT_VERSION } from './json.ts'
import { readableJson } from './readable-json.ts'

/** What an audit report is about. */
export interface AuditSubject {
  files: string[]
  cascade: string
  policy: string
  /** Of all intervals. */
  confidence: number
  seed: number
  /** Audits whose large call or scorer failed. */
  failed: number
  /** Audited requests whose client got no answer. */
  unanswered: number
  /** Requests on which the coin could not fall. */
  unseen: number
  /** Of other cascades or policies, and before `since`. */
  leftOut: number
  auditCost: number | null
}

/** An audit report as JSON text. */
export function auditJson(report: AuditReport, subject: AuditSubject, verdict: string): string {
  const { from, to, requests, marked, state, periods, signals, power } = report
  return readableJson({
    format_version: FORMAT_VERSION,
    files: subject.files,
    cascade: subject.cascade,
    policy: subject.policy,
    confidence: subject.confidence,
    seed: subject.seed,
    verdict,
    from: time(from),
    to: time(to),
    requests_estimated: requests,
    failed_audits: subject.failed,
    unanswered: subject.unanswered,
    unseen: subject.unseen,
    left_out: subject.leftOut,
    scored_share: marked,
    audit_cost: subject.auditCost,
    ...stateFields(state),
    periods: periods.map(periodFields),
    drift: signals.map(({ signal, unknownTuning, drift, lately }) => ({
      signal,
      ...(unknownTuning === undefined ? {} : { unknown_tuning: unknownTuning }),
      drifted: isDrifted({ drift, lately }),
      all: driftFields(drift),
      last_quarter: driftFields(lately),
    })),
    power:
      power === undefined
        ? null
        : {
            change: power.change,
            audits: power.audits ?? null,
            requests: power.requests ?? null,
            days: power.days ?? null,
          },
  })
}

const periodFields = ({ from, to, state }: AuditPeriod) => ({ from: time(from), to: time(to), ...stateFields(state) })

const stateFields = ({ promise, ...state }: AuditState) => ({
  audited: state.audited,
  kept: state.kept,
  unknown: state.unknown,
  promise: promise === undefined ? null : promiseFields(promise),
  quality_loss: estimate(state.qualityLoss),
  kept_share: estimate(state.keptShare),
  cost: estimate(state.servedCost),
  always_large_cost: estimate(state.largeCost),
  saved_share: estimate(state.saved),
})

const promiseFields = ({ of, bound, verdict, confirmed, mean, range, evidence, needed, asymptotic }: PromiseState) => ({
  of,
  bound,
  verdict,
  confirmed,
  value: mean ?? null,
  range: [finite(range.low), finite(range.high)],
  evidence,
  evidence_needed: needed,
  asymptotic,
})

const driftFields = (drift: Drift | undefined) =>
  drift === undefined
    ? null
    : { verdict: drift.verdict, psi: drift.psi ?? null, p_value: drift.pValue ?? null, requests: drift.requests }

const estimate = ({ value, interval, count }: Weighed) => ({
  value: value ?? null,
  interval: interval === undefined ? null : [interval.low, interval.high],
  audits: count,
})

const finite = (value: number) => (Number.isFinite(value) ? value : null)
const time = (ms: number) => new Date(ms).toISOString()
