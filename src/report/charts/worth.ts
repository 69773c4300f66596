import { STABLE_ROWS } from '../../core/sweep/operating-point.ts'
import { quantileSorted } from '../../core/stats/quantile.ts'
import type { SignalFigure } from '../figures/figure-data.ts'
import { stopPoint } from '../figures/stops.ts'
import { paddedExtent } from './extent.ts'
import { rangeAt } from './view.ts'

/** What escalating is worth at one stop, over the share that is kept there. */
export interface Worth {
  keptShare: number
  deltaIbc?: number
  low?: number
  high?: number
  /** Rests on too few rows, or has no value or no interval. */
  meaningless: boolean
}

/** From escalating everything to keeping everything. */
export const worthsOf = (signal: SignalFigure): Worth[] =>
  signal.stops.kept
    .map((_, stop): Worth => {
      const { keptShare, cascade, unstable } = stopPoint(signal, stop)
      const range = rangeAt(signal.stops.deltaIbc, stop)
      const meaningless = unstable || cascade.deltaIbc === undefined || range === undefined
      return { keptShare, deltaIbc: cascade.deltaIbc, ...range, meaningless }
    })
    .toReversed()

/** Where along the kept share nothing can be read off, halfway to the nearest stop where something can. */
export function meaninglessRanges(worths: readonly Worth[], rows: number): { from: number; to: number }[] {
  const halfway = (i: number, j: number) => (worths[i].keptShare + worths[j].keptShare) / 2
  const last = worths.length - 1
  const ranges: { from: number; to: number }[] = []
  for (let i = 0, start = 0; i <= last; i++) {
    if (!worths[i].meaningless) continue
    if (i === 0 || !worths[i - 1].meaningless) start = i
    if (i < last && worths[i + 1].meaningless) continue
    ranges.push({ from: start === 0 ? 0 : halfway(start - 1, start), to: i === last ? 1 : halfway(i, i + 1) })
  }
  // Where too few rows escalate is known to the row.
  return [...ranges, { from: Math.max(0, 1 - STABLE_ROWS / rows), to: 1 }]
}

/**
 * A range of ΔIBC in which its curve can be read: wild ends, which rest on a few rows, would flatten all else. It holds
 * zero, all but the outermost fiftieth of the meaningful values, and their intervals as far as these go no further
 * than the values do.
 */
export function readableDomain(worths: readonly Worth[]): [number, number] {
  const told = worths.filter(({ meaningless }) => !meaningless)
  const values = ascending(told.map(({ deltaIbc }) => deltaIbc!))
  if (values.length === 0) return [-100, 100]
  const low = Math.min(0, quantileSorted(values, 0.02)!)
  const high = Math.max(0, quantileSorted(values, 0.98)!)
  const span = Math.max(high - low, 10)
  const least = quantileSorted(ascending(told.map((each) => each.low!)), 0.05)!
  const most = quantileSorted(ascending(told.map((each) => each.high!)), 0.95)!
  return paddedExtent([low, high, Math.max(least, low - span), Math.min(most, high + span)], 0.05)
}

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)

/** The outermost point of every stretch of the curve that lies beyond a range. */
export function stretchesBeyond(worths: readonly Worth[], [low, high]: readonly [number, number]): Worth[] {
  const side = ({ deltaIbc }: Worth) => (deltaIbc === undefined ? 0 : deltaIbc > high ? 1 : deltaIbc < low ? -1 : 0)
  const outermost: Worth[] = []
  worths.forEach((worth, i) => {
    if (side(worth) === 0) return
    const before = i > 0 && side(worths[i - 1]) === side(worth) ? outermost.pop() : undefined
    const isFurther = before === undefined || Math.abs(worth.deltaIbc!) > Math.abs(before.deltaIbc!)
    outermost.push(isFurther ? worth : before)
  })
  return outermost
}
