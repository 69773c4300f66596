import type { LanguageModelV3, SharedV3ProviderOptions } from '@ai-sdk/provider'
import type { DecisionRecord } from '../cascade/record.ts'
import type { CountedTokens } from '../cascade/stage.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Price } from '../models/price.ts'

/** A policy, also as `policy.json` is imported, which is looked over. */
export type PolicyJson = Policy | Readonly<Record<string, unknown>>

/** A model's place in a cascade. */
export interface CascadeStage {
  model: LanguageModelV3
  /** What records call it; of two stages `small` and `large`, of more the model's own id. */
  name?: string
  /** Without one, costs and savings are not known. */
  price?: Price
  /** When its answer is kept, where it is not the last. */
  policy?: PolicyJson
  /**
   * The provider options that ask for the log-probability of every token, with k alternatives each (0: with none), for a
   * provider that has a way of its own.
   */
  logprobs?: (k: number) => SharedV3ProviderOptions
}

/** How a cascade behaves, whatever its models. */
export interface CascadeBehaviour {
  /** That of the first stage, where it has none of its own. */
  policy?: PolicyJson
  /** What records call the cascade, and `modelId`; otherwise the models' own ids. */
  id?: string
  /** `early`: of a stream, a kept answer is told from its decision on; else from its end on. */
  mode?: 'buffer' | 'early'
  /** Where the last stage fails, the whole answer of an earlier one stands in, if there is one; true. */
  fallback?: boolean
  /** Of a stream, asks the next stage already after so many tokens in a row with which it would be escalated. */
  speculateAfter?: number
  /** How many alternatives of a token count, where a policy does not say it. */
  topK?: number
  tokens?: CountedTokens
  /** Told of every request once it is over. */
  log?: (record: DecisionRecord) => void
  /** Whether records hold questions and answers. */
  texts?: boolean
  /** What records call the policy. */
  policyHash?: string
  /** ms, of any origin. */
  now?: () => number
  /** ms since 1970. */
  clock?: () => number
  newId?: () => string
}

/** Two models. */
export interface PairOptions extends CascadeBehaviour {
  small: LanguageModelV3
  large: LanguageModelV3
  prices?: { small?: Price; large?: Price }
}

/** Any number of models, the cheapest first. */
export interface StagesOptions extends CascadeBehaviour {
  stages: readonly CascadeStage[]
}

/** Which models, and how they behave. */
export type CascadeOptions = PairOptions | StagesOptions

export const stagesOf = (options: CascadeOptions): readonly CascadeStage[] => {
  if ('stages' in options) return options.stages
  const { small, large, prices = {} } = options
  return [
    { model: small, price: prices.small },
    { model: large, price: prices.large },
  ]
}
