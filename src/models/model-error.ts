import { SpillwayError } from '../core/errors.ts'

/** A model that did not answer: where, what it said, and whether asking again can help. */
export class ModelError extends SpillwayError {
  /** The endpoint's address or the file's path, without keys. */
  readonly place: string
  /** The HTTP status, where there was an answer at all. */
  readonly status?: number
  readonly retryable: boolean

  constructor(message: string, facts: { place: string; status?: number; retryable?: boolean; cause?: unknown }) {
    super('model', message, { cause: facts.cause })
    this.name = 'ModelError'
    this.place = facts.place
    this.status = facts.status
    this.retryable = facts.retryable ?? false
  }
}
