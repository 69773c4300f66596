import type { LanguageModelV3StreamPart } from '@ai-sdk/provider'
import { fieldsOf, numberOf, textOf, type Fields } from '../models/openai/wire.ts'

/** Puts the pieces of calls to tools together. */
export interface Calls {
  take(piece: Fields): LanguageModelV3StreamPart[]
  end(): LanguageModelV3StreamPart[]
}

interface Call {
  id: string
  name: string
  input: string
}

export function callsOf(): Calls {
  const calls = new Map<number, Call>()
  return {
    take(piece) {
      const told = fieldsOf(piece.function) ?? {}
      // Whole answers do not number their calls.
      const index = numberOf(piece.index) ?? calls.size
      const input = textOf(told.arguments) ?? ''
      const parts: LanguageModelV3StreamPart[] = []
      let call = calls.get(index)
      if (call === undefined) {
        call = { id: textOf(piece.id) ?? crypto.randomUUID(), name: textOf(told.name) ?? '', input: '' }
        calls.set(index, call)
        parts.push({ type: 'tool-input-start', id: call.id, toolName: call.name })
      }
      call.input += input
      if (input !== '') parts.push({ type: 'tool-input-delta', id: call.id, delta: input })
      return parts
    },
    end: () =>
      [...calls.values()].flatMap(({ id, name, input }): LanguageModelV3StreamPart[] => [
        { type: 'tool-input-end', id },
        { type: 'tool-call', toolCallId: id, toolName: name, input: input === '' ? '{}' : input },
      ]),
  }
}
