import { auditMonitor, type AuditMonitor, type AuditState } from './monitor.ts'
import { driftOf, type Drift } from './drift.ts'
import { evidenceAbove } from './evidence.ts'
import { knownWeights } from './known-shares.ts'
import { auditsToShow } from './power.ts'
import { riskOf, type AuditedPromise, type AuditedRequest } from './promise.ts'
import { countValue, noTraffic } from './traffic.ts'
import type { TunedSignal } from './tuned.ts'
import type { SignalValue } from '../policy/bounds.ts'

/** One request of an audit log. */
export interface LoggedAudit extends AuditedRequest {
  /** When it came, ms since 1970. */
  time: number
  /** Of the small model's answer, as the policy saw it; none: it failed. */
  signals?: Readonly<Record<string, SignalValue>>
}

export interface AuditReportOptions {
  promise?: AuditedPromise
  confidence: number
  /** As the policy's file has it. */
  signals: readonly TunedSignal[]
  /** A change of the promised quantity that one would like to see soon. */
  change: number
  seed: number
}

/** Some stretch of time. */
export interface AuditPeriod {
  from: number
  to: number
  state: AuditState
}

/** How a signal lies in audited traffic. */
export interface AuditedSignal {
  signal: string
  /** Why there is nothing to hold it against; see `TunedSignal`. */
  unknownTuning?: 'absent' | 'other-thresholds'
  /** Of all audits, and of the last quarter of them. */
  drift?: Drift
  lately?: Drift
}

/** How soon a change would show. */
export interface AuditPower {
  change: number
  /** Absent: not within 20,000 audits. */
  audits?: number
  requests?: number
  days?: number
}

/** What an audit log says of one cascade under one policy. */
export interface AuditReport {
  from: number
  to: number
  /** The inverse probabilities of all audits, added up: about as many requests there were. */
  requests: number
  /** Of kept answers, the share whose loss is known; the others count through these. */
  marked: number
  state: AuditState
  periods: AuditPeriod[]
  signals: AuditedSignal[]
  power?: AuditPower
}

const MOST_PERIODS = 8
const FEWEST_A_PERIOD = 50
const DAY_MS = 24 * 3600 * 1000

/**
 * Reads an audit log, in the order of time.
 * @param audits at least one, ascending by time
 */
export function auditReport(audits: readonly LoggedAudit[], options: AuditReportOptions): AuditReport {
  const { promise, confidence, signals } = options
  const kept = audits.filter((audit) => audit.kept)
  const marked = kept.length === 0 ? 1 : kept.filter(isKnown).length / kept.length
  const leastProbability = audits.reduce((least, { probability }) => Math.min(least, probability), 1)
  const monitorOf = (some: readonly LoggedAudit[]): AuditMonitor => {
    const monitor = auditMonitor({ promise, confidence, leastProbability })
    for (const audit of some) monitor.add(audit)
    return monitor
  }
  const requests = audits.reduce((sum, { probability }) => sum + 1 / probability, 0)
  const [from, to] = [audits[0].time, audits.at(-1)!.time]
  const monitor = monitorOf(audits)
  const state = monitor.state()
  const power = powerOf(audits, monitor, options)
  return {
    from,
    to,
    requests,
    marked,
    state,
    periods: chunks(audits).map((some) => ({
      from: some[0].time,
      to: some.at(-1)!.time,
      state: monitorOf(some).state(),
    })),
    signals: signals.map((signal) => ({ signal: signal.signal, ...driftIn(audits, signal) })),
    ...(power === undefined ? {} : { power: atThisPace(power, requests / audits.length, requests / (to - from)) }),
  }
}

const isKnown = ({ small, large }: LoggedAudit): boolean => small !== undefined && large !== undefined

/** About equally many each. */
function chunks(audits: readonly LoggedAudit[]): (readonly LoggedAudit[])[] {
  const count = Math.max(1, Math.min(MOST_PERIODS, Math.floor(audits.length / FEWEST_A_PERIOD)))
  return Array.from({ length: count }, (_, i) =>
    audits.slice(Math.round((i * audits.length) / count), Math.round(((i + 1) * audits.length) / count)),
  )
}

function driftIn(audits: readonly LoggedAudit[], { signal, thresholds, tuning }: TunedSignal) {
  if (typeof tuning === 'string') return { unknownTuning: tuning }
  const scale = { edges: tuning.edges, thresholds }
  const driftOfSome = (some: readonly LoggedAudit[]): Drift => {
    const counts = noTraffic(scale)
    for (const { signals } of some) if (signals !== undefined) countValue(counts, scale, signals[signal])
    // Two looks share the chance of a false alarm.
    return driftOf(tuning, thresholds, counts, 0.001 / 2)
  }
  return { drift: driftOfSome(audits), lately: driftOfSome(audits.slice(Math.floor(0.75 * audits.length))) }
}

/** From where the evidence stands; where the promise is broken already, as if all began anew. */
function powerOf(
  audits: readonly LoggedAudit[],
  monitor: AuditMonitor,
  { promise, change, seed }: AuditReportOptions,
): Pick<AuditPower, 'change' | 'audits'> | undefined {
  const stands = monitor.state().promise
  if (promise === undefined || stands === undefined || stands.verdict === 'too-few') return undefined
  const risk = riskOf(promise)
  if (!risk.bounded) return undefined
  const known = audits.map((request) => ({ request, kept: request.kept, value: risk.of(request) }))
  const weights = knownWeights(known)
  const from = stands.verdict === 'broken' ? evidenceAbove(risk.bound, risk.low, risk.high) : monitor.evidence()!
  const found = auditsToShow(
    known.map(({ value }, i) => ({ value: value ?? 0, weight: weights[i] })),
    risk,
    { change, needed: stands.needed, seed, from },
  )
  return { change, ...(found === undefined ? {} : { audits: found }) }
}

function atThisPace(
  power: Pick<AuditPower, 'change' | 'audits'>,
  requestsAnAudit: number,
  requestsAMs: number,
): AuditPower {
  if (power.audits === undefined) return power
  const requests = power.audits * requestsAnAudit
  return { ...power, requests, ...(requestsAMs < Infinity ? { days: requests / requestsAMs / DAY_MS } : {}) }
}
