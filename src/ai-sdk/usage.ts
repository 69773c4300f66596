import type { JSONObject, LanguageModelV3Usage } from '@ai-sdk/provider'
import type { CallRecord } from '../cascade/record.ts'

/**
 * Tokens of all calls together. Of a call that nobody counted, such as one that was stopped, what had come counts; what
 * none of them tells is `undefined`.
 * @param counted by stage, what its provider counted
 */
export function usageOf(
  calls: readonly CallRecord[],
  counted: ReadonlyMap<string, LanguageModelV3Usage>,
): LanguageModelV3Usage {
  const all = calls.map((call) => counted.get(call.stage) ?? estimate(call))
  const raw = Object.fromEntries(
    calls.flatMap(({ stage }): [string, JSONObject][] => {
      const own = counted.get(stage)?.raw
      return own === undefined ? [] : [[stage, own]]
    }),
  )
  const sum = <K extends 'inputTokens' | 'outputTokens'>(side: K, name: keyof LanguageModelV3Usage[K]) =>
    total(all.map((usage) => usage[side][name] as number | undefined))
  return {
    inputTokens: {
      total: sum('inputTokens', 'total'),
      noCache: sum('inputTokens', 'noCache'),
      cacheRead: sum('inputTokens', 'cacheRead'),
      cacheWrite: sum('inputTokens', 'cacheWrite'),
    },
    outputTokens: {
      total: sum('outputTokens', 'total'),
      text: sum('outputTokens', 'text'),
      reasoning: sum('outputTokens', 'reasoning'),
    },
    ...(Object.keys(raw).length === 0 ? {} : { raw }),
  }
}

function estimate({ input_tokens: input, output_tokens: output }: CallRecord): LanguageModelV3Usage {
  return {
    inputTokens: { total: input, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: undefined, reasoning: undefined },
  }
}

function total(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0)
}
