import { always, condition, keepWhen, type Policy } from '../../../core/policy/policy.ts'
import type { SignalFigure } from '../../figures/figure-data.ts'

/** Which signal, by its place in the data, and which of its stops. */
export interface Choice {
  signal: number
  stop: number
}

/** The policy of a stop: a threshold, or at an end one action for everything. */
export function policyOfStop({ signal, direction, stops }: SignalFigure, stop: number): Policy {
  const threshold = stops.threshold[stop]
  if (threshold === null) return always(stop === 0 ? 'keep' : 'escalate')
  return keepWhen([condition(signal, direction, threshold)])
}

/** The stop of a signal that keeps the number of answers nearest to `kept`: another signal at about the same budget. */
function stopNearKept({ stops }: SignalFigure, kept: number): number {
  let best = 0
  stops.kept.forEach((each, stop) => {
    if (Math.abs(each - kept) < Math.abs(stops.kept[best] - kept)) best = stop
  })
  return best
}

/** The choice of another signal, at about the budget of the present one. */
export function withSignal(signals: readonly SignalFigure[], { signal, stop }: Choice, next: number): Choice {
  return { signal: next, stop: stopNearKept(signals[next], signals[signal].stops.kept[stop]) }
}
