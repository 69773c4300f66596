import { SpillwayError } from '../core/errors.ts'
import { signalsRead, type Policy } from '../core/policy/policy.ts'
import { signalParts } from '../core/signals/signals.ts'
import type { CountedTokens, KeepRule } from './stage.ts'
import { unmeasured } from './watch.ts'

/** A rule, with how many alternatives of a token a model has to be asked for. */
export interface AskedRule extends KeepRule {
  alternatives: number
}

/** What a policy leaves open. */
export interface KeepRuleOptions {
  /** How many alternatives count, where the policy does not say it. */
  topK?: number
  tokens?: CountedTokens
  /** What messages call the policy. */
  place: string
}

/**
 * The rule of a policy, with what its signals are made of and no more.
 * @throws SpillwayError `usage` where the policy reads what cannot be measured on an answer as it comes, or signals of
 * different numbers of alternatives
 */
export function keepRuleOf(policy: Policy, { topK: usual, tokens, place }: KeepRuleOptions): AskedRule {
  const [strange] = unmeasured({ policy })
  if (strange !== undefined)
    throw new SpillwayError(
      'usage',
      `${place}: the policy reads ${strange}, which cannot be measured on an answer as it comes; tune one on signals of the answer's own tokens`,
    )
  const names = signalsRead(policy)
  const tuned = new Set(names.flatMap((name) => policy.signals?.[name]?.topK ?? []))
  if (tuned.size > 1)
    throw new SpillwayError(
      'usage',
      `${place}: its signals are from ${[...tuned].join(' and ')} alternatives; one request has one number of them`,
    )
  const [topK = usual] = tuned
  const margins = names.some((name) => signalParts(name).base.includes('margin'))
  return {
    policy,
    ...(topK === undefined ? {} : { topK }),
    ...(tokens === undefined ? {} : { tokens }),
    alternatives: topK ?? (margins ? 2 : 0),
  }
}

/** Whether a rule reads an entropy without knowing over how many alternatives. */
export const lacksAlternatives = ({ policy, topK }: KeepRule): boolean =>
  topK === undefined && signalsRead(policy).some((name) => signalParts(name).base.includes('entropy'))

/** Whether a rule's signals are made of alternatives: entropies and margins are. */
export const readsAlternatives = ({ policy }: KeepRule): boolean =>
  signalsRead(policy).some((name) => /entropy|margin/.test(signalParts(name).base))
