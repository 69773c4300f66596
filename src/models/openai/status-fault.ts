import { faultAt, type Place } from './fault.ts'
import type { ErrorDetails, ModelError } from '../model-error.ts'
import { scrub } from './secrets.ts'
import { shorten, type ServerSaid } from './server-said.ts'

/** Who asked for what, as the remedy for a refusal needs it. */
export interface Asker extends Place {
  /** The model's name at the server. */
  model: string
  /** Whether a key was sent. */
  keyed: boolean
}

/** The error for an answer that is a refusal, by its status and what the server says about it. */
export function statusFault(
  asker: Asker,
  status: number,
  said: ServerSaid,
  { location, afterMs }: { location?: string; afterMs?: number } = {},
): ModelError {
  const { culprit, remedy } = meaningOf(asker, status, said, location)
  const text = [
    culprit === undefined ? '' : `, ${culprit}`,
    quote(asker, said),
    remedy === undefined ? '' : `; ${remedy}`,
  ]
  return faultAt(asker, `HTTP ${status}${text.join('')}`, {
    status,
    retryable: mayPass(status, said),
    details: detailsOf(asker, said),
    afterMs,
  })
}

/** The error for an answer that began well and then held an error. */
export function answerFault(asker: Asker, said: ServerSaid): ModelError {
  const status = said.status
  // Without a status, an error within an answer is the server's: the request has been accepted.
  const retryable =
    status === undefined ? !/invalid|param|context/i.test(said.type ?? said.code ?? '') : mayPass(status, said)
  return faultAt(asker, `the server gave an error within its answer${quote(asker, said)}`, {
    status,
    retryable,
    details: detailsOf(asker, said),
  })
}

/** Whether the same request can be answered at another time. */
export const mayPass = (status: number, { code }: ServerSaid): boolean =>
  code !== 'insufficient_quota' && ([408, 409, 425, 429].includes(status) || (status >= 500 && status !== 501))

const quote = ({ secrets }: Place, { message }: ServerSaid): string =>
  message === '' ? '' : `: ${shorten(scrub(message, secrets))}`

function detailsOf({ secrets }: Place, { message, type, code, param }: ServerSaid): ErrorDetails {
  const shown = (text: string) => shorten(scrub(text, secrets))
  const told = { message: message === '' ? undefined : message, type, code, param }
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, text]) => (text === undefined ? [] : [[name, shown(text)]])),
  )
}

interface Meaning {
  culprit?: string
  remedy?: string
}

function meaningOf({ model, keyed }: Asker, status: number, { code }: ServerSaid, location = ''): Meaning {
  if (status >= 300 && status < 400)
    return { culprit: `a redirect to ${location.split('?')[0]}`, remedy: 'is that the base URL?' }
  if (code === 'insufficient_quota') return { culprit: 'the account has no quota left' }
  switch (status) {
    case 401:
      return { culprit: keyed ? 'the key was not accepted' : 'the server wants a key' }
    case 403:
      return { culprit: keyed ? 'the key may not do this' : 'the server wants a key' }
    case 404:
      return {
        remedy: `does the base URL end as the server's manual says (often /v1), and is there a model "${model}"?`,
      }
    case 405:
      return { remedy: `does the base URL end as the server's manual says (often /v1)?` }
    case 413:
      return { culprit: 'the request is too long' }
    case 429:
      return { culprit: 'too many requests', remedy: 'a lower concurrency may help' }
    default:
      return status >= 500 ? { culprit: 'the server failed' } : {}
  }
}
