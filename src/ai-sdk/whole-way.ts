import type { LanguageModelV3GenerateResult } from '@ai-sdk/provider'
import type { Part } from '../cascade/stage.ts'
import { ModelError } from '../models/model-error.ts'
import type { ModelEvent } from '../models/model.ts'
import type { Telling, Way } from './ask-stage.ts'
import { endEvents, eventsOf } from './events.ts'
import { withoutLogprobs } from './metadata.ts'

/** A whole answer. */
export interface WholePart extends Part {
  result: LanguageModelV3GenerateResult
}

/** Asks for an answer in one piece. */
export const wholeWay: Way<LanguageModelV3GenerateResult, WholePart, undefined> = {
  ask: ({ model }, options) => model.doGenerate(options),
  read: (result, told) => ({ meta: undefined, parts: partOf(result, told) }),
}

async function* partOf(
  result: LanguageModelV3GenerateResult,
  { place, trace, hidden, onUsage }: Telling,
): AsyncGenerator<WholePart> {
  const { content, finishReason, usage, providerMetadata } = result
  if (finishReason.unified === 'error') throw new ModelError(`${place}: the answer ended with an error`, { place })
  const said = eventsOf(content)
  const textOf = (type: 'text' | 'tool') => said.flatMap((event) => (event.type === type ? [event.text] : []))
  const tokens: ModelEvent[] =
    trace === undefined
      ? []
      : [
          ...trace.take(result.response?.body),
          ...trace.end(finishReason, providerMetadata, { text: textOf('text').join(''), tools: textOf('tool') }),
        ]
  onUsage(usage)
  yield {
    result: hidden ? { ...result, providerMetadata: withoutLogprobs(providerMetadata) } : result,
    events: [...said, ...tokens, ...endEvents(usage, finishReason)],
  }
}
