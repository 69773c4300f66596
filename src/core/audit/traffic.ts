import { boundsOf, isMissing, type SignalValue } from '../policy/bounds.ts'
import { binOf } from './distribution.ts'

/** Where values are counted: the bins of a tuning distribution, and the segments that its policy's thresholds cut. */
export interface Scale {
  edges: readonly number[]
  /** Ascending; each is an edge. */
  thresholds: readonly number[]
}

/** Requests by what is known of one signal of theirs. */
export interface TrafficCounts {
  /** Those with a value, by bin. */
  bins: Uint32Array
  /**
   * Those that were decided by a bound, such as an answer that was stopped early, by the segment that the bound leaves:
   * the first is below every threshold.
   */
  bounded: Uint32Array
  missing: number
  /** Known by a bound that a threshold lies within. */
  unknown: number
}

export const noTraffic = ({ edges, thresholds }: Scale): TrafficCounts => ({
  bins: new Uint32Array(edges.length + 1),
  bounded: new Uint32Array(thresholds.length + 1),
  missing: 0,
  unknown: 0,
})

/** Counts one request's signal. */
export function countValue(counts: TrafficCounts, { edges, thresholds }: Scale, value: SignalValue): void {
  if (isMissing(value)) {
    counts.missing++
    return
  }
  if (typeof value === 'number') {
    counts.bins[binOf(edges, value)]++
    return
  }
  const { lower = -Infinity, upper = Infinity } = boundsOf(value)
  const segment = binOf(thresholds, lower)
  if (segment === binOf(thresholds, upper)) counts.bounded[segment]++
  else counts.unknown++
}

/** Adds counts of the same scale so many times; -1 takes out what has been added. */
export function addTraffic(to: TrafficCounts, from: TrafficCounts, times = 1): void {
  for (let i = 0; i < from.bins.length; i++) to.bins[i] += times * from.bins[i]
  for (let i = 0; i < from.bounded.length; i++) to.bounded[i] += times * from.bounded[i]
  to.missing += times * from.missing
  to.unknown += times * from.unknown
}

/** What is known of them at all. */
export const knownTraffic = ({ bins, bounded, missing }: TrafficCounts): number =>
  total(bins) + total(bounded) + missing

const total = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0)
