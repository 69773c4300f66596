import type { SignalColumn } from '../outcomes/outcomes.ts'
import { always, keepWithin, type Interval, type Policy } from '../policy/policy.ts'
import { quantileSorted } from '../stats/quantile.ts'
import { sortSignal } from '../sweep/curve.ts'

/** AutoMix's grid has eighths. */
const BINS = 8

/**
 * A signal on the scale that the peers' rules are written for: higher is more certain. Of probabilities and shares it
 * is the signal itself on the grid 0, 1/8, …, 1; of any other the grid is its octiles.
 */
export interface Certainty {
  column: SignalColumn
  /** Nine grid values, ascending. */
  grid: number[]
  /** Nine bins around the grid values, or eight between them: where each bin after the first begins. */
  starts: number[]
}

export function certaintyOf(column: SignalColumn): Certainty {
  if (column.scale === 'probability' && column.direction === 'higher') {
    const grid = Array.from({ length: BINS + 1 }, (_, i) => i / BINS)
    return { column, grid, starts: grid.slice(1).map((value) => value - 1 / (2 * BINS)) }
  }
  const { keys } = sortSignal(column)
  const grid = Array.from({ length: BINS + 1 }, (_, i) => quantileSorted(keys, i / BINS) ?? 0)
  return { column, grid, starts: [...new Set(grid.slice(1, -1))] }
}

/** The certainty of a value of the signal. */
export const keyOf = ({ column }: Certainty, value: number): number =>
  column.direction === 'higher' ? value : 0 - value

/** The bin of a certainty, 0 to `starts.length`. */
export function binOf({ starts }: Certainty, key: number): number {
  let bin = 0
  while (bin < starts.length && key >= starts[bin]) bin++
  return bin
}

/** Keeps where the certainty lies in one of some intervals. None: escalates everything. */
export function keepIntervals({ column }: Certainty, intervals: Interval[]): Policy {
  if (intervals.length === 0) return always('escalate')
  const turned = ({ atLeast, above, atMost, below }: Interval): Interval =>
    column.direction === 'higher'
      ? { atLeast, above, atMost, below }
      : { atLeast: minus(atMost), above: minus(below), atMost: minus(atLeast), below: minus(above) }
  return keepWithin(column.name, intervals.map(turned).map(dropAbsent))
}

const minus = (value: number | undefined): number | undefined => (value === undefined ? undefined : 0 - value)

const dropAbsent = (interval: Interval): Interval =>
  Object.fromEntries(Object.entries(interval).filter(([, value]) => value !== undefined))

/** Keeps the bins that are not routed: neighbours make one interval. */
export function keepBins(certainty: Certainty, routed: readonly boolean[]): Policy {
  const { starts } = certainty
  if (!routed.includes(true)) return always('keep')
  const intervals: Interval[] = []
  for (let bin = 0; bin < routed.length; bin++) {
    if (routed[bin]) continue
    const first = bin
    while (bin + 1 < routed.length && !routed[bin + 1]) bin++
    intervals.push({
      ...(first > 0 ? { atLeast: starts[first - 1] } : {}),
      ...(bin < starts.length ? { below: starts[bin] } : {}),
    })
  }
  return keepIntervals(certainty, intervals)
}
