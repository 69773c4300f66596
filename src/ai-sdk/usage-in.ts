import type { JSONObject, LanguageModelV3Usage } from '@ai-sdk/provider'
import type { Usage } from '../models/model.ts'
import { usageOf } from '../models/openai/usage.ts'
import { fieldsOf, numberOf, type Fields } from '../models/openai/wire.ts'

/** The tokens of an answer as its server counts them. */
export function usageIn(answer: Fields | undefined): LanguageModelV3Usage {
  const usage = fieldsOf(answer?.usage)
  const reasoning = numberOf(fieldsOf(usage?.completion_tokens_details)?.reasoning_tokens)
  const counted = usageFrom(answer === undefined ? undefined : usageOf(answer), reasoning)
  return usage === undefined ? counted : { ...counted, raw: usage as JSONObject }
}

/** @param reasoning of the output, hidden reasoning */
export function usageFrom(usage: Usage | undefined, reasoning?: number): LanguageModelV3Usage {
  const { inputTokens: input, cachedInputTokens: cached, outputTokens: output } = usage ?? {}
  return {
    inputTokens: {
      total: input,
      noCache: input === undefined ? undefined : input - (cached ?? 0),
      cacheRead: cached,
      cacheWrite: undefined,
    },
    outputTokens: { total: output, text: output === undefined ? undefined : output - (reasoning ?? 0), reasoning },
  }
}
