import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { DecisionRecord } from '../cascade/record.ts'
import { keptShare, type Sums } from '../report/live/sums.ts'
import type { SignalDrift } from './live/live.ts'
import type { WatchedAudit } from './audit/watched-audits.ts'
import { auditGauges } from './audit/gauges.ts'
import { verdictsOf } from './verdicts.ts'

/** Figures for Prometheus. */
export interface Metrics {
  add(record: DecisionRecord): void
  contentType: string
  text(): Promise<string>
}

/** What is as it is at the moment of asking. */
export interface Gauges {
  inFlight: () => number
  waiting: () => number
  logDropped: () => number
  /** Names of upstreams with the state of their breakers: 0 closed, 1 half open, 2 open. */
  breakers: () => readonly (readonly [upstream: string, state: number])[]
  /** What each cascade has done, by its name. */
  sums?: () => ReadonlyMap<string, Sums>
  /** Signals held against where their policies were tuned; those of which nothing can be said are left out. */
  drift?: () => readonly SignalDrift[]
  /** What audits have found of each cascade that is audited. */
  audits?: () => readonly WatchedAudit[]
  auditDropped?: () => number
  auditsWaiting?: () => number
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
/** Log-probabilities, entropies and probabilities alike. */
const SIGNALS = [
  -10, -5, -3, -2, -1.5, -1, -0.75, -0.5, -0.35, -0.25, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7,
  0.8, 0.9, 1, 2, 5,
]

/** Figures for Prometheus, added to with every record. */
export function metricsOf(gauges: Gauges): Metrics {
  const registers = [new Registry()]
  const [registry] = registers
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `spillway_${name}`, help, labelNames, registers })
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
    new Histogram({ name: `spillway_${name}`, help, labelNames, buckets, registers })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `spillway_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })

  const requests = counter('requests_total', 'Requests by outcome and status', ['cascade', 'outcome', 'status'])
  const decisions = counter('decisions_total', 'Decisions by stage and reason', [
    'cascade',
    'stage',
    'decision',
    'reason',
  ])
  const tokens = counter('tokens_total', 'Tokens by stage', ['cascade', 'stage', 'kind'])
  const cost = counter('cost_total', 'What calls cost, in the unit of the prices', ['cascade', 'stage'])
  const alwaysLarge = counter('always_large_cost_total', 'What the last stage alone would have cost', ['cascade'])
  const errors = counter('upstream_errors_total', 'Calls that failed', ['cascade', 'stage', 'status'])
  const latency = histogram(
    'request_seconds',
    'From a request to the end of its answer',
    ['cascade', 'outcome'],
    SECONDS,
  )
  const first = histogram(
    'first_token_seconds',
    'From a request to the first byte of its answer',
    ['cascade', 'outcome'],
    SECONDS,
  )
  const calls = histogram('call_seconds', 'Calls of models', ['cascade', 'stage', 'result'], SECONDS)
  const signal = histogram('signal', 'Signals that policies read', ['cascade', 'signal'], SIGNALS)
  gauge('in_flight', 'Requests under way', gauges.inFlight)
  gauge('waiting', 'Requests that wait for a place', gauges.waiting)
  gauge('log_dropped', 'Decisions that were not logged', gauges.logDropped)
  const breaker = new Gauge({
    name: 'spillway_breaker_state',
    help: '0 closed, 1 half open, 2 open',
    labelNames: ['upstream'],
    registers: [],
    collect() {
      for (const [upstream, state] of gauges.breakers()) this.set({ upstream }, state)
    },
  })
  registry.registerMetric(breaker)
  const kept = new Gauge({
    name: 'spillway_kept_share',
    help: 'Share of kept answers among the requests that a policy decided, since the start',
    labelNames: ['cascade'],
    registers: [],
    collect() {
      for (const [cascade, sums] of gauges.sums?.() ?? []) {
        const share = keptShare(sums)
        if (share !== undefined) this.set({ cascade }, share)
      }
    },
  })
  registry.registerMetric(kept)
  const drift = (name: string, help: string, read: (signal: SignalDrift) => number) =>
    new Gauge({
      name: `spillway_${name}`,
      help,
      labelNames: ['cascade', 'stage', 'signal', 'window'],
      registers,
      collect() {
        // Another policy reads other signals.
        this.reset()
        for (const each of gauges.drift?.() ?? []) {
          const { cascade, stage, signal, window } = each
          this.set({ cascade, stage, signal, window }, read(each))
        }
      },
    })
  drift('drift_psi', 'How far a signal is from where its policy was tuned', ({ psi }) => psi)
  drift(
    'drift',
    '1 where a signal has moved from where its policy was tuned, which is established and not small',
    (each) => (each.drifted ? 1 : 0),
  )

  if (gauges.audits !== undefined) auditGauges(registry, gauges.audits)
  gauge('audits_waiting', 'Audits under way, or waiting', () => gauges.auditsWaiting?.() ?? 0)
  gauge('audit_log_dropped', 'Audits that were not logged', () => gauges.auditDropped?.() ?? 0)

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    add(record) {
      const { cascade, outcome } = record
      requests.inc({ cascade, outcome, status: record.status })
      latency.observe({ cascade, outcome }, record.latency_ms / 1000)
      if (record.first_token_ms !== null) first.observe({ cascade, outcome }, record.first_token_ms / 1000)
      if (record.always_large_cost !== null) alwaysLarge.inc({ cascade }, record.always_large_cost)
      for (const call of record.calls) {
        const { stage, result } = call
        tokens.inc({ cascade, stage, kind: 'input' }, call.input_tokens ?? 0)
        tokens.inc({ cascade, stage, kind: 'output' }, call.output_tokens)
        cost.inc({ cascade, stage }, call.cost ?? 0)
        calls.observe({ cascade, stage, result }, call.latency_ms / 1000)
        if (result === 'failed') errors.inc({ cascade, stage, status: call.error_status ?? 'none' })
      }
      for (const each of verdictsOf(record)) {
        decisions.inc({ cascade, stage: each.stage, decision: each.decision, reason: each.reason })
        for (const [name, value] of Object.entries(each.signals))
          if (typeof value === 'number') signal.observe({ cascade, signal: name }, value)
      }
    },
  }
}
