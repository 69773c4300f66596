import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Gateway } from './gateway.ts'
import type { GatewayResponse } from './http.ts'

export interface NodeServerOptions {
  /** For the head of a request. */
  headersTimeoutMs: number
  /** For a whole request. */
  requestTimeoutMs: number
  /** Told of faults of the program's own. */
  onFault: (error: unknown) => void
}

/** The gateway behind plain `node:http`, which costs a third of what a bridge to web standards does. */
export function nodeServer(
  gateway: Gateway,
  { headersTimeoutMs, requestTimeoutMs, onFault }: NodeServerOptions,
): Server {
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: 65_000, noDelay: true },
    (request, response) => {
      serve(gateway, request, response).catch((error: unknown) => {
        response.destroy()
        onFault(error)
      })
    },
  )
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
  })
  return server
}

async function serve(gateway: Gateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the client left'))
  })
  const answer = await gateway.handle({
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: headersOf(request),
    body: request as AsyncIterable<Uint8Array>,
    signal: controller.signal,
  })
  await send(answer, request, response)
}

/** One value a name: of a header that comes twice, the first. */
function headersOf({ headers }: IncomingMessage): Partial<Record<string, string>> {
  const single: Partial<Record<string, string>> = {}
  for (const [name, value] of Object.entries(headers)) single[name] = Array.isArray(value) ? value[0] : value
  return single
}

async function send(
  { status, headers, body }: GatewayResponse,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A body that was not read to its end would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  if (body instanceof Uint8Array) {
    response.writeHead(status, { ...headers, 'content-length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
    return
  }
  response.writeHead(status, headers)
  response.flushHeaders()
  for await (const piece of body) {
    if (response.destroyed) break
    if (!response.write(piece)) await drained(response)
  }
  response.end()
}

/** Until what was written has gone, or there is nobody to take it. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed || !response.writableNeedDrain) {
      resolve()
      return
    }
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
