export type Action = 'keep' | 'escalate'

/** One condition: the signal must be at least (higher is certain) or at most (lower is certain) a threshold. */
export type Condition = { signal: string; atLeast: number } | { signal: string; atMost: number }

/** What happens where a signal that the policy reads is missing. */
export type OnMissing = 'escalate' | 'keep' | 'error'

/** Keeps iff every condition holds; any missing signal triggers `onMissing`. */
export interface ThresholdPolicy {
  version: 1
  keepWhen: Condition[]
  onMissing: OnMissing
}

/** An end of every curve: one action whatever the signals say. */
export interface AlwaysPolicy {
  version: 1
  always: Action
}

/** A rule from signals to keep or escalate. Plain JSON: the same file drives the offline replay and the gateway. */
export type Policy = ThresholdPolicy | AlwaysPolicy

export const always = (action: Action): AlwaysPolicy => ({ version: 1, always: action })

export const keepWhen = (conditions: Condition[], onMissing: OnMissing = 'escalate'): ThresholdPolicy => ({
  version: 1,
  keepWhen: conditions,
  onMissing,
})

/** The condition that a threshold puts on a signal of that direction. */
export const condition = (signal: string, direction: 'higher' | 'lower', threshold: number): Condition =>
  direction === 'higher' ? { signal, atLeast: threshold } : { signal, atMost: threshold }

/** The threshold of a condition, whichever side it is on. */
export const thresholdOf = (condition: Condition): number =>
  'atLeast' in condition ? condition.atLeast : condition.atMost

/** The names of the signals a policy reads, in order. */
export const signalsRead = (policy: Policy): string[] =>
  'always' in policy ? [] : policy.keepWhen.map(({ signal }) => signal)

/** A policy in one line, as a reader would say it: `keep when mean_logprob >= -0.31 and mean_entropy <= 0.8`. */
export function describePolicy(policy: Policy): string {
  if ('always' in policy) return `always ${policy.always}`
  const parts = policy.keepWhen.map((c) =>
    'atLeast' in c ? `${c.signal} >= ${c.atLeast}` : `${c.signal} <= ${c.atMost}`,
  )
  return `keep when ${parts.join(' and ')}`
}
