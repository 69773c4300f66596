import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { stopper, type Stopper } from '../models/stop.ts'
import type { Gateway } from './gateway.ts'
import type { GatewayResponse } from './http.ts'

/** How long a request may take to come. */
export interface NodeServerOptions {
  /** For the head of a request. */
  headersTimeoutMs: number
  /** For a whole request. */
  requestTimeoutMs: number
  /** For a connection on which nothing moves, while it waits for an answer too; without one, for ever. */
  idleTimeoutMs?: number
  /** Told of faults of the program's own. */
  onFault: (error: unknown) => void
}

/** The gateway behind plain `node:http`, which costs a third of what a bridge to web standards does. */
export function nodeServer(
  gateway: Gateway,
  { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs = 0, onFault }: NodeServerOptions,
): Server {
  const way: UnderWay = { count: 0, onNone: () => {} }
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: 65_000, noDelay: true },
    (request, response) => {
      const left = stopper()
      way.count++
      response.once('close', () => {
        if (--way.count === 0) way.onNone()
        if (!response.writableFinished) left.abort(new Error('the client left'))
      })
      serve(gateway, request, response, left).catch((error: unknown) => {
        response.destroy()
        onFault(error)
      })
    },
  )
  server.timeout = idleTimeoutMs
  underWay.set(server, way)
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
  })
  return server
}

/** How many answers have not been sent to their end yet. */
interface UnderWay {
  count: number
  /** Told whenever there are none any more. */
  onNone: () => void
}

const underWay = new WeakMap<Server, UnderWay>()

/**
 * Takes no more requests; resolves once every answer has gone to its client.
 * @param mostMs after that, whoever does not take an answer, or send a request to its end, is left
 */
export async function drain(server: Server, gateway: Gateway, mostMs: number): Promise<void> {
  server.close()
  const answered = async () => {
    await gateway.drain()
    await noneIn(underWay.get(server))
  }
  const late = new AbortController()
  await Promise.race([answered(), wait(mostMs, undefined, { signal: late.signal }).catch(() => {})])
  late.abort()
  server.closeAllConnections()
  // Those who were left still have a record to come.
  await gateway.drain()
}

const noneIn = (way: UnderWay | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (way === undefined || way.count === 0) resolve()
    else way.onNone = resolve
  })

async function serve(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  left: Stopper,
): Promise<void> {
  const answer = await gateway.handle({
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: headersOf(request),
    body: bodyOf(request),
    signal: left,
  })
  await send(answer, request, response)
}

/** One value a name: of a header that comes twice, the first. */
function headersOf({ headers }: IncomingMessage): Partial<Record<string, string>> {
  const single: Partial<Record<string, string>> = {}
  for (const [name, value] of Object.entries(headers)) single[name] = Array.isArray(value) ? value[0] : value
  return single
}

/**
 * A request's own iterator would do, at the price of everything else about taking a request in; a generator takes
 * several turns a piece.
 */
const bodyOf = (request: IncomingMessage): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => piecesOf(request),
})

/** Nothing is taken in before someone reads. */
function piecesOf(request: IncomingMessage): AsyncIterator<Uint8Array> {
  const come: Uint8Array[] = []
  let over = false
  let failed: Error | undefined
  let wake = () => {}
  const end = (error?: Error) => {
    over = true
    failed = error
    wake()
  }
  const take = (piece: Uint8Array) => {
    come.push(piece)
    wake()
  }
  request
    .on('data', take)
    .on('end', () => end())
    .on('error', end)
    .on('close', () => over || end(new Error('the request broke off')))
  // Of a request that is too long the rest may come, and is dropped.
  const leave = () => void request.off('data', take).resume()
  return {
    async next() {
      if (come.length === 0 && !over) await new Promise<void>((resolve) => (wake = resolve))
      const value = failed === undefined ? come.shift() : undefined
      if (value !== undefined) return { done: false, value }
      leave()
      if (failed !== undefined) throw failed
      return { done: true, value: undefined }
    },
    async return() {
      leave()
      return { done: true, value: undefined }
    },
  }
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
  // The head goes with the first piece where that is there already: each write costs more than all else about it.
  const alone = setImmediate(() => response.flushHeaders())
  try {
    for await (const piece of body) {
      clearImmediate(alone)
      if (response.destroyed) break
      if (!response.write(piece)) await drained(response)
    }
  } finally {
    clearImmediate(alone)
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
