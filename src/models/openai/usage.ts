import type { Usage } from '../model.ts'
import { fieldsOf, numberOf, type Fields } from './wire.ts'

/** The tokens of an answer as its server counts them, where it does. */
export function usageOf(answer: Fields): Usage | undefined {
  const usage = fieldsOf(answer.usage)
  if (usage === undefined) return nativeUsage(answer)
  const details = fieldsOf(usage.prompt_tokens_details)
  // The Responses API has other names.
  const input = fieldsOf(usage.input_tokens_details)
  return usageFrom(
    numberOf(usage.prompt_tokens) ?? numberOf(usage.input_tokens),
    // DeepSeek's name for it.
    numberOf(details?.cached_tokens) ?? numberOf(input?.cached_tokens) ?? numberOf(usage.prompt_cache_hit_tokens),
    // Embeddings have none.
    numberOf(usage.completion_tokens) ?? numberOf(usage.output_tokens) ?? (embeds(usage) ? 0 : undefined),
  )
}

/** Whether what was counted are embeddings: of all input, and nothing else. */
const embeds = (usage: Fields): boolean =>
  usage.completion_tokens === undefined &&
  usage.prompt_tokens !== undefined &&
  usage.prompt_tokens === usage.total_tokens

/** Whether an answer's usage counts tokens of hidden reasoning. */
export const usedReasoning = (answer: Fields): boolean =>
  (numberOf(fieldsOf(fieldsOf(answer.usage)?.completion_tokens_details)?.reasoning_tokens) ?? 0) > 0

/** llama.cpp's own API counts at the end of an answer. */
function nativeUsage(answer: Fields): Usage | undefined {
  if (answer.stop !== true) return undefined
  const cached = numberOf(fieldsOf(answer.timings)?.cache_n)
  return usageFrom(numberOf(answer.tokens_evaluated), cached, numberOf(answer.tokens_predicted))
}

function usageFrom(input: number | undefined, cached: number | undefined, output: number | undefined) {
  if (input === undefined || output === undefined) return undefined
  return { inputTokens: input, ...(cached === undefined ? {} : { cachedInputTokens: cached }), outputTokens: output }
}
