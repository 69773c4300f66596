import { SpillwayError } from '../core/errors.ts'
import { ModelError } from '../models/model-error.ts'
import { jsonResponse, type GatewayResponse } from './http.ts'
import { BadRequest } from './wire/request.ts'

/** What a client is told of an error. */
export interface HttpErrorFacts {
  status: number
  message: string
  /** OpenAI's word for whose error it is. */
  type?: string
  code?: string
  param?: string
  /** Seconds after which the client may ask again. */
  retryAfter?: number
  /** How a client is to say who it is, where it did not. */
  challenge?: string
}

/** An error that the gateway answers with. */
export class HttpError extends Error {
  readonly facts: HttpErrorFacts
  constructor(facts: HttpErrorFacts) {
    super(facts.message)
    this.facts = facts
  }
}

/** A request has a time, whatever it is spent on. */
export class DeadlineError extends Error {}

/**
 * What went wrong, as the client is told. An upstream's status is passed on, and what it said without its address;
 * what is a fault of this program is not described.
 */
export function httpErrorOf(error: unknown): HttpErrorFacts {
  if (error instanceof HttpError) return error.facts
  if (error instanceof BadRequest)
    return { status: 400, message: error.message, type: 'invalid_request_error', param: error.param }
  if (error instanceof DeadlineError)
    return { status: 504, message: error.message, type: 'timeout_error', code: 'deadline' }
  if (error instanceof ModelError) return ofModel(error)
  if (SpillwayError.is(error) && error.code === 'missing-signal')
    return { status: 502, message: error.message, type: 'api_error', code: 'missing_signal' }
  return { status: 500, message: 'the gateway failed; its log says why', type: 'api_error' }
}

function ofModel({ status, details, afterMs, message, place }: ModelError): HttpErrorFacts {
  const { message: said, type, code, param } = details
  return {
    // A redirect is not followed, and not for the client to follow either.
    status: status === undefined || status < 400 ? 502 : status,
    message: said ?? message.replaceAll(`${place}: `, ''),
    type: type ?? (status !== undefined && status >= 400 && status < 500 ? 'invalid_request_error' : 'api_error'),
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
    ...(afterMs === undefined ? {} : { retryAfter: Math.ceil(afterMs / 1000) }),
  }
}

/** OpenAI's shape of an error. */
export const errorBody = ({ message, type = 'invalid_request_error', param, code }: HttpErrorFacts) => ({
  error: { message, type, param: param ?? null, code: code ?? null },
})

export const errorResponse = (facts: HttpErrorFacts, headers: Record<string, string> = {}): GatewayResponse =>
  jsonResponse(facts.status, errorBody(facts), {
    ...(facts.retryAfter === undefined ? {} : { 'retry-after': String(facts.retryAfter) }),
    ...(facts.challenge === undefined ? {} : { 'www-authenticate': facts.challenge }),
    ...headers,
  })
