import type { Message, ModelRequest } from '../models/model.ts'

/** Which of the collection's models answers. The small model also verifies. */
export type Role = 'small' | 'large'

/** `answer`: to the question; `verify`: one sampled verdict on the small model's answer; `p_true`: its probability. */
export type Purpose = 'answer' | 'verify' | 'p_true'

/** One call to a model, as data: what is asked for, and the name its result is kept under. */
export interface Call {
  /** The same for the same request to the same model, and for no other: a finished call is never paid twice. */
  key: string
  question: string | number
  role: Role
  purpose: Purpose
  request: ModelRequest
}

/** What is kept of a finished call. Costs and scores are no part of it: they follow from it whenever needed. */
export interface CallResult {
  key: string
  question: string | number
  role: Role
  purpose: Purpose
  model: string
  answer: string
  finish: string
  latency_ms: number
  input_tokens?: number | undefined
  cached_input_tokens?: number | undefined
  output_tokens?: number | undefined
  /** Of the tokens of this very answer. */
  signals?: Partial<Record<string, number>>
  /** Alternatives a token that entropies and margins rest on; absent where they are of whole distributions. */
  top_k?: number | undefined
  p_true?: number | undefined
  tokens?: readonly TokenRecord[]
}

/** A token as it is stored by `--keep-tokens`. */
export interface TokenRecord {
  text?: string | undefined
  logprob?: number | undefined
  entropy?: number | undefined
  alternatives?: [text: string, logprob: number][]
}

/** A call that failed, with what the model said. */
export interface CallFailure {
  key: string
  question: string | number
  role: Role
  purpose: Purpose
  error: string
}

/** A conversation of one message, or the text as it stands. */
export const promptOf = (text: string, form: 'chat' | 'raw', system: string | undefined): string | Message[] =>
  form === 'raw'
    ? text
    : [...(system === undefined ? [] : [{ role: 'system', content: system } as const]), { role: 'user', content: text }]
