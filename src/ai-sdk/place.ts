import type { LanguageModelV3, SharedV3ProviderOptions } from '@ai-sdk/provider'
import { keepRuleOf, lacksAlternatives, type AskedRule } from '../cascade/keep-rule.ts'
import { otherModels } from '../cascade/tuned-on.ts'
import { SpillwayError } from '../core/errors.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { quirksOf, type Quirks } from '../models/openai/quirks.ts'
import type { Price } from '../models/price.ts'
import { providerOf, waysToAsk } from './asking.ts'
import { stagesOf, type CascadeOptions, type CascadeStage } from './options.ts'

/** A model in its place in a cascade. */
export interface Placed {
  name: string
  model: LanguageModelV3
  price?: Price
  /** The last stage has none. */
  keep?: AskedRule
  logprobs: (k: number) => SharedV3ProviderOptions
  /** What its server was found not to take. */
  quirks: Quirks
  /** What is to be said of it with every answer. */
  warnings: string[]
}

/** What messages call a model. */
export const labelOf = ({ name, model }: Pick<Placed, 'name' | 'model'>): string =>
  `${name} (${model.provider} ${model.modelId})`

/** @throws SpillwayError `usage` where the options are no cascade */
export function placesOf(options: CascadeOptions): Placed[] {
  const stages = stagesOf(options)
  if (stages.length === 0) throw new SpillwayError('usage', 'a cascade takes at least one stage')
  return stages.map((stage, i) => placeOf(stage, i, stages.length, options))
}

function placeOf(stage: CascadeStage, i: number, length: number, options: CascadeOptions): Placed {
  const { model, price } = stage
  const name = stage.name ?? (length === 2 ? ['small', 'large'][i] : (model as Partial<LanguageModelV3>).modelId)
  if (name === undefined || (model as Partial<LanguageModelV3>).specificationVersion !== 'v3')
    throw new SpillwayError(
      'usage',
      `${name ?? `stage ${i + 1}`} is no LanguageModelV3; take a model of a provider package for ai 6, such as openai('gpt-4.1-nano') of @ai-sdk/openai 3`,
    )
  const warnings: string[] = []
  return {
    name,
    model,
    ...(price === undefined ? {} : { price }),
    ...(i === length - 1 ? {} : { keep: ruleOf(stage, name, i, options, warnings) }),
    logprobs: stage.logprobs ?? waysToAsk(model.provider),
    quirks: quirksOf((text) => warnings.push(`${labelOf({ name, model })}: ${text}`)),
    warnings,
  }
}

function ruleOf(
  { model, policy: own }: CascadeStage,
  name: string,
  i: number,
  { policy: first, topK, tokens }: CascadeOptions,
  warnings: string[],
): AskedRule {
  const given = own ?? (i === 0 ? first : undefined)
  if (given === undefined)
    throw new SpillwayError('usage', `the stage ${name} has no policy; each but the last takes one`)
  const place = `the policy of ${name}`
  const policy = parsePolicy(JSON.stringify(given), place)
  const rule = keepRuleOf(policy, { topK, tokens, place })
  if (lacksAlternatives(rule) && providerOf(model.provider) !== LOCAL)
    throw new SpillwayError(
      'usage',
      `${place}: an entropy is a matter of how many alternatives are seen, which the policy does not say; give topK: N beside it`,
    )
  warnings.push(...otherModels(policy, [model.modelId]))
  return rule
}

/** What runs in this process sees the whole distribution. */
export const LOCAL = 'spillway-local'
