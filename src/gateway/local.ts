import type { Exchange, ExchangeOptions } from '../models/exchange.ts'
import type { Message, Model, ModelEvent, ModelRequest } from '../models/model.ts'
import type { Piece } from '../models/openai/attempt.ts'
import { ModelError } from '../models/model-error.ts'
import { abortSignalOf } from '../models/stop.ts'
import { chunkOf, endOf, wholeOf, type Answered, type Naming } from './wire/local-answer.ts'

interface Body {
  model: string
  messages?: unknown
  prompt?: unknown
  max_tokens?: number
  max_completion_tokens?: number
  temperature?: number
  seed?: number
  stop?: string | string[]
  stream?: boolean
  logprobs?: boolean | number
  top_logprobs?: number
}

/**
 * A local model as if it stood behind OpenAI's API. It takes texts only; fields that it knows nothing of are ignored, as
 * servers do, but for those without which the answer would be no answer.
 * @param chat whether it has a chat template; without one, the last message goes in as it stands
 */
export function localExchange(model: Model, chat: boolean, now: () => number) {
  let made = 0
  return async (bytes: Uint8Array, { signal, facts }: ExchangeOptions): Promise<Exchange> => {
    const body = JSON.parse(Buffer.from(bytes).toString()) as Body
    const request = requestOf(body, chat)
    const naming: Naming = {
      id: `${facts?.api === 'completions' ? 'cmpl' : 'chatcmpl'}-${now().toString(36)}-${(made++).toString(36)}`,
      model: body.model,
      created: Math.floor(now() / 1000),
      chat: facts?.api !== 'completions',
      logprobs: request.topLogprobs,
    }
    const events = model.generate(request, signal === undefined ? {} : { signal: abortSignalOf(signal) })
    const stream = body.stream === true
    return {
      status: 200,
      headers: { 'content-type': stream ? 'text/event-stream' : 'application/json' },
      pieces: stream ? streamOf(events, naming) : wholeAnswer(events, naming),
    }
  }
}

const UNABLE = ['tools', 'functions', 'response_format', 'audio'] as const

function requestOf(body: Body, chat: boolean): ModelRequest {
  for (const name of UNABLE) if (name in body) throw unable(name)
  const prompt = body.messages === undefined ? promptOf(body.prompt) : messagesOf(body.messages, chat)
  const { stop, logprobs } = body
  const k = typeof logprobs === 'number' ? logprobs : logprobs === true ? (body.top_logprobs ?? 0) : undefined
  const maxTokens = body.max_tokens ?? body.max_completion_tokens
  return {
    prompt,
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
    ...(body.seed === undefined ? {} : { seed: body.seed }),
    ...(stop === undefined || stop === null ? {} : { stop: typeof stop === 'string' ? [stop] : stop }),
    ...(k === undefined ? {} : { topLogprobs: k }),
  }
}

function promptOf(prompt: unknown): string {
  if (typeof prompt === 'string') return prompt
  throw unable('prompt', 'a prompt of another kind than one text')
}

function messagesOf(value: unknown, chat: boolean): string | Message[] {
  if (!Array.isArray(value) || value.length === 0)
    throw unable('messages', 'messages that are no list, or an empty one')
  const messages = (value as ({ role?: unknown; content?: unknown } | null)[]).map((message): Message => {
    const { role, content } = message ?? {}
    const text = typeof content === 'string' ? content : textOfParts(content)
    if (role !== 'system' && role !== 'user' && role !== 'assistant')
      throw unable('messages', `the role ${String(role)}`)
    return { role, content: text }
  })
  return chat ? messages : messages.at(-1)!.content
}

function textOfParts(parts: unknown): string {
  if (!Array.isArray(parts)) throw unable('messages', 'messages without a text')
  return (parts as ({ type?: unknown; text?: unknown } | null)[])
    .map((part) => {
      const { type, text } = part ?? {}
      if (type !== 'text' || typeof text !== 'string') throw unable('messages', `parts of type ${String(type)}`)
      return text
    })
    .join('')
}

function unable(param: string, what = param): ModelError {
  const message = `a local model does not take ${what}`
  const details = { message, param, code: 'unsupported', type: 'invalid_request_error' }
  return new ModelError(message, { place: 'local model', status: 400, details })
}

async function* wholeAnswer(source: AsyncIterable<ModelEvent>, naming: Naming): AsyncGenerator<Piece> {
  const answered: Answered = { text: '', tokens: [], usage: undefined, finish: 'other' }
  const events: ModelEvent[] = []
  for await (const event of source) {
    events.push(event)
    take(answered, event)
  }
  yield { bytes: Buffer.from(JSON.stringify(wholeOf(naming, answered))), events }
}

function take(answered: Answered, event: ModelEvent): void {
  if (event.type === 'text') answered.text += event.text
  else if (event.type === 'token') answered.tokens.push(event.token)
  else if (event.type === 'usage') answered.usage = event.usage
  else if (event.type === 'finish') answered.finish = event.reason
}

async function* streamOf(source: AsyncIterable<ModelEvent>, naming: Naming): AsyncGenerator<Piece> {
  const answered: Answered = { text: '', tokens: [], usage: undefined, finish: 'other' }
  for await (const event of source) {
    take(answered, event)
    if (event.type === 'token')
      yield { bytes: eventBytes(chunkOf(naming, event.token.text ?? '', [event.token])), events: [event] }
    else yield { bytes: new Uint8Array(), events: [event] }
  }
  yield {
    bytes: Buffer.concat([...endOf(naming, answered).map(eventBytes), Buffer.from('data: [DONE]\n\n')]),
    events: [],
  }
}

const eventBytes = (value: object): Uint8Array => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)
