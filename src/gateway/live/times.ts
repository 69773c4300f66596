import { addTraffic, knownTraffic, noTraffic, type TrafficCounts } from '../../core/audit/traffic.ts'
import type { DecisionRecord } from '../../cascade/record.ts'
import { addDuration, addDurations, noDurations, type Durations } from './durations.ts'
import type { WatchedSignal, WatchedSignals } from './watched-signals.ts'

/** How long some calls took, and what became of them. */
export interface CallTimes {
  calls: number
  failed: number
  /** Left before their end. */
  stopped: number
  /** Of those that came to their end. */
  latency: Durations
  firstToken: Durations
}

/** How long requests and calls took in some time, and what their signals were. */
export interface Times {
  requests: CallTimes
  models: Map<string, CallTimes>
  signals: Map<WatchedSignal, TrafficCounts>
}

const noCalls = (): CallTimes => ({
  calls: 0,
  failed: 0,
  stopped: 0,
  latency: noDurations(),
  firstToken: noDurations(),
})

export const noTimes = (): Times => ({ requests: noCalls(), models: new Map(), signals: new Map() })

/** Adds one request. */
export function addRequest(times: Times, record: DecisionRecord, watched: WatchedSignals): void {
  const { outcome } = record
  addCall(times.requests, record, outcome === 'failed' || outcome === 'aborted' ? outcome : 'answered')
  for (const call of record.calls) addCall(ofKey(times.models, call.stage, noCalls), call, call.result)
  watched.count(record, (signal) => ofSignal(times, signal))
}

/** A failure is no quick answer, and neither is one that was left. */
function addCall(
  to: CallTimes,
  { latency_ms, first_token_ms }: { latency_ms: number; first_token_ms: number | null },
  result: 'answered' | 'aborted' | 'failed',
): void {
  to.calls++
  if (result === 'failed') to.failed++
  else if (result === 'aborted') to.stopped++
  else addDuration(to.latency, latency_ms)
  if (first_token_ms !== null) addDuration(to.firstToken, first_token_ms)
}

/** Takes out what has been added; counts are whole numbers, so that nothing is left of it. */
export function removeTimes(from: Times, gone: Times): void {
  removeCalls(from.requests, gone.requests)
  for (const [model, calls] of gone.models) {
    const left = ofKey(from.models, model, noCalls)
    removeCalls(left, calls)
    if (left.calls === 0) from.models.delete(model)
  }
  for (const [signal, counts] of gone.signals) {
    const left = ofSignal(from, signal)
    addTraffic(left, counts, -1)
    if (knownTraffic(left) + left.unknown === 0) from.signals.delete(signal)
  }
}

function removeCalls(from: CallTimes, gone: CallTimes): void {
  from.calls -= gone.calls
  from.failed -= gone.failed
  from.stopped -= gone.stopped
  addDurations(from.latency, gone.latency, -1)
  addDurations(from.firstToken, gone.firstToken, -1)
}

const ofSignal = ({ signals }: Times, signal: WatchedSignal) => ofKey(signals, signal, () => noTraffic(signal))

export function ofKey<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
