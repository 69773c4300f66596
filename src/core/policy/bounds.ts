import type { Interval } from './policy.ts'

/** What is known of a signal that is still being measured: `lower <= signal <= upper`; a side left out is unknown. */
export interface Bounds {
  lower?: number
  upper?: number
}

/** A measured signal, bounds on it, or nothing (absent, NaN, infinite: missing, never 0). */
export type SignalValue = number | Bounds | null | undefined

export const isMissing = (value: SignalValue): value is null | undefined =>
  value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))

/** The bounds of a value; a side that is NaN is as unknown as one left out. */
export function boundsOf(value: number | Bounds): Bounds {
  if (typeof value === 'number') return { lower: value, upper: value }
  const known = (side: number | undefined) => (side === undefined || Number.isNaN(side) ? undefined : side)
  return { lower: known(value.lower), upper: known(value.upper) }
}

/** Whether a value lies in an interval; `undefined` where its bounds do not tell. */
export function within({ atLeast, above, atMost, below }: Interval, { lower, upper }: Bounds): boolean | undefined {
  const starts = (value: number) =>
    (atLeast === undefined || value >= atLeast) && (above === undefined || value > above)
  const ends = (value: number) => (atMost === undefined || value <= atMost) && (below === undefined || value < below)
  if ((upper !== undefined && !starts(upper)) || (lower !== undefined && !ends(lower))) return false
  const startsSurely = (atLeast ?? above) === undefined || (lower !== undefined && starts(lower))
  const endsSurely = (atMost ?? below) === undefined || (upper !== undefined && ends(upper))
  return startsSurely && endsSurely ? true : undefined
}
