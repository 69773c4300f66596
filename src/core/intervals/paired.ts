import type { Bootstrapped } from '../stats/bootstrap.ts'
import { estimateOf, shownRange, type Estimate } from '../stats/interval.ts'
import { difference } from '../stats/sum.ts'

/** A difference between two ways of routing on the same resamples, and what it says. */
export interface PairedDifference extends Estimate {
  /** `first` or `second` is established to be the higher one; else the interval holds 0. */
  verdict: 'first' | 'second' | 'not-established'
}

/**
 * The difference of two statistics that were resampled with the same seed over the same groups, so that what they
 * have in common cancels.
 */
export function pairedDifference(
  [first, k]: [Bootstrapped, number],
  [second, j]: [Bootstrapped, number],
  confidence: number,
): PairedDifference {
  if (first.seed !== second.seed || first.groups !== second.groups || first.resamples !== second.resamples)
    throw new Error('paired differences need the same resamples')
  const minus = (a: Float64Array, b: Float64Array) => a.map((value, i) => difference(value, b[i]))
  const estimate = estimateOf(
    difference(first.estimates[k], second.estimates[j]),
    minus(first.replicates[k], second.replicates[j]),
    minus(first.jackknife[k], second.jackknife[j]),
    confidence,
    first.groups,
  )
  const range = shownRange(estimate)
  const open = range === undefined || (range.low <= 0 && range.high >= 0)
  return { ...estimate, verdict: open ? 'not-established' : range.low > 0 ? 'first' : 'second' }
}
