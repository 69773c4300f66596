/** What becomes of the small model's answer. */
export type Action = 'keep' | 'escalate'

/** One condition: the signal must be at least (higher is certain) or at most (lower is certain) a threshold. */
export type Condition = { signal: string; atLeast: number } | { signal: string; atMost: number }

/** What happens where a signal that the policy reads is missing. */
export type OnMissing = 'escalate' | 'keep' | 'error'

/** How a signal was measured where the policy was tuned; what is left out is not known. */
export interface SignalSource {
  /** Which of its values are certain; two signals of one name and opposite directions are not the same signal. */
  direction?: 'higher' | 'lower'
  unit?: string
  /** From so many alternatives a token; signals of different k are not comparable. */
  topK?: number
  /** The small model whose answers it was measured on. */
  model?: string
  /** The temperature at which they were sampled. */
  temperature?: number
}

/** What every policy file may say about itself. */
export interface PolicyNotes {
  version: 1
  signals?: Partial<Record<string, SignalSource>>
  /** Where the policy comes from and what it may be expected to give; nothing of it takes part in a decision. */
  provenance?: Record<string, unknown>
}

/** Keeps iff every condition holds; any missing signal triggers `onMissing`. */
export interface ThresholdPolicy extends PolicyNotes {
  keepWhen: Condition[]
  onMissing: OnMissing
}

/** A range of a signal's values: from `atLeast`, or strictly `above`, to `atMost`, or strictly `below`; a side left out is open. */
export interface Interval {
  atLeast?: number
  above?: number
  atMost?: number
  below?: number
}

/** Keeps iff one signal lies in one of some ranges, which need not be one side of a threshold. */
export interface IntervalPolicy extends PolicyNotes {
  keepWithin: { signal: string; intervals: Interval[] }
  onMissing: OnMissing
}

/** One signal's part in a predicted gain: straight lines between points [signal, gain], flat outside; missing: 0. */
export interface GainTerm {
  signal: string
  points: [number, number][]
}

/**
 * Escalates iff the predicted gain in quality, a constant and one term a signal, is above a price. A missing signal
 * adds nothing, which is its average; `onMissing` is triggered only where all of them are missing.
 */
export interface GainPolicy extends PolicyNotes {
  predictedGain: { constant: number; terms: GainTerm[] }
  escalateAbove: number
  onMissing: OnMissing
}

/** An end of every curve: one action whatever the signals say. */
export interface AlwaysPolicy extends PolicyNotes {
  always: Action
}

/** A rule from signals to keep or escalate. Plain JSON: the same file drives the offline replay and the gateway. */
export type Policy = ThresholdPolicy | IntervalPolicy | GainPolicy | AlwaysPolicy

/** The policy that does the same with every query. */
export const always = (action: Action): AlwaysPolicy => ({ version: 1, always: action })

/** The policy that keeps an answer where all conditions hold. */
export const keepWhen = (conditions: Condition[], onMissing: OnMissing = 'escalate'): ThresholdPolicy => ({
  version: 1,
  keepWhen: conditions,
  onMissing,
})

/** The policy that keeps an answer where a signal lies in one of some ranges. */
export const keepWithin = (
  signal: string,
  intervals: Interval[],
  onMissing: OnMissing = 'escalate',
): IntervalPolicy => ({ version: 1, keepWithin: { signal, intervals }, onMissing })

/** The condition that a threshold puts on a signal of that direction. */
export const condition = (signal: string, direction: 'higher' | 'lower', threshold: number): Condition =>
  direction === 'higher' ? { signal, atLeast: threshold } : { signal, atMost: threshold }

/** The threshold of a condition, whichever side it is on. */
export const thresholdOf = (condition: Condition): number =>
  'atLeast' in condition ? condition.atLeast : condition.atMost

/** The conditions of a threshold policy; others have none. */
export const conditionsOf = (policy: Policy): Condition[] => ('keepWhen' in policy ? policy.keepWhen : [])

/** The names of the signals a policy reads, in order. */
export function signalsRead(policy: Policy): string[] {
  if ('keepWhen' in policy) return policy.keepWhen.map(({ signal }) => signal)
  if ('keepWithin' in policy) return [policy.keepWithin.signal]
  return 'predictedGain' in policy ? policy.predictedGain.terms.map(({ signal }) => signal) : []
}
