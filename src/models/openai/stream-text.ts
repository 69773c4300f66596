import { isAscii } from 'node:buffer'

/**
 * The text of a stream of UTF-8, piece by piece; a byte order mark is no part of it. ASCII, which most pieces are, is
 * copied as it is: a TextDecoder takes far longer, and its texts have two bytes a character, with which all that is done
 * to them takes longer too.
 */
export function streamText(): { push(bytes: Uint8Array): string; end(): string } {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  /** Whether a character may have begun that is not whole yet. */
  let open = false
  let begun = false
  const marked = (text: string): string => {
    if (begun || text === '') return text
    begun = true
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  }
  return {
    push(bytes) {
      if (!open && isAscii(bytes)) {
        const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
        begun ||= text !== ''
        return text
      }
      if (bytes.length > 0) open = bytes[bytes.length - 1] > 0x7f
      decoder ??= new TextDecoder('utf-8', { ignoreBOM: true })
      return marked(decoder.decode(bytes, { stream: true }))
    },
    end: () => marked(decoder?.decode() ?? ''),
  }
}

const BYTE_ORDER_MARK = '\uFEFF'
