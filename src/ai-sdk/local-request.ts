import type { LanguageModelV3CallOptions, LanguageModelV3Message, SharedV3Warning } from '@ai-sdk/provider'
import { SpillwayError } from '../core/errors.ts'
import type { Message, Model, ModelRequest } from '../models/model.ts'
import { wantedAlternatives } from './wanted.ts'

/** Settings without which the answer is still one. */
const IGNORED = ['topP', 'topK', 'presencePenalty', 'frequencyPenalty'] as const

/**
 * A call as a request of `spillway/models`.
 * @throws SpillwayError `usage` where the answer would be none: with tools, JSON, or a prompt of more than texts
 */
export function localRequest(
  model: Model,
  options: LanguageModelV3CallOptions,
): { request: ModelRequest; warnings: SharedV3Warning[] } {
  const { prompt, maxOutputTokens, temperature, seed, stopSequences, tools = [], toolChoice, responseFormat } = options
  const unable = (what: string) => new SpillwayError('usage', `${model.id}: a local model takes no ${what}`)
  if (tools.length > 0 && toolChoice?.type !== 'none') throw unable('tools')
  if (responseFormat?.type === 'json') throw unable('response format of JSON')
  const messages = prompt.map((message): Message => {
    if (message.role === 'tool') throw unable('results of tools')
    return { role: message.role, content: textOf(message, unable) }
  })
  // Without a chat template, the last message goes in as it stands.
  const raw = 'chat' in model && model.chat === false
  const topLogprobs = wantedAlternatives(options)
  return {
    request: {
      prompt: raw ? (messages.at(-1)?.content ?? '') : messages,
      ...(maxOutputTokens === undefined ? {} : { maxTokens: maxOutputTokens }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(seed === undefined ? {} : { seed }),
      ...(stopSequences === undefined ? {} : { stop: stopSequences }),
      ...(topLogprobs === undefined ? {} : { topLogprobs }),
    },
    warnings: IGNORED.filter((name) => options[name] !== undefined).map((feature) => ({
      type: 'unsupported',
      feature,
    })),
  }
}

function textOf({ role, content }: Exclude<LanguageModelV3Message, { role: 'tool' }>, unable: (what: string) => Error) {
  if (role === 'system') return content
  return content
    .map((part) => {
      if (part.type === 'reasoning') return ''
      if (part.type !== 'text') throw unable(`prompt with a part of type ${part.type}`)
      return part.text
    })
    .join('')
}
