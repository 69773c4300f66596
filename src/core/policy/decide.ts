import { SpillwayError } from '../errors.ts'
import type { Action, Condition, Policy } from './policy.ts'

/** What is known of a signal that is still being measured: `lower <= signal <= upper`; a side left out is unknown. */
export interface Bounds {
  lower?: number
  upper?: number
}

/** A measured signal, bounds on it, or nothing (absent, NaN, infinite: missing, never 0). */
export type SignalValue = number | Bounds | null | undefined

/** What is to be done with the small model's answer, and why. */
export type Decision =
  | { action: Action; reason: 'always' }
  | { action: 'keep'; reason: 'conditions-hold' }
  | { action: 'escalate'; reason: 'condition-fails'; signal: string }
  | { action: Action; reason: 'missing-signal'; signal: string }
  /** Bounds that leave both outcomes open: measure on and ask again. */
  | { action: 'undecided'; reason: 'bounds'; signal: string }

/**
 * The one place where Spillway decides, for the offline replay and the gateway alike.
 *
 * Keep iff `signal >= atLeast` or `signal <= atMost` for every condition of the policy; equality keeps.
 * A missing signal triggers `onMissing`, also where another condition fails.
 * @throws SpillwayError `missing-signal` where a signal is missing and the policy says `onMissing: 'error'`
 */
export function decide(policy: Policy, signals: Partial<Record<string, SignalValue>>): Decision {
  if ('always' in policy) return { action: policy.always, reason: 'always' }
  for (const { signal } of policy.keepWhen) {
    if (Object.hasOwn(signals, signal) && !isMissing(signals[signal])) continue
    if (policy.onMissing === 'error')
      throw new SpillwayError(
        'missing-signal',
        `the policy reads ${signal}, which is missing here, and says onMissing: error`,
      )
    return { action: policy.onMissing, reason: 'missing-signal', signal }
  }
  let open: string | undefined
  for (const condition of policy.keepWhen) {
    const holds = test(condition, signals[condition.signal]!)
    if (holds === false) return { action: 'escalate', reason: 'condition-fails', signal: condition.signal }
    if (holds === undefined) open ??= condition.signal
  }
  if (open !== undefined) return { action: 'undecided', reason: 'bounds', signal: open }
  return { action: 'keep', reason: 'conditions-hold' }
}

const isMissing = (value: SignalValue): value is null | undefined =>
  value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))

/** Whether a condition holds; `undefined` where the bounds do not tell. */
function test(condition: Condition, value: number | Bounds): boolean | undefined {
  const { lower, upper } = typeof value === 'number' ? { lower: value, upper: value } : value
  if ('atLeast' in condition) {
    if (lower !== undefined && lower >= condition.atLeast) return true
    if (upper !== undefined && upper < condition.atLeast) return false
  } else {
    if (upper !== undefined && upper <= condition.atMost) return true
    if (lower !== undefined && lower > condition.atMost) return false
  }
  return undefined
}
