import { PAGE_HEADERS } from '../../report/html/app-html.ts'
import type { Page } from '../gateway.ts'
import { HttpError } from '../http-error.ts'
import type { GatewayRequest } from '../http.ts'
import type { Streams } from './streams.ts'

/** The page as a file, and what it may do. */
export interface DashboardPage {
  html: string
  /** Its Content-Security-Policy. */
  policy: string
}

/** The live page and its events, by path. */
export function dashboardPages(streams: Streams, page: () => Promise<DashboardPage>): Record<string, Page> {
  return {
    '/dashboard': {
      door: 'browser',
      async get(request) {
        onlyRead(request)
        const { html, policy } = await page()
        return {
          status: 200,
          headers: { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
          body: Buffer.from(html),
        }
      },
    },
    '/dashboard/events': {
      door: 'browser',
      get(request, ending) {
        onlyRead(request)
        // Proxies that hold answers back would hold all of it back.
        const headers = {
          ...PAGE_HEADERS,
          'content-type': 'text/event-stream; charset=utf-8',
          'x-accel-buffering': 'no',
        }
        if (request.method === 'HEAD') return { status: 200, headers, body: new Uint8Array() }
        const body = ending.aborted ? undefined : streams.open(request.signal, ending)
        if (body === undefined) {
          const message = ending.aborted ? 'the gateway is shutting down' : 'enough pages watch this gateway already'
          throw new HttpError({ status: 503, message, type: 'api_error', code: 'overloaded', retryAfter: 10 })
        }
        return { status: 200, headers, body }
      },
    },
  }
}

function onlyRead({ method }: GatewayRequest): void {
  if (method === 'GET' || method === 'HEAD') return
  throw new HttpError({ status: 405, message: 'this page takes GET', code: 'method_not_allowed' })
}
