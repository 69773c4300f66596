import type { Dispatcher } from 'undici'
import type { Api } from './openai/endpoint.ts'
import type { Secret } from './secret.ts'
import type { Stop } from './stop.ts'

/** Where a model is served, and how patiently it is asked. */
export interface OpenAiOptions {
  /** What outcomes and messages call the model. */
  id: string
  /** The base URL, such as http://localhost:11434/v1. */
  url: string
  /** The model's name at the server. */
  model: string
  /** Sent as `Authorization: Bearer`; Azure takes it as a header `api-key`. */
  key?: string | Secret
  headers?: Readonly<Record<string, string | Secret>>
  /** Such as Azure's `api-version`. */
  query?: Readonly<Record<string, string>>
  /** By default, messages are a chat's and a plain text is to be completed. */
  api?: Api
  /** Whether `generate` asks for the answer token by token; by default, as a whole. */
  stream?: boolean
  /** Further fields of the request; what a request itself says comes before them. */
  body?: Readonly<Record<string, unknown>>
  /** For one whole answer; 120,000. */
  timeoutMs?: number
  /** For a connection; 10,000. */
  connectTimeoutMs?: number
  /** From the request to the first byte of its answer; without it, `timeoutMs` alone counts. */
  firstByteTimeoutMs?: number
  /** Between two pieces of an answer, such as tokens; likewise. */
  idleTimeoutMs?: number
  /** Further attempts where asking again can help; 4. */
  retries?: number
  /** Requests under way at a time; 16. */
  concurrency?: number
  /** The longest answer that is read; 64 MiB. */
  maxAnswerBytes?: number
  /** Told once of each peculiarity of the server that changes what is asked of it. */
  onNotice?: (text: string) => void
  /** Connections of the caller's own, which `close` leaves open. */
  dispatcher?: Dispatcher
  /** Uniform in [0, 1). */
  random?: () => number
  sleep?: (ms: number, signal?: Stop) => Promise<void>
  /** The time of day, ms since 1970. */
  now?: () => number
}
