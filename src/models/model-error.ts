import { SpillwayError } from '../core/errors.ts'

/** What a server says of an error besides its message, in OpenAI's words. */
export interface ErrorDetails {
  /** The server's own message, without keys. */
  message?: string
  type?: string
  code?: string
  param?: string
}

/** A model that did not answer: where, what it said, and whether asking again can help. */
export class ModelError extends SpillwayError {
  /** The endpoint's address or the file's path, without keys. */
  readonly place: string
  /** The HTTP status, where there was an answer at all. */
  readonly status?: number
  readonly retryable: boolean
  readonly details: ErrorDetails
  /** How long the server asks to wait, ms. */
  readonly afterMs?: number

  constructor(message: string, facts: ModelErrorFacts) {
    super('model', message, { cause: facts.cause })
    this.name = 'ModelError'
    this.place = facts.place
    this.status = facts.status
    this.retryable = facts.retryable ?? false
    this.details = facts.details ?? {}
    this.afterMs = facts.afterMs
  }
}

/** What is known of a failure. */
export interface ModelErrorFacts {
  place: string
  status?: number
  retryable?: boolean
  details?: ErrorDetails
  afterMs?: number
  cause?: unknown
}
