import { isAscii, isUtf8 } from 'node:buffer'
import { SpillwayError } from '../core/errors.ts'

/** Longer lines are no rows of outcomes, and would fill the memory before they end. */
const MAX_LINE_BYTES = 64 << 20

/**
 * Decodes bytes to blocks of whole lines: no character and no line is ever torn. The last line may lack its newline.
 * @throws SpillwayError `bad-input` for bytes that are not UTF-8, and for lines over 64 MiB
 */
export async function* readBlocks(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<string> {
  let carried: Buffer[] = []
  let carriedBytes = 0
  let bytesBefore = 0
  let isArray: boolean | undefined
  const block = (bytes: Buffer): string => {
    const text = decode(bytes, name, bytesBefore)
    const begins = bytesBefore === 0
    bytesBefore += bytes.length
    return begins && text.startsWith('\uFEFF') ? text.slice(1) : text
  }
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(0x0a) + 1
    let start = 0
    if (end > 0 && carriedBytes > 0) {
      // The line that straddles two chunks is a block of its own: nothing else has to be copied.
      start = chunk.indexOf(0x0a) + 1
      yield block(Buffer.concat([...carried, chunk.subarray(0, start)]))
      carried = []
      carriedBytes = 0
    }
    if (end > start) yield block(chunk.subarray(start, end))
    carried.push(chunk.subarray(end))
    carriedBytes += chunk.length - end
    isArray ??= firstCharacter(chunk) === '['
    // A JSON array may be one line: its reader has a limit of its own.
    if (carriedBytes > MAX_LINE_BYTES && !isArray)
      throw new SpillwayError(
        'bad-input',
        `${name}: a line of over 64 MiB (at byte ${bytesBefore}); expected one JSON object or CSV row a line`,
      )
  }
  if (carriedBytes > 0) yield block(Buffer.concat(carried))
}

/** The first character that is no white space or byte-order mark; none yet: `undefined`. */
const firstCharacter = (bytes: Buffer): string | undefined =>
  /[^\s\u00ef\u00bb\u00bf]/.exec(bytes.toString('latin1', 0, 1024))?.[0]

function decode(bytes: Buffer, name: string, bytesBefore: number): string {
  // Pure ASCII, as most outcomes are, is copied, not decoded: ten times as fast.
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? ' (it looks like UTF-16)' : ''
  throw new SpillwayError('bad-input', `${name}: not UTF-8${utf16}, after byte ${bytesBefore}; save it as UTF-8`)
}
