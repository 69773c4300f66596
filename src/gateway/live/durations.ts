import type { Quantiles } from '../../report/live/state.ts'

const A_DECADE = 24
/** 0.1 ms; what is shorter is in the first bin. */
const LEAST_EXPONENT = -1
/** Up to 1,000 s; what is longer is in the last bin. */
const DECADES = 7
const BINS = A_DECADE * DECADES + 2

/** How many calls took how long: counts of log-spaced bins, each 10 % wide. */
export type Durations = Uint32Array

export const noDurations = (): Durations => new Uint32Array(BINS)

export function addDuration(durations: Durations, ms: number): void {
  const place = Math.floor((Math.log10(Math.max(ms, 1e-3)) - LEAST_EXPONENT) * A_DECADE) + 1
  durations[Math.min(BINS - 1, Math.max(0, place))]++
}

/** Adds durations so many times; -1 takes out what has been added. */
export function addDurations(to: Durations, from: Durations, times: number): void {
  for (let i = 0; i < BINS; i++) to[i] += times * from[i]
}

/** The half of which is at or below p50, ms, to 5 %; of nothing, nothing. */
export function quantilesOf(durations: Durations): Quantiles | null {
  const count = durations.reduce((sum, each) => sum + each, 0)
  return count === 0 ? null : { p50: quantileOf(durations, 0.5 * count), p95: quantileOf(durations, 0.95 * count) }
}

/** The middle, by ratio, of the bin that holds the value of a rank. */
function quantileOf(durations: Durations, rank: number): number {
  let below = 0
  for (let i = 0; i < BINS; i++) {
    below += durations[i]
    if (below >= rank) return 10 ** ((i - 0.5) / A_DECADE + LEAST_EXPONENT)
  }
  return NaN
}
