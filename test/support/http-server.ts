import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  method: string
  /** Path and query. */
  path: string
  headers: IncomingMessage['headers']
  body: string
}

export interface HttpServer {
  /** Such as http://127.0.0.1:40123. */
  origin: string
  /** Every request so far. */
  asked: Asked[]
  /** Connections so far. */
  connections(): number
  close(): Promise<void>
}

/** A server on a real socket of this machine; `answer` is called with whole requests, and the number of those before. */
export async function httpServer(
  answer: (response: ServerResponse, asked: Asked, before: number) => void | Promise<void>,
): Promise<HttpServer> {
  const asked: Asked[] = []
  let connections = 0
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      asked.push({ method, path: url, headers, body: Buffer.concat(pieces).toString() })
      void answer(response, asked.at(-1)!, asked.length - 1)
    })
  })
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
