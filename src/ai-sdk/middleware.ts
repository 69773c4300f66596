import type { LanguageModelV3, LanguageModelV3Middleware } from '@ai-sdk/provider'
import { cascade } from './cascade.ts'
import type { PairOptions } from './options.ts'

/**
 * The same for `wrapLanguageModel`: the model that is wrapped is the large one, and keeps its name.
 * @throws SpillwayError `usage` as `cascade`, at the first call
 */
export function cascadeMiddleware(options: Omit<PairOptions, 'large'>): LanguageModelV3Middleware {
  const made = new WeakMap<LanguageModelV3, LanguageModelV3>()
  const over = (large: LanguageModelV3): LanguageModelV3 => {
    const known = made.get(large) ?? cascade({ ...options, large })
    made.set(large, known)
    return known
  }
  return {
    specificationVersion: 'v3',
    overrideSupportedUrls: ({ model }) => over(model).supportedUrls,
    wrapGenerate: ({ params, model }) => over(model).doGenerate(params),
    wrapStream: ({ params, model }) => over(model).doStream(params),
  }
}
