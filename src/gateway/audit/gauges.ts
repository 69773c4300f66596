import { Gauge, type Registry } from 'prom-client'
import type { AuditVerdict } from '../../core/audit/monitor.ts'
import type { Weighed } from '../../core/audit/weighted-mean.ts'
import type { WatchedAudit } from './watched-audits.ts'

const verdicts: AuditVerdict[] = ['supported', 'at-risk', 'broken', 'too-few']

/** What audits have found, for Prometheus. */
export function auditGauges(registry: Registry, audits: () => readonly WatchedAudit[]): void {
  const gauge = (name: string, help: string, read: (audit: WatchedAudit) => number | undefined) =>
    registry.registerMetric(
      new Gauge({
        name: `spillway_${name}`,
        help,
        labelNames: ['cascade'],
        registers: [],
        collect() {
          this.reset()
          for (const audit of audits()) {
            const value = read(audit)
            if (value !== undefined && Number.isFinite(value)) this.set({ cascade: audit.cascade }, value)
          }
        },
      }),
    )
  const estimate = (name: string, help: string, read: (audit: WatchedAudit) => Weighed) => {
    gauge(name, help, (audit) => read(audit).value)
    gauge(`${name}_low`, `${help}: lower end of its interval`, (audit) => read(audit).interval?.low)
    gauge(`${name}_high`, `${help}: upper end of its interval`, (audit) => read(audit).interval?.high)
  }
  gauge('audit_probability', 'With which a request is audited at the moment', ({ probability }) => probability)
  gauge('audits', 'Requests that the auditing coin fell on, under this policy, since the start', (a) => a.state.audited)
  gauge('audits_unknown', 'Of these, those of which no quality is known', ({ state }) => state.unknown)
  gauge(
    'audits_unseen',
    "Requests on which the coin could not fall: the day's budget was spent",
    ({ unseen }) => unseen,
  )
  estimate('audit_quality_loss', 'Quality lost against the large model, by audits', ({ state }) => state.qualityLoss)
  estimate('audit_saved_share', 'Share of the cost of the large model alone that is saved', ({ state }) => state.saved)
  gauge('promise_bound', 'What the policy promises, as a bound from above', ({ state }) => state.promise?.bound)
  gauge('promise_range_low', 'What is promised: lower end of its range at all times', (a) => a.state.promise?.range.low)
  gauge('promise_range_high', 'The upper end of that range', ({ state }) => state.promise?.range.high)
  registry.registerMetric(
    new Gauge({
      name: 'spillway_promise',
      help: '1 at the verdict of audits on what the policy promises',
      labelNames: ['cascade', 'verdict'],
      registers: [],
      collect() {
        this.reset()
        for (const { cascade, state } of audits())
          for (const verdict of verdicts)
            if (state.promise !== undefined) this.set({ cascade, verdict }, state.promise.verdict === verdict ? 1 : 0)
      },
    }),
  )
}
