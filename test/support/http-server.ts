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

/**
 * A server on a real socket of this machine; `answer` is called with whole requests, and the number of those before.
 * @param remember whether requests are kept: of very many, nobody wants to know
 */
export async function httpServer(
  answer: (response: ServerResponse, asked: Asked, before: number) => void | Promise<void>,
  remember = true,
): Promise<HttpServer> {
  const asked: Asked[] = []
  let [connections, count] = [0, 0]
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one: Asked = { method, path: url, headers, body: Buffer.concat(pieces).toString() }
      if (remember) asked.push(one)
      void answer(response, one, count++)
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
