import { SpillwayError } from '../errors.ts'
import { boundsOf, isMissing, within, type Bounds, type SignalValue } from './bounds.ts'
import { predictGain } from './gain.ts'
import type { Action, GainPolicy, IntervalPolicy, OnMissing, Policy, ThresholdPolicy } from './policy.ts'

/** What is to be done with the small model's answer, and why. */
export type Decision =
  | { action: Action; reason: 'always' }
  | { action: 'keep'; reason: 'conditions-hold' }
  | { action: 'escalate'; reason: 'condition-fails'; signal: string }
  /** The predicted gain in quality against its price. */
  | { action: Action; reason: 'predicted-gain' }
  | { action: Action; reason: 'missing-signal'; signal: string }
  /** Bounds that leave both outcomes open: measure on and ask again. */
  | { action: 'undecided'; reason: 'bounds'; signal: string }

/** Signals by name. */
export type Signals = Partial<Record<string, SignalValue>>

/**
 * The one place where Spillway decides, for the offline replay and the gateway alike.
 *
 * Thresholds: keep iff `signal >= atLeast` or `signal <= atMost` for every condition; equality keeps. Intervals: keep
 * iff the signal lies in one of them. Predicted gain: escalate iff it is above its price. A missing signal triggers
 * `onMissing`, also where another condition fails; of a predicted gain only where all are missing.
 * @throws SpillwayError `missing-signal` where a signal is missing and the policy says `onMissing: 'error'`
 */
export function decide(policy: Policy, signals: Signals): Decision {
  if ('always' in policy) return { action: policy.always, reason: 'always' }
  if ('keepWhen' in policy) return byConditions(policy, signals)
  return 'keepWithin' in policy ? byIntervals(policy, signals) : byGain(policy, signals)
}

const valueOf = (signals: Signals, name: string): number | Bounds | undefined => {
  const value = Object.hasOwn(signals, name) ? signals[name] : undefined
  return isMissing(value) ? undefined : value
}

function missing(signal: string, onMissing: OnMissing): Decision {
  if (onMissing !== 'error') return { action: onMissing, reason: 'missing-signal', signal }
  throw new SpillwayError(
    'missing-signal',
    `the policy reads ${signal}, which is missing here, and says onMissing: error`,
  )
}

function byConditions({ keepWhen, onMissing }: ThresholdPolicy, signals: Signals): Decision {
  for (const { signal } of keepWhen) if (valueOf(signals, signal) === undefined) return missing(signal, onMissing)
  let open: string | undefined
  for (const condition of keepWhen) {
    const holds = within(condition, boundsOf(valueOf(signals, condition.signal)!))
    if (holds === false) return { action: 'escalate', reason: 'condition-fails', signal: condition.signal }
    if (holds === undefined) open ??= condition.signal
  }
  if (open !== undefined) return { action: 'undecided', reason: 'bounds', signal: open }
  return { action: 'keep', reason: 'conditions-hold' }
}

function byIntervals({ keepWithin: { signal, intervals }, onMissing }: IntervalPolicy, signals: Signals): Decision {
  const value = valueOf(signals, signal)
  if (value === undefined) return missing(signal, onMissing)
  const bounds = boundsOf(value)
  let open = false
  for (const interval of intervals) {
    const holds = within(interval, bounds)
    if (holds === true) return { action: 'keep', reason: 'conditions-hold' }
    if (holds === undefined) open = true
  }
  return open
    ? { action: 'undecided', reason: 'bounds', signal }
    : { action: 'escalate', reason: 'condition-fails', signal }
}

function byGain({ predictedGain, escalateAbove, onMissing }: GainPolicy, signals: Signals): Decision {
  const { terms } = predictedGain
  if (terms.every(({ signal }) => valueOf(signals, signal) === undefined)) return missing(terms[0].signal, onMissing)
  const { low, high, open } = predictGain(predictedGain, signals)
  if (low > escalateAbove) return { action: 'escalate', reason: 'predicted-gain' }
  if (high <= escalateAbove) return { action: 'keep', reason: 'predicted-gain' }
  return { action: 'undecided', reason: 'bounds', signal: open! }
}
