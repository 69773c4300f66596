import { createServer, type AddressInfo, type Socket } from 'node:net'
import { eventsOf, stamped, wholeAnswer, type Wanted } from './answers.ts'
import { bodyOf, messageReader } from './messages.ts'

/** Between two tokens of the model `paced`; all others answer at once. */
export const TOKEN_MS = 10

/** A model server that has its answers ready. Resolves with its port. */
export function serveAnswers(): Promise<number> {
  const ready = new Map<string, Buffer>()
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {})
    socket.on(
      'data',
      messageReader((message) => {
        const wanted = wantedBy(bodyOf(message))
        if (wanted.model === 'paced') pace(socket, wanted)
        else socket.write(readied(wanted, ready))
      }),
    )
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/** What is asked for stands at the beginning, before the prompt. */
function wantedBy(body: Buffer): Wanted {
  const start = body.toString('latin1', 0, 400)
  return {
    model: /"model":"(\w+)"/.exec(start)?.[1] ?? '',
    stream: start.includes('"stream":true'),
    logprobs: start.includes('"logprobs":true'),
    usage: start.includes('"include_usage":true'),
  }
}

function readied(wanted: Wanted, ready: Map<string, Buffer>): Buffer {
  const key = Object.values(wanted).join()
  const made = ready.get(key) ?? Buffer.from(wanted.stream ? streamOf(wanted) : wholeOf(wanted))
  ready.set(key, made)
  return made
}

function wholeOf(wanted: Wanted): string {
  const body = wholeAnswer(wanted)
  const type = 'content-type: application/json'
  return `HTTP/1.1 200 OK\r\n${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

const STREAM = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'

const streamOf = (wanted: Wanted): string => `${STREAM}${eventsOf(wanted).map(chunkOf).join('')}${chunkOf('')}`

/** An event a chunk, as a server sends that does not wait for the next token. */
const chunkOf = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

function pace(socket: Socket, wanted: Wanted): void {
  const events = eventsOf(wanted)
  socket.write(STREAM)
  const timer = setInterval(() => {
    const event = events.shift()
    socket.write(chunkOf(event === undefined ? '' : stamped(event)))
    if (event === undefined) clearInterval(timer)
  }, TOKEN_MS)
  socket.once('close', () => clearInterval(timer))
}
