import type { ComparedBin } from '../../core/audit/bins.ts'
import type { Drift } from '../../core/audit/drift.ts'
import type { AuditVerdict } from '../../core/audit/monitor.ts'
import type { SignalValue } from '../../core/policy/bounds.ts'
import type { Sums } from './sums.ts'

/** What the gateway's page is told, at first and whenever something has changed. */
export interface LiveState {
  /** ms since 1970, as all times here. */
  time: number
  uptime_s: number
  currency: string
  /** Models by the names that clients can ask for, the cascades first. */
  names: string[]
  in_flight: number
  waiting: number
  log_dropped: number
  /** Since the start, by name. */
  totals: Record<string, Sums>
  windows: Record<WindowName, LiveWindow>
  upstreams: LiveUpstream[]
  /** Of cascades that are audited, since the start. */
  audits: LiveAudit[]
  /** The newest first; in an update those that have come since the one before. */
  decisions: LiveDecision[]
}

export const windowNames = ['hour', 'day'] as const satisfies readonly WindowName[]
/** How far back one looks. */
export type WindowName = 'hour' | 'day'

/** Some time until now. */
export interface LiveWindow {
  bucket_s: number
  buckets: number
  /** When bucket 0 began. */
  origin: number
  /** The bucket of now. */
  last: number
  /** By bucket, those with requests only; in an update those that have changed. */
  points: LivePoint[]
  /** Whole requests, and the calls of each model. */
  latencies: LiveLatency[]
  signals: LiveSignal[]
}

/** What was done in one bucket of time, by cascade. */
export interface LivePoint {
  bucket: number
  sums: Record<string, Sums>
}

/** Times of some calls, to a twentieth of each. */
export interface LiveLatency {
  /** Absent: of whole requests. */
  model?: string
  calls: number
  failed: number
  /** Left before their end: by the client, or since they were of no use any more. */
  stopped: number
  /** Of those that came to their end. */
  latency: Quantiles | null
  first_token: Quantiles | null
}

/** ms. */
export interface Quantiles {
  p50: number
  p95: number
}

/** One signal that a policy reads, in traffic and where the policy was tuned. */
export interface LiveSignal {
  cascade: string
  stage: string
  signal: string
  thresholds: readonly number[]
  /** Which of its values are kept. */
  kept: 'high' | 'low' | 'other'
  /** Why there is nothing to hold it against; see `TunedSignal`. */
  unknown_tuning?: 'absent' | 'other-thresholds'
  /** Of all bins of the tuning distribution; those of one bin here may be several there. */
  edges: readonly number[]
  /** Rows and requests by bin. */
  bins: ComparedBin[]
  missing: { tuned: number; traffic: number }
  drift: Drift | null
}

/** What audits have found of one cascade under its policy. */
export interface LiveAudit {
  cascade: string
  probability: number
  /** Requests that the coin fell on, and those of them of which no quality is known. */
  audited: number
  unknown: number
  /** Absent: the policy promises nothing. */
  verdict?: AuditVerdict
  confirmed?: boolean
  /** What is promised, in words, with its bound. */
  promised?: 'quality loss' | 'quality' | 'cost'
  bound?: number
  mean: number | null
  /** Holds at every look at once. */
  range: [number | null, number | null]
  quality_loss: LiveEstimate
  saved: LiveEstimate
}

/** null: not known. */
export interface LiveEstimate {
  value: number | null
  interval: [number, number] | null
}

/** A model that requests go on to. */
export interface LiveUpstream {
  name: string
  state: 'closed' | 'half-open' | 'open'
  /** In a row, up to now. */
  failures: number
  in_flight: number
}

/** One request; nothing of what was asked and answered, unless texts are logged. */
export interface LiveDecision {
  /** Counts all there ever were. */
  number: number
  id: string
  time: string
  cascade: string
  outcome: string
  stage: string | null
  status: number
  reason: string | null
  signal: string | null
  value: SignalValue
  cost: number | null
  saved: number | null
  latency_ms: number
  first_token_ms: number | null
  question?: string
  answer?: string
}
