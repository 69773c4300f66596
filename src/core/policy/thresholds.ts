import { thresholdOf, type Interval, type Policy } from './policy.ts'

/** The values at which a policy turns on a signal, ascending; a predicted gain turns at none that is its own. */
export function thresholdsOn(policy: Policy, signal: string): number[] {
  const all =
    'keepWhen' in policy
      ? policy.keepWhen.filter((condition) => condition.signal === signal).map(thresholdOf)
      : 'keepWithin' in policy && policy.keepWithin.signal === signal
        ? policy.keepWithin.intervals.flatMap(endsOf)
        : []
  return [...new Set(all)].toSorted((a, b) => a - b)
}

const endsOf = ({ atLeast, above, atMost, below }: Interval): number[] =>
  [atLeast, above, atMost, below].filter((end) => end !== undefined)
