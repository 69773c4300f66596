import type { Gateway } from './gateway.ts'
import type { GatewayResponse } from './http.ts'

/**
 * The gateway as a web-standard handler, for Hono, route handlers of Next.js, Bun and Deno. Plain `node:http`, by
 * `nodeServer`, costs a third of it a request.
 * @param mount what the paths of requests begin with, in front of `/v1`
 */
export function fetchHandler(gateway: Gateway, mount = ''): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const left = new AbortController()
    const leave = () => left.abort(request.signal.reason)
    if (request.signal.aborted) leave()
    else request.signal.addEventListener('abort', leave, { once: true })
    const answer = await gateway.handle({
      method: request.method,
      url: `${pathname.startsWith(mount) ? pathname.slice(mount.length) : pathname}${search}`,
      headers: Object.fromEntries(request.headers),
      body: bytesOf(request.body),
      signal: left.signal,
    })
    return responseOf(answer, left)
  }
}

/** A server may give no async iterator with its stream; all give a reader. */
async function* bytesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return
  const reader = body.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    reader.releaseLock()
  }
}

function responseOf({ status, headers, body }: GatewayResponse, left: AbortController): Response {
  if (body instanceof Uint8Array) return new Response(body as Uint8Array<ArrayBuffer>, { status, headers })
  const pieces = body[Symbol.asyncIterator]()
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const end = () => {
        controller.error(left.signal.reason)
        void pieces.return?.()
      }
      left.signal.addEventListener('abort', end, { once: true })
    },
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (left.signal.aborted) return
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    cancel: () => left.abort(new Error('the client left')),
  })
  return new Response(stream, { status, headers })
}
