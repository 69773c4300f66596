import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { httpServer, type Asked } from './http-server.ts'
import { answerOf, eventsOf, type Told, type Wanted } from './upstream-words.ts'

/** What an upstream does with one request; without anything, it answers well. */
export interface Said extends Told {
  /** In place of an answer, with a status and headers. */
  body?: string
  status?: number
  headers?: Record<string, string>
  /** Whoever asks for log-probabilities is refused with a 400. */
  refuses?: 'logprobs'
  /** Before the first byte. */
  firstMs?: number
  /** What is waited for before the first byte. */
  until?: Promise<unknown>
  /** Bytes a write: 1 cuts through characters and lines. */
  bytesAtATime?: number
  /** After so many events, or as many quarters of a whole body. */
  after?: number
  /** And what comes then. */
  ends?: 'stall' | 'reset' | 'cut' | 'error' | 'forever' | 'huge'
}

export interface UpstreamAsked extends Asked {
  fields: Record<string, unknown>
  /** The client went before the answer was whole. */
  left: boolean
}

export interface Upstream {
  /** The base URL, ending in /v1. */
  url: string
  asked: UpstreamAsked[]
  connections: () => number
  close: () => Promise<void>
}

/** The bytes of a body that is too much for anyone. */
export const HUGE_BYTES = 100 * 2 ** 20
const MIB = Buffer.alloc(2 ** 20, 'x')

/**
 * An OpenAI-compatible server on a real socket that does what it is told; it goes with the test.
 * @param remember whether requests are kept
 */
export async function upstream(
  script: (asked: UpstreamAsked, before: number) => Said = () => ({}),
  remember = true,
): Promise<Upstream> {
  const asked: UpstreamAsked[] = []
  const server = await httpServer(async (response, request, before) => {
    const one = Object.assign(request, { fields: JSON.parse(request.body) as UpstreamAsked['fields'], left: false })
    if (remember) asked.push(one)
    response.on('close', () => (one.left = !response.writableFinished)).on('error', () => {})
    await say(response, one, script(one, before))
  }, remember)
  const close = () => server.close()
  onTestFinished(close)
  return { url: `${server.origin}/v1`, asked, connections: () => server.connections(), close }
}

/** The base URL of a server that nobody listens at. */
export async function nobody(): Promise<string> {
  const server = await httpServer(() => {})
  await server.close()
  return `${server.origin}/v1`
}

async function say(response: ServerResponse, { fields, path }: UpstreamAsked, said: Said): Promise<void> {
  if (said.firstMs !== undefined) await wait(said.firstMs, undefined, { ref: false })
  await said.until
  const wanted = wantedBy(fields, path)
  const refused = said.refuses === 'logprobs' && 'logprobs' in fields
  const { status = refused ? 400 : 200, headers = {} } = said
  const body = refused ? LOGPROBS_REFUSED : (said.body ?? (wanted.stream ? undefined : answerOf(said, wanted)))
  const type = body === undefined ? 'text/event-stream' : 'application/json'
  response.writeHead(status, { 'content-type': type, ...headers })
  const pieces: (string | Uint8Array)[] = body === undefined ? eventsOf(said, wanted) : quartersOf(body)
  for (const piece of pieces.slice(0, said.ends === undefined ? undefined : (said.after ?? 0)))
    await write(response, piece, said.bytesAtATime)
  await end(response, said, pieces[1] ?? '')
}

const LOGPROBS_REFUSED = JSON.stringify({
  error: {
    message: 'logprobs are not supported by this model',
    type: 'invalid_request_error',
    param: 'logprobs',
    code: null,
  },
})

function wantedBy(fields: Record<string, unknown>, path: string): Wanted {
  const chat = path.endsWith('/chat/completions')
  const top = chat ? (fields.top_logprobs as number | undefined) : (fields.logprobs as number | undefined)
  const asksFor = chat ? fields.logprobs === true : top !== undefined
  return {
    chat,
    stream: fields.stream === true,
    usage: (fields.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true,
    model: String(fields.model),
    ...(asksFor ? { top: top ?? 0 } : {}),
  }
}

async function end(response: ServerResponse, { ends }: Said, piece: string | Uint8Array): Promise<void> {
  // What was written is on its way, so that the client has it.
  if (ends === 'reset' || ends === 'error') await wait(20)
  switch (ends) {
    case undefined:
      response.end()
      break
    case 'stall':
      response.flushHeaders()
      break
    case 'reset':
      response.socket?.resetAndDestroy()
      break
    case 'cut':
      response.end()
      break
    case 'error':
      response.end(`data: ${JSON.stringify({ error: { message: 'it broke', type: 'server_error' } })}\n\n`)
      break
    case 'forever':
      while (!response.destroyed) {
        await write(response, piece)
        await wait(1)
      }
      break
    case 'huge':
      for (let sent = 0; sent < HUGE_BYTES && !response.destroyed; sent += MIB.length) await write(response, MIB)
      response.end()
  }
}

async function write(response: ServerResponse, piece: string | Uint8Array, atATime = Infinity): Promise<void> {
  const bytes = Buffer.from(piece)
  for (let at = 0; at < bytes.length && !response.destroyed; at += atATime) {
    const more = response.write(bytes.subarray(at, Math.min(bytes.length, at + atATime)))
    if (atATime < bytes.length) await new Promise((resolve) => setImmediate(resolve))
    if (!more && !response.destroyed)
      await new Promise<void>((resolve) => {
        const done = () => {
          response.off('drain', done).off('close', done)
          resolve()
        }
        response.on('drain', done).on('close', done)
      })
  }
}

function quartersOf(body: string): Uint8Array[] {
  const bytes = Buffer.from(body)
  const size = Math.ceil(bytes.length / 4)
  return [0, 1, 2, 3].map((i) => bytes.subarray(i * size, (i + 1) * size))
}
