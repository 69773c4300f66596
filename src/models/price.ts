import type { Usage } from './model.ts'

/** What a model costs: USD per million tokens, or one amount a call in whatever unit the run has. 0 is a price. */
export type Price =
  | {
      input: number
      /** Input read from a cache; otherwise as `input`. */
      cached?: number
      output: number
    }
  | { call: number }

const MILLION = 1e6

/** The cost of one call; `undefined` where the price is by token and the endpoint does not count them. */
export function callCost(price: Price, usage: Usage | undefined): number | undefined {
  if ('call' in price) return price.call
  const { input, output, cached = input } = price
  if (input === 0 && output === 0 && cached === 0) return 0
  if (usage === undefined) return undefined
  const fromCache = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens)
  return ((usage.inputTokens - fromCache) * input + fromCache * cached + usage.outputTokens * output) / MILLION
}

/** No call costs more: a token is at least one byte of the prompt, and the answer has a limit. */
export function mostCost(price: Price, promptBytes: number, maxTokens: number): number {
  if ('call' in price) return price.call
  return (promptBytes * Math.max(price.input, price.cached ?? 0) + maxTokens * price.output) / MILLION
}
