import type { LanguageModelV3FinishReason, LanguageModelV3StreamPart } from '@ai-sdk/provider'
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../models/openai/wire.ts'
import { callsOf } from './chat-calls.ts'
import { spanOf } from './span.ts'
import { usageIn } from './usage-in.ts'

/** Reads an answer of OpenAI's chat API, whole or piece by piece, as the AI SDK has it. */
export interface ChatParts {
  take(value: unknown): LanguageModelV3StreamPart[]
  end(): LanguageModelV3StreamPart[]
}

export function chatParts(): ChatParts {
  const spans = { text: spanOf('text'), reasoning: spanOf('reasoning') }
  const calls = callsOf()
  let usage: Fields | undefined
  let finish: string | undefined
  let headed = false
  return {
    take(value) {
      const answer = fieldsOf(value) ?? {}
      const parts: LanguageModelV3StreamPart[] = headed ? [] : [headOf(answer)]
      headed = true
      usage = fieldsOf(answer.usage) === undefined ? usage : answer
      const choice = (listOf(answer.choices) ?? [])
        .map((each) => fieldsOf(each))
        .find((each) => (each?.index ?? 0) === 0)
      finish = textOf(choice?.finish_reason) ?? finish
      const message = fieldsOf(choice?.delta) ?? fieldsOf(choice?.message)
      if (message === undefined) return parts
      const thought = textOf(message.reasoning_content) ?? textOf(message.reasoning) ?? ''
      const spoken = (textOf(message.content) ?? '') + (textOf(message.refusal) ?? '')
      if (thought !== '') parts.push(...spans.text.end(), ...spans.reasoning.say(thought))
      if (spoken !== '') parts.push(...spans.reasoning.end(), ...spans.text.say(spoken))
      for (const call of listOf(message.tool_calls) ?? []) parts.push(...calls.take(fieldsOf(call) ?? {}))
      return parts
    },
    end: () => [
      ...spans.reasoning.end(),
      ...spans.text.end(),
      ...calls.end(),
      { type: 'finish', finishReason: reasonOf(finish), usage: usageIn(usage) },
    ],
  }
}

const headOf = ({ id, model, created }: Fields): LanguageModelV3StreamPart => {
  const seconds = numberOf(created)
  return {
    type: 'response-metadata',
    ...(textOf(id) === undefined ? {} : { id: textOf(id) }),
    ...(textOf(model) === undefined ? {} : { modelId: textOf(model) }),
    ...(seconds === undefined ? {} : { timestamp: new Date(seconds * 1000) }),
  }
}

const reasons: Partial<Record<string, LanguageModelV3FinishReason['unified']>> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
}

const reasonOf = (raw: string | undefined): LanguageModelV3FinishReason => ({
  unified: (raw === undefined ? undefined : reasons[raw]) ?? 'other',
  raw,
})
