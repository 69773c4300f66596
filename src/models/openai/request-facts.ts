import type { Api, UnreadApi } from './endpoint.ts'
import { fieldsOf, numberOf, parseJson, textOf } from './wire.ts'

/** What reading an answer needs to know of its request. */
export interface RequestFacts {
  api: Api | UnreadApi
  /** The number of alternatives asked for, where the request says it. */
  k?: number
  /** Whether the texts of alternatives are wanted as well. */
  texts?: boolean
  /** The answer begins with the prompt, known where it is one text. */
  echo?: { prompt?: string }
}

/** The facts in the body of a request. A body that is no JSON is left to the server to refuse. */
export function factsOf(body: string | Uint8Array): RequestFacts {
  const fields = fieldsOf(tryParse(typeof body === 'string' ? body : Buffer.from(body).toString())) ?? {}
  const api = 'prompt' in fields && !('messages' in fields) ? 'completions' : 'chat'
  // Chats have a flag `logprobs` besides; `n_probs` is llama.cpp's.
  const k = numberOf(fields.top_logprobs) ?? numberOf(fields.logprobs) ?? numberOf(fields.n_probs)
  return {
    api,
    ...(k === undefined ? {} : { k }),
    ...(api === 'completions' && fields.echo === true ? { echo: { prompt: textOf(fields.prompt) } } : {}),
  }
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
