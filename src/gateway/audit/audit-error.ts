import { ModelError } from '../../models/model-error.ts'

/** Why an audit found nothing, with and without what texts of requests may stand in. */
export class AuditError extends Error {
  /** Holds nothing of questions and answers. */
  readonly brief: string
  constructor(brief: string, whole = brief, cause?: unknown) {
    super(whole, { cause })
    this.brief = brief
  }
}

/** @param what failed, such as `the large model` */
export function auditErrorOf(error: unknown, what: string): AuditError {
  if (error instanceof AuditError) return error
  const status = error instanceof ModelError && error.status !== undefined ? ` (HTTP ${error.status})` : ''
  const whole = error instanceof Error ? error.message : String(error)
  const timeout = error instanceof DOMException && error.name === 'TimeoutError'
  return new AuditError(timeout ? `${what} took too long` : `${what} failed${status}`, whole, error)
}
