const marker = Symbol.for('spillway.error')

/**
 * Whose mistake an error is, and which: `usage` is the command line, `bad-input` the data or a policy file, `model` an
 * endpoint or a model file that does not answer.
 */
export type ErrorCode = 'usage' | 'bad-input' | 'missing-signal' | 'model'

/**
 * The one error class for what a user can mend. The message names place, culprit and remedy in one sentence or two;
 * it is rendered without a stack trace. Anything else that is thrown is a fault of Spillway's own.
 */
export class SpillwayError extends Error {
  readonly [marker] = true
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'SpillwayError'
    this.code = code
  }

  /** Recognises the error across copies of the package, where `instanceof` would not. */
  static is(error: unknown): error is SpillwayError {
    return typeof error === 'object' && error !== null && marker in error
  }
}
