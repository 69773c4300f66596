import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { JSONObject, LanguageModelV3 } from '@ai-sdk/provider'
import { languageModel } from '../../src/ai-sdk/language-model.ts'
import { cascade, type PairOptions } from '../../src/ai-sdk/index.ts'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import { keepWhen, type Policy } from '../../src/core/policy/policy.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { upstream, type Said, type Upstream, type UpstreamAsked } from './upstream.ts'

// They are looked at, not printed.
globalThis.AI_SDK_LOG_WARNINGS = false

/** The ways of the AI SDK to one server, each with a package, or a door of it, of its own. */
export const ways = {
  openai: (url, model) => createOpenAI({ baseURL: url, apiKey: 'none' }).chat(model),
  compatible: (url, model) => createOpenAICompatible({ name: 'local', baseURL: url, includeUsage: true })(model),
  own: (url, model) => languageModel(openAiModel({ id: model, url, model, retries: 0 })),
} satisfies Record<string, (url: string, model: string) => LanguageModelV3>

export type WayName = keyof typeof ways
export const wayNames = Object.keys(ways) as WayName[]

/** Keeps where the mean of the log-probabilities is at least −1. */
export const MEAN: Policy = keepWhen([{ signal: 'mean_logprob', atLeast: -1 }])

export interface Scene {
  small: Upstream
  large: Upstream
  model: LanguageModelV3
  records: DecisionRecord[]
}

/** A cascade over two servers, each of which does what it is told. */
export async function scene(
  way: WayName,
  said: { small?: Script; large?: Script } = {},
  options: Partial<PairOptions> = {},
): Promise<Scene> {
  const script = (one: Script = {}) => (typeof one === 'function' ? one : () => one)
  const small = await upstream(script(said.small))
  const large = await upstream(script(said.large))
  const records: DecisionRecord[] = []
  const model = cascade({
    small: ways[way](small.url, 'tiny'),
    large: ways[way](large.url, 'big'),
    policy: MEAN,
    prices: { small: { input: 1, output: 1 }, large: { input: 10, output: 10 } },
    log: (record) => records.push(record),
    ...options,
  })
  return { small, large, model, records }
}

type Script = Said | ((asked: UpstreamAsked, before: number) => Said)

/** What a cascade's answer says of its decision. */
export const toldBy = (metadata: Record<string, JSONObject> | undefined) =>
  metadata?.spillway as unknown as DecisionRecord
