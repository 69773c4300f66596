import { SpillwayError } from '../../core/errors.ts'
import type { Api } from './endpoint.ts'
import type { ModelRequest } from '../model.ts'

export interface BodyOptions {
  id: string
  model: string
  api?: Api
  stream?: boolean
  body?: Readonly<Record<string, unknown>>
}

/** The body of a request, before it is JSON. */
export type Body = Record<string, unknown>

export const apiOf = (request: ModelRequest, { api }: BodyOptions): Api =>
  api ?? (typeof request.prompt === 'string' ? 'completions' : 'chat')

/** @throws SpillwayError `usage` where messages are to be completed, which takes a template that the server has */
export function requestBody(request: ModelRequest, options: BodyOptions): Body {
  const api = apiOf(request, options)
  const { maxTokens, temperature, seed, stop = [] } = request
  const stream = options.stream ?? false
  const body: Body = {
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    ...options.body,
    model: options.model,
    ...promptFields(request, api, options),
    stream,
    ...logprobFields(request, api),
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop.length === 0 ? {} : { stop }),
  }
  // One of the two names of the limit is enough, and some servers refuse both.
  if (maxTokens !== undefined) body[NEWER_LIMIT in body ? NEWER_LIMIT : LIMIT] = maxTokens
  return body
}

export const LIMIT = 'max_tokens'
export const NEWER_LIMIT = 'max_completion_tokens'

function promptFields({ prompt }: ModelRequest, api: Api, { id }: BodyOptions): Body {
  if (api === 'chat') return { messages: typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt }
  if (typeof prompt === 'string') return { prompt }
  throw new SpillwayError('usage', `${id}: the completions API takes a text, not messages; use the chat API for them`)
}

/**
 * Without alternatives, a chat leaves `top_logprobs` out, since llama.cpp takes 0 for no log-probabilities at all;
 * likewise, completions ask for one alternative, which is then not read.
 */
function logprobFields({ topLogprobs: k }: ModelRequest, api: Api): Body {
  if (k === undefined) return {}
  if (api === 'completions') return { logprobs: Math.max(1, k) }
  return k === 0 ? { logprobs: true } : { logprobs: true, top_logprobs: k }
}
