import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MarkingSession } from '../../audits/marking/session.ts'
import { SpillwayError } from '../../core/errors.ts'
import { PAGE_HEADERS } from '../../report/html/app-html.ts'
import { readStep } from './read-step.ts'

export interface MarkingServerOptions {
  session: MarkingSession
  page: { html: string; policy: string }
  /** Who has it may mark. */
  token: string
}

const MOST_BYTES = 4096

/** Serves the page that marks answers, and what it asks for; to this machine alone, and to nobody without the token. */
export function markingServer({ session, page, token }: MarkingServerOptions): Server {
  const isToken = sameAs(token)
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const said = SpillwayError.is(error) ? error.message : String(error)
      if (!response.headersSent) send(response, 500, { error: said })
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port } = server.address() as AddressInfo
    // A name of another site may lead here, too (DNS rebinding).
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
    const { host = '', origin, authorization = '' } = request.headers
    if (!hosts.includes(host) || (origin !== undefined && !hosts.includes(origin.replace(/^http:\/\//, ''))))
      return send(response, 403, { error: 'this page is for the browser on this machine' })
    const [target, base] = [request.url ?? '/', `http://${host}`]
    if (!URL.canParse(target, base)) return send(response, 404, { error: 'there is nothing here' })
    const { pathname, searchParams } = new URL(target, base)
    if (pathname === '/' && request.method === 'GET')
      return isToken(searchParams.get('token') ?? '') ? sendPage(response) : send(response, 403, { error: NO_TOKEN })
    if (pathname !== '/marking') return send(response, 404, { error: 'there is nothing here' })
    if (!isToken(authorization.replace(/^Bearer /, ''))) return send(response, 403, { error: NO_TOKEN })
    if (request.method === 'GET') return send(response, 200, session.state())
    if (request.method !== 'POST') return send(response, 405, { error: 'this takes GET and POST' })
    const body = await bodyOf(request)
    if (body === undefined) return send(response, 413, { error: 'too long' })
    const step = readStep(body)
    if (step === undefined) return send(response, 400, { error: 'this is no step' })
    const state = await session.step(step)
    // The page shows what is in view here, and asks again.
    if (state === undefined) return send(response, 409, session.state())
    send(response, 200, state)
  }

  const sendPage = (response: ServerResponse): void => {
    response.writeHead(200, {
      ...PAGE_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.policy,
    })
    response.end(page.html)
  }
  return server
}

const NO_TOKEN = 'open the address that spillway label printed, with its token'

function send(response: ServerResponse, status: number, value: object): void {
  // Nobody waits for the rest of a body that is too long.
  const headers = { ...PAGE_HEADERS, ...(status === 413 ? { connection: 'close' } : {}) }
  response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Compares in a time that tells nothing. */
function sameAs(secret: string): (text: string) => boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  const expected = hash(secret)
  return (text) => timingSafeEqual(hash(text), expected)
}
