import { comparedBins } from '../../core/audit/bins.ts'
import { driftOf } from '../../core/audit/drift.ts'
import { noTraffic, type TrafficCounts } from '../../core/audit/traffic.ts'
import type { DecisionRecord } from '../../cascade/record.ts'
import type { LiveLatency, LiveSignal, LiveWindow } from '../../report/live/state.ts'
import { noSums, type Sums } from '../../report/live/sums.ts'
import { addRecord } from '../sums.ts'
import { quantilesOf } from './durations.ts'
import { ringOf } from './ring.ts'
import { addRequest, noTimes, ofKey, removeTimes, type CallTimes, type Times } from './times.ts'
import type { WatchedSignal, WatchedSignals } from './watched-signals.ts'

/** Some time until now, in buckets. */
export interface Window {
  add(record: DecisionRecord, watched: WatchedSignals, now: number): void
  bucketAt(now: number): number
  /**
   * As the page is told it.
   * @param since the first bucket that is told
   * @param zero when the time 0 was, ms since 1970
   */
  state(watched: readonly WatchedSignal[], place: { now: number; since: number; zero: number }): LiveWindow
  signals(watched: readonly WatchedSignal[], now: number): LiveSignal[]
}

interface Bucket {
  /** By the names that clients asked for. */
  sums: Map<string, Sums>
  times: Times
}

/** @param level how improbable a drift has to be by chance to be established */
export function windowOf(bucketMs: number, length: number, level: number): Window {
  // Kept beside the buckets, and not added up for everyone who looks.
  const whole = noTimes()
  const ring = ringOf<Bucket>(
    bucketMs,
    length,
    () => ({ sums: new Map(), times: noTimes() }),
    ({ times }) => removeTimes(whole, times),
  )
  const signals = (watched: readonly WatchedSignal[], now: number): LiveSignal[] => {
    ring.forget(now)
    return watched.map((each) => signalState(each, whole.signals.get(each) ?? noTraffic(each), level))
  }
  return {
    add(record, watched, now) {
      const { sums, times } = ring.current(now)
      addRecord(ofKey(sums, record.cascade, noSums), record)
      addRequest(times, record, watched)
      addRequest(whole, record, watched)
    },
    bucketAt: (now) => ring.numberAt(now),
    signals,
    state: (watched, { now, since, zero }) => ({
      bucket_s: bucketMs / 1000,
      buckets: length,
      // To a second: whoever looks has a place for every minute, and they should not wander.
      origin: Math.round(zero / 1000) * 1000,
      last: ring.numberAt(now),
      points: ring.recent(now, since).map(([bucket, { sums }]) => ({ bucket, sums: Object.fromEntries(sums) })),
      latencies: [latencyOf(whole.requests), ...[...whole.models].map(([model, calls]) => latencyOf(calls, model))],
      signals: signals(watched, now),
    }),
  }
}

const latencyOf = ({ calls, failed, stopped, latency, firstToken }: CallTimes, model?: string): LiveLatency => ({
  ...(model === undefined ? {} : { model }),
  calls,
  failed,
  stopped,
  latency: quantilesOf(latency),
  first_token: quantilesOf(firstToken),
})

function signalState(watched: WatchedSignal, counts: TrafficCounts, level: number): LiveSignal {
  const { cascade, stage, signal, thresholds, kept, tuning } = watched
  const known = typeof tuning === 'string' ? undefined : tuning
  return {
    cascade,
    stage,
    signal,
    thresholds,
    kept,
    ...(typeof tuning === 'string' ? { unknown_tuning: tuning } : {}),
    edges: known?.edges ?? [],
    bins: known === undefined ? [] : comparedBins(known, thresholds, counts),
    missing: { tuned: known?.missing ?? 0, traffic: counts.missing },
    drift: known === undefined ? null : driftOf(known, thresholds, counts, level),
  }
}
