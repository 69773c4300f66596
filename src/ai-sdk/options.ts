import type { LanguageModelV3, SharedV3ProviderOptions } from '@ai-sdk/provider'
import type { CascadeBehaviour } from '../cascade/cascade.ts'
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

/** Two models. */
export interface PairOptions extends CascadeBehaviour<PolicyJson> {
  small: LanguageModelV3
  large: LanguageModelV3
  prices?: { small?: Price; large?: Price }
}

/** Any number of models, the cheapest first. */
export interface StagesOptions extends CascadeBehaviour<PolicyJson> {
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
