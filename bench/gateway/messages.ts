/** A message over HTTP/1.1, as it came. */
export interface Message {
  /** Request or status line, and headers. */
  head: string
  pieces: Buffer[]
  /** Where the body begins. */
  bodyAt: number
}

/**
 * Reads one message after another off a socket: a length or chunks, nothing else. A load generator and an upstream that
 * cost a few µs a message leave the machine to what is measured.
 */
export function messageReader(onMessage: (message: Message) => void): (bytes: Buffer) => void {
  let pieces: Buffer[] = []
  let size = 0
  let head: { text: string; bodyAt: number; end: number } | undefined
  return (bytes) => {
    pieces.push(bytes)
    size += bytes.length
    head ??= headOf(pieces)
    if (head === undefined || size < head.end || (head.end === CHUNKED && !endsInEmptyChunk(pieces))) return
    const message = { head: head.text, bodyAt: head.bodyAt, pieces }
    pieces = []
    size = 0
    head = undefined
    onMessage(message)
  }
}

export const bodyOf = ({ pieces, bodyAt }: Message): Buffer => Buffer.concat(pieces).subarray(bodyAt)

const CHUNKED = 0
const EMPTY_CHUNK = '0\r\n\r\n'

function headOf(pieces: Buffer[]) {
  const bytes = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
  const at = bytes.indexOf('\r\n\r\n')
  if (at < 0) return undefined
  const text = bytes.toString('latin1', 0, at)
  const bodyAt = at + 4
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
  return { text, bodyAt, end: length === undefined ? CHUNKED : bodyAt + Number(length) }
}

function endsInEmptyChunk(pieces: Buffer[]): boolean {
  const last = pieces.at(-1)!
  const tail = last.length >= EMPTY_CHUNK.length ? last : Buffer.concat(pieces.slice(-EMPTY_CHUNK.length))
  return tail.toString('latin1', tail.length - EMPTY_CHUNK.length) === EMPTY_CHUNK
}
