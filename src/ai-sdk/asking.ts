import type { LanguageModelV3CallOptions, SharedV3ProviderOptions } from '@ai-sdk/provider'

type Way = (k: number) => SharedV3ProviderOptions

/** The name by which a provider knows its options: `azure.chat` is asked as `azure`. */
export const providerOf = (provider: string): string => provider.split('.')[0].trim()

/** @ai-sdk/openai writes 0 alternatives as `top_logprobs: 0`, which llama.cpp takes for none at all, and its Responses API refuses. */
const openai: Way = (k) => ({ openai: { logprobs: Math.max(1, k) } })
const flagged =
  (name: string, alternatives = 'topLogprobs'): Way =>
  (k) => ({ [name]: { logprobs: true, ...(k === 0 ? {} : { [alternatives]: k }) } })
const spillway: Way = (k) => ({ spillway: { topLogprobs: k } })

const ways: Partial<Record<string, Way>> = {
  openai,
  azure: (k) => ({ ...openai(k), azure: { logprobs: Math.max(1, k) } }),
  xai: flagged('xai'),
  deepseek: flagged('deepseek'),
  spillway,
  'spillway-local': spillway,
}

/**
 * How log-probabilities are asked of a provider. One that is not known is taken for a model of @ai-sdk/openai-compatible,
 * which sends on what it does not know as it stands, or for one of @ai-sdk/openai under another name.
 */
export const waysToAsk = (provider: string): Way => {
  const name = providerOf(provider)
  return ways[name] ?? ((k) => ({ ...openai(k), ...flagged(name, 'top_logprobs')(k) }))
}

/** Whether a caller asks for log-probabilities by itself, and so wants to be told them. */
export function asksItself(
  { providerOptions = {} }: LanguageModelV3CallOptions,
  asked: SharedV3ProviderOptions,
): boolean {
  return Object.entries(asked).some(([name, fields]) => {
    const own = providerOptions[name] ?? {}
    return Object.keys(fields).some((field) => own[field] !== undefined && own[field] !== false)
  })
}

/** The options with log-probabilities asked for besides; of two numbers of alternatives, the larger. */
export function withLogprobs(
  options: LanguageModelV3CallOptions,
  asked: SharedV3ProviderOptions,
): LanguageModelV3CallOptions {
  const providerOptions = { ...options.providerOptions }
  for (const [name, fields] of Object.entries(asked)) {
    const all = { ...providerOptions[name] }
    for (const [field, value] of Object.entries(fields)) {
      const own = all[field]
      all[field] = typeof own === 'number' && typeof value === 'number' ? Math.max(own, value) : value
    }
    providerOptions[name] = all
  }
  return { ...options, providerOptions, includeRawChunks: true }
}
