import type { LanguageModelV3 } from '@ai-sdk/provider'
import type { HttpModel } from '../models/exchange.ts'
import type { Model } from '../models/model.ts'
import { askHttp, streamHttp } from './http-model.ts'
import { askLocal, streamLocal } from './local-model.ts'
import { LOCAL } from './place.ts'

/**
 * A model of `spillway/models` as a language model of the AI SDK, which gives log-probabilities: a server with OpenAI's
 * chat API, or any other model, such as a GGUF file, which takes texts only.
 *
 * Its calls fail as the model does: with ModelError, SpillwayError `usage` for what it cannot take, the reason of an
 * abort. Settings that it knows nothing of are left out, with a warning.
 */
export function languageModel(model: Model | HttpModel): LanguageModelV3 {
  const kind = { specificationVersion: 'v3' as const, modelId: model.id, supportedUrls: {} }
  if (isHttp(model))
    return {
      ...kind,
      provider: 'spillway',
      doGenerate: (options) => askHttp(model, options),
      doStream: (options) => streamHttp(model, options),
    }
  return {
    ...kind,
    provider: LOCAL,
    doGenerate: (options) => askLocal(model, options),
    doStream: (options) => streamLocal(model, options),
  }
}

const isHttp = (model: Model | HttpModel): model is HttpModel => 'exchange' in model
