import { ModelError } from '../models/model-error.ts'
import { serverSaid, type ServerSaid } from '../models/openai/server-said.ts'

/** A provider's own error, as the cascade understands failures. */
class ProviderFault extends ModelError {
  /** What was thrown, or told in a stream. */
  readonly thrown: unknown
  constructor(message: string, facts: ConstructorParameters<typeof ModelError>[1], thrown: unknown) {
    super(message, facts)
    this.thrown = thrown
  }
}

/** What `APICallError`s of any version of the AI SDK say, which are told apart by no class that is safe to import. */
interface ApiCallFacts {
  statusCode?: unknown
  isRetryable?: unknown
  responseBody?: unknown
}

/** @param place what messages call the model */
export function faultOf(thrown: unknown, place: string): ModelError {
  if (thrown instanceof ModelError) return thrown
  const { statusCode, isRetryable } = (thrown ?? {}) as ApiCallFacts
  return new ProviderFault(
    `${place}: ${wordsOf(thrown)}`,
    {
      place,
      // Of an answer that breaks off, packages tell the status that it began with.
      ...(typeof statusCode === 'number' && statusCode >= 400 ? { status: statusCode } : {}),
      retryable: isRetryable === true,
      cause: thrown,
    },
    thrown,
  )
}

/** A stream tells some errors as what the server sent. */
function wordsOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message
  if (typeof thrown === 'string') return thrown
  const { message } = (thrown ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : (JSON.stringify(thrown) ?? 'failed')
}

/** The error as who asks is to have it: that of the provider's package, whose kind its users know. */
export const thrownBy = (error: unknown): unknown => (error instanceof ProviderFault ? error.thrown : error)

/** What a server said of a refusal. */
export function refusalIn(fault: ModelError): ServerSaid {
  const { responseBody } = ((fault instanceof ProviderFault ? fault.thrown : undefined) ?? {}) as ApiCallFacts
  if (typeof responseBody === 'string' && responseBody !== '') return serverSaid(responseBody)
  return { ...fault.details, message: fault.details.message ?? fault.message }
}
