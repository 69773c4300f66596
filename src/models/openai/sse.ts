import { createParser } from 'eventsource-parser'
import { streamText } from './stream-text.ts'

export interface SseReader {
  push(bytes: Uint8Array): void
  /** The stream is over; the end of the last event may be missing. */
  end(): void
}

/**
 * Reads server-sent events as model servers send them: every `data:` line is told, with the name of its event.
 *
 * Beyond the standard, which joins the data lines of an event: no server here writes JSON over several lines, and one
 * that leaves out the empty lines between events is understood. llama.cpp formerly wrote errors as a field `error:`.
 */
export function sseReader(onData: (data: string, event: string) => void): SseReader {
  const decoded = streamText()
  /** Whether the parser waits for the rest of something. */
  let open = false
  const parser = createParser({
    onEvent({ data, event = '' }) {
      if (!data.includes('\n')) onData(data.trim(), event)
      else for (const line of data.split('\n')) onData(line.trim(), event)
    },
    onError({ type, field, value }) {
      if (type === 'unknown-field' && field === 'error') onData(value ?? '', 'error')
    },
  })
  return {
    push(bytes) {
      const text = decoded.push(bytes)
      const rest = open ? text : text.slice(plainEvents(text, onData))
      if (rest === '') return
      parser.feed(rest)
      open = !rest.endsWith('\n\n')
    },
    end: () => parser.feed(`${decoded.end()}\n\n`),
  }
}

/** Tells the events at the start of a text that are one line of data each, as nearly all are; how long they are. */
function plainEvents(text: string, onData: (data: string, event: string) => void): number {
  if (text.includes('\r')) return 0
  let at = 0
  while (text.startsWith(DATA, at)) {
    const end = text.indexOf('\n', at)
    if (end < 0 || text.charCodeAt(end + 1) !== NEWLINE) break
    onData(text.slice(at + DATA.length, end).trim(), '')
    at = end + 2
  }
  return at
}

const DATA = 'data: '
const NEWLINE = 0x0a
