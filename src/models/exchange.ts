import type { Piece } from './openai/attempt.ts'
import type { RequestFacts } from './openai/request-facts.ts'
import type { AnswerHeaders } from './openai/retry.ts'
import type { Model } from './model.ts'
import type { Stop } from './stop.ts'

/** An answer as it comes over the wire. */
export interface Exchange {
  status: number
  headers: AnswerHeaders
  /** The bytes as received, each piece with the events that it completed; the last one may hold just events. */
  pieces: AsyncIterable<Piece>
}

/** What goes along with one request that is passed on. */
export interface ExchangeOptions {
  signal?: Stop
  /** In place of the model's own of the same name. */
  headers?: Readonly<Record<string, string>>
  /** In place of the model's own. */
  retries?: number
  /** Nobody waits for the answer: whether it comes is no sign of how clients fare. */
  background?: boolean
  /** What the body says, from a caller who has read it; else it is parsed for it. */
  facts?: RequestFacts
}

/** A model behind HTTP, which also passes requests on as they are. */
export interface HttpModel extends Model {
  /** Its name at its server. */
  readonly model: string
  /** Further fields that requests to it are to have. */
  readonly body?: Readonly<Record<string, unknown>>
  /**
   * Sends a body as it is. A refusal is given as it came, once asking again is of no use; an answer that has begun is
   * never asked for again.
   * @throws ModelError where no answer comes, and from `pieces` where its connection breaks; the signal's reason where
   * it is aborted
   */
  exchange(body: Uint8Array | string, options?: ExchangeOptions): Promise<Exchange>
}
