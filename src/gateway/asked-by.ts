import { browserOf, clientOf, type ClientKey } from './client-keys.ts'
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

/**
 * The same for pages that people open in a browser, which asks them for the key as a password. Where no key is wanted,
 * the gateway listens on this machine only; a page of another site that has its own name lead here (DNS rebinding)
 * still says that name.
 * @throws HttpError 401, 403
 */
export function authorizeBrowser({ headers }: GatewayRequest, keys: readonly ClientKey[]): void {
  if (keys.length === 0) {
    if (THIS_MACHINE.test(headers.host ?? '')) return
    const message = `this page is for localhost and 127.0.0.1 only, not for ${(headers.host ?? 'no name').slice(0, 100)}, as long as there are no keys`
    throw new HttpError({ status: 403, message, code: 'wrong_host' })
  }
  if (browserOf(headers.authorization, keys) !== undefined) return
  const message = 'this page wants a key: as the password, with any name, or as Authorization: Bearer'
  throw new HttpError({ status: 401, message, code: 'invalid_api_key', challenge: 'Basic realm="spillway"' })
}

const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

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

/**
 * What the client says is right, for audits: a text, percent-encoded where it is not ASCII, or a JSON list of texts.
 * What is neither encoded nor a list is a text as it stands.
 */
export function goldOf({ headers }: GatewayRequest): string[] | undefined {
  const header = headers['x-spillway-gold']
  if (header === undefined) return undefined
  const text = decoded(utf8Of(header))
  if (!text.startsWith('[')) return [text]
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list) && list.length > 0 && list.every((each) => typeof each === 'string')) return list
  } catch {
    // A text that begins with a bracket.
  }
  return [text]
}

/** Servers give the bytes of a header as letters, one each. */
function utf8Of(header: string): string {
  if (!/[\x80-\xff]/.test(header)) return header
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'))
  } catch {
    return header
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
