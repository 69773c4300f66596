import { trimmed, type Trim } from './trim.ts'

const NEWLINE = 0x0a
const NOTHING = new Uint8Array()

/** Passes a stream of events on, line by line, as its client asked for it. */
export interface EventFilter {
  /** What is to be sent of these bytes; a line that is not whole yet waits. */
  push(bytes: Uint8Array): Uint8Array
  /** What still waited. */
  end(): Uint8Array
}

/**
 * @param last text to be sent before the mark of the end, or at the end where there is none
 */
export function eventFilter(trim: Trim, last?: () => string): EventFilter {
  let rest: Uint8Array[] = []
  let dropping = false
  let told = last === undefined

  const line = (bytes: Uint8Array): Uint8Array | undefined => {
    const text = bytes.subarray(0, lengthOf(bytes))
    if (text.length === 0 && dropping) {
      // The empty line that ends an event of which nothing is left.
      dropping = false
      return undefined
    }
    dropping = false
    if (!isData(text)) return bytes
    const start = text[5] === 0x20 ? 6 : 5
    const data = text.subarray(start)
    if (data.length === 6 && String(Buffer.from(data)) === '[DONE]') return Buffer.concat([final(), bytes])
    const left = trimmed(data, trim)
    if (left === undefined) dropping = true
    return left === undefined || left === data
      ? left && bytes
      : Buffer.concat([bytes.subarray(0, start), left, bytes.subarray(text.length)])
  }
  const final = (): Uint8Array => {
    if (told) return NOTHING
    told = true
    return Buffer.from(last!())
  }

  return {
    push(bytes) {
      const first = bytes.indexOf(NEWLINE)
      if (first < 0) {
        rest.push(bytes)
        return NOTHING
      }
      const all = rest.length === 0 ? bytes : Buffer.concat([...rest, bytes])
      const out: Uint8Array[] = []
      let at = 0
      for (let end = all.length - bytes.length + first; end >= 0; end = all.indexOf(NEWLINE, at)) {
        const kept = line(all.subarray(at, end + 1))
        if (kept !== undefined) out.push(kept)
        at = end + 1
      }
      rest = at < all.length ? [all.subarray(at)] : []
      return out.length === 1 ? out[0] : Buffer.concat(out)
    },
    end() {
      const kept = rest.length === 0 ? undefined : line(Buffer.concat(rest))
      rest = []
      return Buffer.concat([kept ?? NOTHING, final()])
    },
  }
}

/** Without the end of the line. */
function lengthOf(bytes: Uint8Array): number {
  let { length } = bytes
  while (length > 0 && (bytes[length - 1] === NEWLINE || bytes[length - 1] === 0x0d)) length--
  return length
}

const isData = (line: Uint8Array): boolean =>
  line.length > 5 && line[0] === 0x64 && line[1] === 0x61 && line[2] === 0x74 && line[3] === 0x61 && line[4] === 0x3a
