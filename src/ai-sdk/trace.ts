import type { LanguageModelV3FinishReason, SharedV3ProviderMetadata } from '@ai-sdk/provider'
import type { ModelEvent } from '../models/model.ts'
import { answerReader, type AnswerReader } from '../models/openai/answer-reader.ts'
import { fieldsOf, listOf } from '../models/openai/wire.ts'
import { chatInMetadata, chatOf, type Said } from './wire.ts'

/** Finds the tokens of one answer in what a provider's package lets through of it. */
export interface Trace {
  /** A raw chunk of a stream, or the body of a whole answer. @throws ModelError where it cannot be read */
  take(raw: unknown): ModelEvent[]
  /**
   * The rest, once the answer has ended.
   * @throws ModelError where the server broke off before it said that the answer is over
   */
  end(finish: LanguageModelV3FinishReason, metadata: SharedV3ProviderMetadata | undefined, said: Said): ModelEvent[]
}

/**
 * Raw chunks come while the answer does. Where there are none, the tokens that the package tells with the end of the
 * answer do; both are read by the reader of `spillway/models`, so that the same tokens count as everywhere.
 * @param place what messages call the model
 * @param k how many alternatives were asked for
 */
export function traceOf(place: string, k: number): Trace {
  const read = () => answerReader({ place, secrets: [], model: place, keyed: false }, { api: 'chat', k, texts: false })
  let reader: AnswerReader | undefined
  let found = false
  const noted = (events: readonly ModelEvent[]): ModelEvent[] => {
    const tokens = events.filter(({ type }) => type === 'token')
    found ||= tokens.length > 0
    return tokens
  }
  return {
    take(raw) {
      const own = ownEvents(raw)
      if (own !== undefined) return noted(own)
      const chat = chatOf(raw)
      return chat === undefined ? [] : noted((reader ??= read()).take(chat))
    },
    end({ unified, raw }, metadata, said) {
      const marked = raw !== undefined || unified !== 'other'
      const rest = reader === undefined ? [] : noted(reader.end(marked))
      if (found) return rest
      const told = chatInMetadata(metadata, said)
      if (told === undefined) return []
      const late = read()
      return noted([...late.take(told), ...late.end(true)])
    },
  }
}

/** What models of `languageModel` pass on as their own: events, exact entropies included. */
function ownEvents(raw: unknown): ModelEvent[] | undefined {
  const fields = fieldsOf(raw)
  if (fields?.object === 'spillway.events') return listOf(fields.events) as ModelEvent[] | undefined
  return undefined
}
