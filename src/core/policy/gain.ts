import { shareBetween } from '../stats/share.ts'
import { boundsOf, isMissing, type SignalValue } from './bounds.ts'
import type { GainPolicy, GainTerm } from './policy.ts'

/** The least and the greatest gain that the signals allow. */
export interface GainRange {
  low: number
  high: number
  /** The first signal that is known by bounds only. */
  open?: string
}

/** The predicted gain E[quality_large - quality_small | signals]; a missing signal adds nothing. */
export function predictGain(
  { constant, terms }: GainPolicy['predictedGain'],
  signals: Partial<Record<string, SignalValue>>,
): GainRange {
  const range: GainRange = { low: constant, high: constant }
  for (const term of terms) {
    const value = Object.hasOwn(signals, term.signal) ? signals[term.signal] : undefined
    if (isMissing(value)) continue
    if (typeof value === 'number') {
      const part = partAt(term.points, value)
      range.low += part
      range.high += part
      continue
    }
    const { lower = -Infinity, upper = Infinity } = boundsOf(value)
    // Straight lines have their extremes at the ends of the range or at a point inside it.
    const parts = [partAt(term.points, lower), partAt(term.points, upper)]
    for (const [x, y] of term.points) if (x > lower && x < upper) parts.push(y)
    range.low += Math.min(...parts)
    range.high += Math.max(...parts)
    if (lower < upper) range.open ??= term.signal
  }
  return range
}

/** A term at a value: interpolated between its points, flat outside. */
export function partAt(points: GainTerm['points'], value: number): number {
  const last = points.length - 1
  if (value <= points[0][0]) return points[0][1]
  if (value >= points[last][0]) return points[last][1]
  let [low, high] = [0, last]
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (points[middle][0] <= value) low = middle
    else high = middle
  }
  const [[x0, y0], [x1, y1]] = [points[low], points[high]]
  const part = y0 + (y1 - y0) * shareBetween(x0, x1, value)
  // Rounding must not carry a value beyond the ends of its line, on which a range rests.
  return Math.min(Math.max(part, Math.min(y0, y1)), Math.max(y0, y1))
}
