import { countValue, type Scale, type TrafficCounts } from '../../core/audit/traffic.ts'
import { tunedSignals, type TunedSignal } from '../../core/audit/tuned.ts'
import { conditionsOf, type Policy } from '../../core/policy/policy.ts'
import type { DecisionRecord } from '../../cascade/record.ts'
import type { ServedCascade } from '../served.ts'
import { verdictsOf } from '../verdicts.ts'

/** A signal that a cascade's policy reads. */
export interface WatchedSignal extends TunedSignal, Scale {
  cascade: string
  stage: string
  kept: 'high' | 'low' | 'other'
}

/** The signals that a gateway's policies read, and where to find those of a record. */
export interface WatchedSignals {
  all: readonly WatchedSignal[]
  count(record: DecisionRecord, countsOf: (signal: WatchedSignal) => TrafficCounts): void
}

/** Nothing is known of a signal of an answer that failed, or that was not looked at. */
const UNSEEN = ['small-failed', 'always']

export function watchedSignals(cascades: readonly ServedCascade[]): WatchedSignals {
  const all = cascades.flatMap(({ name, stages }) =>
    stages.flatMap(({ model, keep }) =>
      keep === undefined
        ? []
        : tunedSignals(keep.policy).map((tuned): WatchedSignal => {
            const { tuning, signal } = tuned
            const edges = typeof tuning === 'string' ? tuned.thresholds : tuning.edges
            return { ...tuned, edges, cascade: name, stage: model.name, kept: keptSide(keep.policy, signal) }
          }),
    ),
  )
  const hashes = new Map(cascades.map(({ name, policyHash }) => [name, policyHash ?? null]))
  const bySpot = new Map<string, WatchedSignal[]>()
  for (const watched of all) {
    const spot = spotOf(watched)
    bySpot.set(spot, [...(bySpot.get(spot) ?? []), watched])
  }
  return {
    all,
    count(record, countsOf) {
      // A request that began under another policy is none of this one's.
      if (hashes.get(record.cascade) !== record.policy) return
      for (const { stage, reason, signals } of verdictsOf(record)) {
        if (UNSEEN.includes(reason)) continue
        for (const watched of bySpot.get(spotOf({ cascade: record.cascade, stage })) ?? [])
          countValue(countsOf(watched), watched, signals[watched.signal])
      }
    },
  }
}

/** On which side of its one threshold a signal's values are kept, as far as that signal goes. */
function keptSide(policy: Policy, signal: string): WatchedSignal['kept'] {
  const [condition, ...more] = conditionsOf(policy).filter((each) => each.signal === signal)
  if (condition === undefined || more.length > 0) return 'other'
  return 'atLeast' in condition ? 'high' : 'low'
}

const spotOf = ({ cascade, stage }: { cascade: string; stage: string }) => `${cascade}\n${stage}`
