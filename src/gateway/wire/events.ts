import { trimmer } from './quick-trim.ts'
import { trimsNothing, type Trim } from './trim.ts'

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
  if (trimsNothing(trim) && last === undefined) return wholeLines()
  const trimValue = trimmer(trim)
  /** One byte a character: nothing in a line is read but its ASCII. */
  let rest: string[] = []
  let dropping = false
  let told = last === undefined

  const line = (text: string): string => {
    const length = lengthOf(text)
    // The empty line that ends an event of which nothing is left.
    const dropped = length === 0 && dropping
    dropping = false
    if (dropped) return ''
    if (!text.startsWith('data:')) return text
    const start = text.startsWith(' ', 5) ? 6 : 5
    if (length === start + DONE.length && text.startsWith(DONE, start)) return final() + text
    const left = trimValue(text.slice(start, length))
    if (left === undefined) dropping = true
    return left === undefined ? '' : `${text.slice(0, start)}${left}${text.slice(length)}`
  }
  const final = (): string => {
    if (told) return ''
    told = true
    return Buffer.from(last!()).toString('latin1')
  }

  return {
    push(bytes) {
      const more = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      rest.push(more.toString('latin1'))
      if (!more.includes(NEWLINE)) return NOTHING
      const all = rest.join('')
      let out = ''
      let at = 0
      for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', at)) {
        out += line(all.slice(at, end + 1))
        at = end + 1
      }
      rest = at < all.length ? [all.slice(at)] : []
      return Buffer.from(out, 'latin1')
    },
    end() {
      const waited = rest.join('')
      rest = []
      return Buffer.from((waited === '' ? '' : line(waited)) + final(), 'latin1')
    },
  }
}

const DONE = '[DONE]'

/** Passes everything on, but no line before it is whole: one that breaks off must not run on into what is said of that. */
function wholeLines(): EventFilter {
  let rest: Uint8Array[] = []
  return {
    push(bytes) {
      const end = bytes.lastIndexOf(NEWLINE) + 1
      if (end === bytes.length && rest.length === 0) return bytes
      const lines = end === 0 ? NOTHING : Buffer.concat([...rest, bytes.subarray(0, end)])
      if (end > 0) rest = []
      if (end < bytes.length) rest.push(bytes.subarray(end))
      return lines
    },
    end() {
      const waited = Buffer.concat(rest)
      rest = []
      return waited
    },
  }
}

/** Without the end of the line. */
function lengthOf(line: string): number {
  let { length } = line
  while (length > 0 && (line[length - 1] === '\n' || line[length - 1] === '\r')) length--
  return length
}
