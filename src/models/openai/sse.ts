import { createParser } from 'eventsource-parser'

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
  const decoder = new TextDecoder()
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
    push: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })),
    end: () => parser.feed(`${decoder.decode()}\n\n`),
  }
}
