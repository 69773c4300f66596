import { lengthOf, lineEnds } from './lines.ts'
import { trimmer } from './quick-trim.ts'
import { trimsNothing, type Trim } from './trim.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
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
  let begun = false
  let told = last === undefined
  /** Fields of an event whose data is yet to come: without it they would become the next one's. */
  let held = ''
  /** Whether data of the event under way was left out, and whether any was sent. */
  let [dropping, sent] = [false, false]
  /** The last line ended with a carriage return, of which the second half may come; what became of the line. */
  let half: 'sent' | 'held' | 'dropped' | undefined

  const line = (text: string): string => {
    if (!begun) {
      begun = true
      if (text.startsWith(BYTE_ORDER_MARK)) return BYTE_ORDER_MARK + line(text.slice(BYTE_ORDER_MARK.length))
    }
    const length = lengthOf(text)
    if (length === 0) return ended(text)
    if (text.startsWith(':')) return text
    if (!text.startsWith('data:')) {
      held += text
      return ''
    }
    const start = text.startsWith(' ', 5) ? 6 : 5
    if (length === start + DONE.length && text.startsWith(DONE, start)) return final() + released(text)
    const left = trimValue(text.slice(start, length))
    if (left !== undefined) return released(`${text.slice(0, start)}${left}${text.slice(length)}`)
    dropping = true
    held = ''
    return ''
  }
  /** The empty line that ends an event: nothing, where nothing is left of that. */
  const ended = (text: string): string => {
    const isDropped = dropping && !sent
    const out = isDropped ? '' : held + text
    held = ''
    dropping = sent = false
    return out
  }
  const released = (text: string): string => {
    const out = held + text
    held = ''
    dropping = false
    sent = true
    return out
  }
  const final = (): string => {
    if (told) return ''
    told = true
    return Buffer.from(last!()).toString('latin1')
  }
  /** Lines may end with a line feed, a carriage return, or both, also in two pieces. */
  const lines = (all: string): string => {
    let out = ''
    let at = 0
    if (half !== undefined && all.startsWith('\n')) {
      if (half === 'sent') out = '\n'
      else if (half === 'held') held += '\n'
      at = 1
    }
    half = undefined
    const endOf = lineEnds(all)
    for (let end = endOf(at); end > 0; end = endOf(at)) {
      const now = line(all.slice(at, end))
      if (end === all.length && all.endsWith('\r')) half = now !== '' ? 'sent' : held !== '' ? 'held' : 'dropped'
      out += now
      at = end
    }
    rest = at < all.length ? [all.slice(at)] : []
    return out
  }

  return {
    push(bytes) {
      const more = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      rest.push(more.toString('latin1'))
      if (!more.includes(NEWLINE) && !more.includes(RETURN)) return NOTHING
      return Buffer.from(lines(rest.join('')), 'latin1')
    },
    end() {
      const waited = rest.join('')
      rest = []
      const out = (waited === '' ? '' : line(waited)) + held
      held = ''
      return Buffer.from(out + final(), 'latin1')
    },
  }
}

/** UTF-8's, one byte a character. */
const BYTE_ORDER_MARK = '\u00EF\u00BB\u00BF'
const DONE = '[DONE]'

/** Passes everything on, but no line before it is whole: one that breaks off must not run on into what is said of that. */
function wholeLines(): EventFilter {
  let rest: Uint8Array[] = []
  return {
    push(bytes) {
      const end = Math.max(bytes.lastIndexOf(NEWLINE), bytes.lastIndexOf(RETURN)) + 1
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
