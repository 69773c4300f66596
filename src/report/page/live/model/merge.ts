import { windowNames, type LiveState, type LiveWindow } from '../../../live/state.ts'

const MOST_DECISIONS = 50

/** The state after an update: what it tells anew is as it says, and what is too old goes. */
export function merged(state: LiveState, update: LiveState): LiveState {
  const known = new Set(state.decisions.map(({ number }) => number))
  const fresh = update.decisions.filter(({ number }) => !known.has(number))
  return {
    ...update,
    windows: {
      hour: mergedWindow(state.windows.hour, update.windows.hour),
      day: mergedWindow(state.windows.day, update.windows.day),
    },
    decisions: [...fresh, ...state.decisions].slice(0, MOST_DECISIONS),
  }
}

function mergedWindow(before: LiveWindow, update: LiveWindow): LiveWindow {
  const points = new Map(before.points.map((point) => [point.bucket, point]))
  for (const point of update.points) points.set(point.bucket, point)
  const first = update.last - update.buckets + 1
  return {
    ...update,
    points: [...points.values()].filter(({ bucket }) => bucket >= first).toSorted((a, b) => a.bucket - b.bucket),
  }
}

/** The names that requests have asked for, or may; the cascades first. */
export const namesIn = ({ names, totals, windows }: LiveState): string[] => [
  ...new Set([
    ...names.filter((name) => name in totals || windowNames.some((window) => isRead(windows[window], name))),
    ...Object.keys(totals),
  ]),
]

const isRead = ({ signals }: LiveWindow, name: string): boolean => signals.some(({ cascade }) => cascade === name)
