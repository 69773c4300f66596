import type { CallRecord, DecisionRecord, Outcome } from '../../src/cascade/record.ts'
import { distributionOf } from '../../src/core/audit/distribution.ts'
import type { SignalValue } from '../../src/core/policy/bounds.ts'
import { decide } from '../../src/core/policy/decide.ts'
import { keepWhen, type Policy } from '../../src/core/policy/policy.ts'
import { liveOf, type Live, type LiveOptions } from '../../src/gateway/live/live.ts'
import type { Offer } from '../../src/gateway/gateway.ts'
import type { ServedModel } from '../../src/gateway/served.ts'
import { statsOf, type Stats } from '../../src/gateway/stats.ts'

/** Keeps where `mean_logprob` is at least -1, and says how it lay where it was tuned. */
export const tunedPolicy = (values: readonly number[]): Policy => ({
  ...keepWhen([{ signal: 'mean_logprob', atLeast: -1 }]),
  provenance: { distributions: { mean_logprob: distributionOf(Float64Array.from(values), [-1]) } },
})

export const model = (name: string): ServedModel => ({
  name,
  upstream: name,
  exchange: () => Promise.reject(new Error('nobody asks it')),
})

export const offerOf = (policy: Policy, policyHash = 'abc'): Pick<Offer, 'cascades' | 'models'> => ({
  cascades: [
    {
      name: 'cascade',
      stages: [{ model: model('small'), keep: { policy, alternatives: 0 } }, { model: model('large') }],
      mode: 'buffer',
      fallback: false,
      severalAnswers: 'large',
      policyHash,
    },
  ],
  models: [model('small'), model('large')],
})

export const callOf = (stage: string, more: Partial<CallRecord> = {}): CallRecord => ({
  stage,
  model: `${stage}-model`,
  result: 'answered',
  output_tokens: 3,
  cost: 1,
  start_ms: 0,
  first_token_ms: 50,
  latency_ms: 100,
  ...more,
})

let ids = 0

/** One request, as a cascade with the policy of `tunedPolicy` records it. */
export function recordOf(value: SignalValue, more: Partial<DecisionRecord> = {}): DecisionRecord {
  const decision = decide(keepWhen([{ signal: 'mean_logprob', atLeast: -1 }]), { mean_logprob: value })
  const kept = decision.action === 'keep'
  const outcome: Outcome = kept ? 'kept' : 'escalated'
  return {
    id: `id-${ids++}`,
    time: '2026-11-25T19:53:00.211Z',
    cascade: 'cascade',
    policy: 'abc',
    stream: false,
    outcome,
    stage: kept ? 'small' : 'large',
    status: 200,
    decision: kept ? 'keep' : 'escalate',
    reason: decision.reason,
    ...('signal' in decision ? { signal: decision.signal } : {}),
    signals: value === undefined || value === null ? {} : { mean_logprob: value },
    calls: kept ? [callOf('small')] : [callOf('small'), callOf('large')],
    cost: kept ? 1 : 11,
    always_large_cost: 10,
    saved: kept ? 9 : -1,
    latency_ms: 200,
    first_token_ms: 150,
    ...more,
  }
}

export interface LiveScene {
  live: Live
  stats: Stats
  /** Takes a request in, as the gateway does. */
  add: (record: DecisionRecord) => void
  /** Lets time pass, ms. */
  pass: (ms: number) => void
}

/** When the clock of a scene stands at first: round, in ms since 1970. */
export const LIVE_START = 1_800_000_000_000

/** A live state with a clock of its own. */
export function liveScene(policy: Policy, more: Partial<LiveOptions> = {}): LiveScene {
  let time = 0
  const now = () => time
  const stats = statsOf(now, 'USD')
  const gauges = { inFlight: () => 0, waiting: () => 0, logDropped: () => 0, upstreams: () => [] }
  const clock = () => LIVE_START + time
  const live = liveOf({ offer: offerOf(policy), stats, currency: 'USD', texts: false, now, clock, gauges, ...more })
  const add = (record: DecisionRecord) => {
    stats.add(record)
    live.add(record)
  }
  return { live, stats, add, pass: (ms) => (time += ms) }
}
