import type { Stop } from '../models/stop.ts'

/** A request as a gateway sees it, whatever server took it in. */
export interface GatewayRequest {
  method: string
  /** Path and query. */
  url: string
  /** Names in lower case. */
  headers: Readonly<Partial<Record<string, string>>>
  body: AsyncIterable<Uint8Array>
  /** Aborted once the client has gone. */
  signal: Stop
}

/** A response, whatever server sends it. */
export interface GatewayResponse {
  status: number
  headers: Record<string, string>
  /** Whole, or as it comes. */
  body: Uint8Array | AsyncIterable<Uint8Array>
}

export const jsonResponse = (
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): GatewayResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(`${JSON.stringify(value)}\n`),
})
