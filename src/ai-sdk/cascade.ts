import type { LanguageModelV3 } from '@ai-sdk/provider'
import { tunedTemperature } from '../cascade/tuned-on.ts'
import { generate } from './generate.ts'
import type { CascadeOptions } from './options.ts'
import { placesOf } from './place.ts'
import { stream } from './stream.ts'
import { commonUrls } from './supported-urls.ts'

/**
 * A cascade of AI SDK language models, which is one itself: the first answers, and its policy decides on the signals of
 * that very answer whether it stands or the next one is asked.
 *
 * A model's call fails with what the last stage's provider threw, with SpillwayError `missing-signal` where the policy
 * wants a signal that is missing, and with the reason of an abort.
 * @throws SpillwayError `usage` where a stage but the last has no policy, or one that cannot be measured as answers come
 */
export function cascade(options: CascadeOptions): LanguageModelV3 {
  const places = placesOf(options)
  const { id = places.map(({ model }) => model.modelId).join(' > ') } = options
  const policies = places.flatMap(({ keep }) => (keep === undefined ? [] : [keep.policy]))
  const settings = { ...options, id, places, tunedTemperature: tunedTemperature(policies) }
  return {
    specificationVersion: 'v3',
    provider: 'spillway',
    modelId: id,
    get supportedUrls() {
      return commonUrls(places.map(({ model }) => model.supportedUrls))
    },
    doGenerate: (asked) => generate(settings, asked),
    doStream: (asked) => stream(settings, asked),
  }
}
