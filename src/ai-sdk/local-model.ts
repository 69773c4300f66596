import type {
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamPart,
  LanguageModelV3StreamResult,
} from '@ai-sdk/provider'
import type { Model, ModelEvent, Usage } from '../models/model.ts'
import { localRequest } from './local-request.ts'
import { resultOf } from './result.ts'
import { spanOf } from './span.ts'
import { streamFrom } from './stream-from.ts'
import { usageFrom } from './usage-in.ts'

/** @throws ModelError; SpillwayError `usage` for what a local model cannot take; the reason of an abort */
export async function askLocal(
  model: Model,
  options: LanguageModelV3CallOptions,
): Promise<LanguageModelV3GenerateResult> {
  const { request, warnings } = localRequest(model, options)
  const events: ModelEvent[] = []
  const parts: LanguageModelV3StreamPart[] = []
  async function* noted(): AsyncGenerator<ModelEvent> {
    for await (const event of model.generate(request, { signal: options.abortSignal })) {
      events.push(event)
      yield event
    }
  }
  for await (const part of partsOf(noted(), false)) parts.push(part)
  return { ...resultOf(parts, warnings), response: { modelId: model.id, body: rawOf(events) } }
}

/** @throws SpillwayError `usage` for what a local model cannot take */
export async function streamLocal(
  model: Model,
  options: LanguageModelV3CallOptions,
): Promise<LanguageModelV3StreamResult> {
  const { request, warnings } = localRequest(model, options)
  const { abortSignal, includeRawChunks = false } = options
  async function* parts(): AsyncGenerator<LanguageModelV3StreamPart> {
    yield { type: 'stream-start', warnings }
    yield { type: 'response-metadata', modelId: model.id }
    yield* partsOf(model.generate(request, { signal: abortSignal }), includeRawChunks)
  }
  return { stream: streamFrom(parts()) }
}

async function* partsOf(
  events: AsyncIterable<ModelEvent>,
  wantsRaw: boolean,
): AsyncGenerator<LanguageModelV3StreamPart> {
  const text = spanOf('text')
  let usage: Usage | undefined
  for await (const event of events) {
    if (wantsRaw && event.type === 'token') yield { type: 'raw', rawValue: rawOf([event]) }
    if (event.type === 'text' && event.text !== '') yield* text.say(event.text)
    else if (event.type === 'usage') usage = event.usage
    else if (event.type === 'finish') {
      yield* text.end()
      yield { type: 'finish', finishReason: { unified: event.reason, raw: event.reason }, usage: usageFrom(usage) }
    }
  }
}

/** What such a model tells besides its text, with exact entropies, for which OpenAI's API has no word. */
const rawOf = (events: readonly ModelEvent[]) => ({ object: 'spillway.events', events })
