import { fieldsOf, listOf, textOf } from './wire.ts'
import { faultAt, type Place } from './fault.ts'
import type { ModelError } from '../model-error.ts'

/** The error of a connection that failed, before or within an answer. */
export function transportFault(place: Place, error: unknown): ModelError {
  const code = codeOf(error)
  const { text, retryable } = meaningOf(code, error)
  return faultAt(place, text, { retryable, cause: error })
}

/** Both addresses of `localhost` failing are one error with two inside. */
function codeOf(error: unknown): string {
  const { code, errors } = fieldsOf(error) ?? {}
  return textOf(code) ?? textOf(fieldsOf(listOf(errors)?.[0])?.code) ?? ''
}

function meaningOf(code: string, error: unknown): { text: string; retryable: boolean } {
  switch (code) {
    case 'ECONNREFUSED':
      return { text: 'connection refused; is the server running?', retryable: true }
    case 'ENOTFOUND':
      return { text: 'there is no host of that name; is the URL right?', retryable: false }
    case 'EAI_AGAIN':
      return { text: 'the name server does not answer; is there a network?', retryable: true }
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return { text: 'the server cut the connection before the answer was whole; its log may say why', retryable: true }
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { text: 'the host cannot be reached; is the URL right, and is there a firewall?', retryable: true }
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return { text: 'the server stopped answering', retryable: true }
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return { text: 'this model has been closed', retryable: false }
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return { text: 'the server does not speak TLS; should the URL begin with http://?', retryable: false }
    default:
      break
  }
  if (/CERT|SIGNATURE/.test(code))
    return {
      text: `the server's certificate is not trusted (${code}); NODE_EXTRA_CA_CERTS can add one`,
      retryable: false,
    }
  if (code.startsWith('HPE_'))
    return { text: 'the answer is no HTTP; should the URL begin with https://?', retryable: false }
  return { text: error instanceof Error ? error.message : String(error), retryable: false }
}
