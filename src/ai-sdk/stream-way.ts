import type { LanguageModelV3StreamPart, LanguageModelV3StreamResult } from '@ai-sdk/provider'
import type { Part } from '../cascade/stage.ts'
import { ModelError } from '../models/model-error.ts'
import type { Stop } from '../models/stop.ts'
import type { Telling, Way } from './ask-stage.ts'
import { endEvents, listener } from './events.ts'
import { faultOf } from './fault.ts'
import { withoutLogprobs } from './metadata.ts'

/** A part of a streamed answer. */
export interface StreamedPart extends Part {
  part: LanguageModelV3StreamPart
}

export type StreamHead = Omit<LanguageModelV3StreamResult, 'stream'>

/** Asks for an answer as a stream. */
export const streamWay: Way<LanguageModelV3StreamResult, StreamedPart, StreamHead> = {
  ask: ({ model }, options) => model.doStream(options),
  read: ({ stream, ...meta }, told) => ({ meta, parts: partsOf(stream, told) }),
}

async function* partsOf(
  stream: ReadableStream<LanguageModelV3StreamPart>,
  { place, trace, signal, hidden, onUsage }: Telling,
): AsyncGenerator<StreamedPart> {
  const said = listener()
  let ended = false
  for await (const part of itemsOf(stream, signal, place)) {
    if (part.type === 'error') {
      yield { part, events: [], failure: faultOf(part.error, place) }
      return
    }
    if (part.type !== 'finish') {
      yield { part, events: part.type === 'raw' ? (trace?.take(part.rawValue) ?? []) : said.take(part) }
      continue
    }
    const { usage, finishReason, providerMetadata } = part
    if (finishReason.unified === 'error') throw new ModelError(`${place}: the answer ended with an error`, { place })
    const tokens = trace?.end(finishReason, providerMetadata, said) ?? []
    onUsage(usage)
    const told = hidden ? { ...part, providerMetadata: withoutLogprobs(providerMetadata) } : part
    ended = true
    yield { part: told, events: [...tokens, ...endEvents(usage, finishReason)] }
  }
  if (!ended) throw new ModelError(`${place}: the answer stopped short of its end`, { place, retryable: true })
}

/**
 * The items of a stream, which is let go of with the loop.
 * @throws the signal's reason where it is aborted, whatever the stream makes of that; else ModelError
 */
async function* itemsOf<T>(stream: ReadableStream<T>, signal: Stop, place: string): AsyncGenerator<T> {
  const reader = stream.getReader()
  // Whoever does not listen to the signal is left by it all the same. A stream that has failed has nothing to cancel.
  const leave = () => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', leave, { once: true })
  let over = false
  try {
    while (!over) {
      signal.throwIfAborted()
      let step: Awaited<ReturnType<typeof reader.read>>
      try {
        step = await reader.read()
      } catch (error) {
        over = true
        signal.throwIfAborted()
        throw faultOf(error, place)
      }
      signal.throwIfAborted()
      over = step.done
      if (!step.done) yield step.value
    }
  } finally {
    signal.removeEventListener('abort', leave)
    if (!over) leave()
  }
}
