import { createServer, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'

type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

/** The least that anything between client and server costs: plain node:http, undici's pool, and the bytes as they come. */
export function passThrough(upstream: number): Promise<number> {
  const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 256 })
  const server = createServer({ noDelay: true }, (request, response) => {
    const { 'content-type': type, 'content-length': length } = request.headers
    pool
      .stream(
        {
          path: request.url ?? '/',
          method: 'POST',
          headers: { 'content-type': type, 'content-length': length },
          body: request,
        },
        ({ statusCode, headers }) => response.writeHead(statusCode, answerHeaders(headers)),
      )
      .catch(() => response.destroy())
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** A length is kept, since without one the answer would go in chunks. */
const answerHeaders = ({ 'content-type': type, 'content-length': length }: AnswerHeaders): OutgoingHttpHeaders => ({
  'content-type': type,
  ...(length === undefined ? {} : { 'content-length': String(length) }),
})
