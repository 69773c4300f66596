import { connect } from 'node:net'
import { clockUs, stampsIn } from './answers.ts'
import { bodyOf, messageReader, type Message } from './messages.ts'

/** Requests of one kind, so many at once, until there were enough of them or the time is up. */
export interface Cell {
  port: number
  model: string
  stream: boolean
  logprobs: boolean
  promptChars: number
  concurrency: number
  most: number
  ms: number
  /** What the gateway has to say of every answer. */
  outcome?: string
  /** Of a stream that says when each event was sent: the event whose way to the client is timed. */
  event?: number
}

export interface Loaded {
  requests: number
  /** From the first request to the last answer. */
  ms: number
  p50: number
  p99: number
}

/** @throws Error where an answer is none */
export async function load(cell: Cell): Promise<Loaded> {
  const request = requestOf(cell)
  const times: number[] = []
  const start = performance.now()
  let left = cell.most
  const more = () => left-- > 0 && performance.now() < start + cell.ms
  await Promise.all(
    Array.from({ length: cell.concurrency }, () => ask(request, cell, more, (time) => times.push(time))),
  )
  const ms = performance.now() - start
  const sorted = Float64Array.from(times).toSorted()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return { requests: times.length, ms, p50: at(0.5), p99: at(0.99) }
}

/** One connection, on which a request follows an answer as long as there are more to be made. */
function ask(request: Buffer, cell: Cell, more: () => boolean, onTime: (ms: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: cell.port, host: '127.0.0.1', noDelay: true })
    let sentAt = 0
    let firstUs: number | undefined
    const send = () => {
      if (!more()) {
        socket.end()
        return
      }
      sentAt = performance.now()
      firstUs = undefined
      socket.write(request)
    }
    const read = messageReader((message) => {
      const now = performance.now()
      if (!isAsWanted(message, cell)) {
        socket.destroy(new Error(`${cell.model}: ${message.head}\n${bodyOf(message).toString()}`))
        return
      }
      onTime(cell.event === undefined ? now - sentAt : (firstUs! - sentUs(message, cell.event)) / 1000)
      send()
    })
    socket.on('connect', send).on('error', reject).on('close', resolve)
    socket.on('data', (bytes) => {
      // The head alone may come ahead of the first event.
      if (cell.event !== undefined && firstUs === undefined && bytes.includes('data: ')) firstUs = clockUs()
      read(bytes)
    })
  })
}

const isAsWanted = ({ head }: Message, { outcome }: Cell): boolean =>
  head.startsWith('HTTP/1.1 200') && (outcome === undefined || head.includes(`x-spillway-outcome: ${outcome}`))

const sentUs = (message: Message, event: number): number => stampsIn(bodyOf(message).toString('latin1'))[event]

/** What decides on the answer stands before the prompt, where the upstream looks for it. */
function requestOf({ model, stream, logprobs, promptChars }: Cell): Buffer {
  const body = Buffer.from(
    JSON.stringify({
      model,
      ...(stream ? { stream } : {}),
      ...(logprobs ? { logprobs, top_logprobs: 5 } : {}),
      max_tokens: 256,
      messages: [{ role: 'user', content: promptOf(promptChars) }],
    }),
  )
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body])
}

/** Prose, with a quotation and a new line now and then. */
const promptOf = (chars: number): string =>
  'The text says "so and so" about the matter, and then it goes on for quite a while without coming to a point.\n'
    .repeat(Math.ceil(chars / 108))
    .slice(0, chars)
