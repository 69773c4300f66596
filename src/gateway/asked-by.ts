import { clientOf, type ClientKey } from './client-keys.ts'
import type { GatewayRequest } from './http.ts'
import { HttpError } from './http-error.ts'

/**
 * Whose request it is: the name of the key that it bears; `undefined` where none is wanted.
 * @throws HttpError 401 where one is wanted, and there is none, or another
 */
export function authorize({ headers }: GatewayRequest, keys: readonly ClientKey[]): string | undefined {
  if (keys.length === 0) return undefined
  const name = clientOf(headers.authorization, keys)
  if (name !== undefined) return name
  const message =
    headers.authorization === undefined
      ? 'this gateway wants a key, as Authorization: Bearer'
      : 'the key is not known here'
  throw new HttpError({ status: 401, message, code: 'invalid_api_key' })
}

/** Whether an answer may be told from its decision on. A policy that reads whole answers decides at their end anyway. */
export function modeOf({ headers }: GatewayRequest, usual: 'buffer' | 'early'): 'buffer' | 'early' {
  const asked = headers['x-spillway-mode']
  if (asked === undefined) return usual
  if (asked === 'buffer' || asked === 'early') return asked
  throw new HttpError({ status: 400, message: 'x-spillway-mode is buffer or early', code: 'invalid_header' })
}

export const wantsDetails = ({ headers }: GatewayRequest): boolean =>
  /^(?:1|true|yes)$/i.test(headers['x-spillway-details'] ?? '')

/** Those of a request's headers that go on to the models. */
export const forwarded = ({ headers }: GatewayRequest, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])))
