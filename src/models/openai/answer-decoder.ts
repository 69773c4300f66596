import { isAscii } from 'node:buffer'
import { answerParser } from './answer-json.ts'
import { answerReader } from './answer-reader.ts'
import { faultAt } from './fault.ts'
import { ModelError } from '../model-error.ts'
import type { ModelEvent } from '../model.ts'
import type { RequestFacts } from './request-facts.ts'
import { scrub } from './secrets.ts'
import { errorIn, isHtml, pageTitle, serverSaid, shorten } from './server-said.ts'
import { sseReader, type SseReader } from './sse.ts'
import { answerFault, type Asker } from './status-fault.ts'
import { fieldsOf } from './wire.ts'

export interface Decoded {
  events: ModelEvent[]
  /** What is wrong with the answer; nothing after it is read. */
  failure?: ModelError
  /** Where the list of tokens stands in the bytes of a whole answer, where that was found. */
  list?: ListPlace
}

/** From its first token up to its closing bracket. */
export interface ListPlace {
  start: number
  end: number
}

/** Turns the bytes of one answer into events, piece by piece. */
export interface AnswerDecoder {
  push(bytes: Uint8Array): Decoded
  end(): Decoded
}

/** A whole answer and a stream are told apart by how they begin: content types are not to be relied on. */
export function answerDecoder(asker: Asker, facts: RequestFacts): AnswerDecoder {
  const reader = answerReader(asker, facts)
  let list: ListPlace | undefined
  const parseAnswer = answerParser(
    facts.k === 0 ? 'none' : facts.texts === true ? 'texts' : 'logprobs',
    (start, end) => (list = { start, end }),
  )
  let form: 'unknown' | 'stream' | 'whole' = 'unknown'
  let over = false
  let events: ModelEvent[] = []
  const pieces: Uint8Array[] = []
  let stream: SseReader | undefined
  const onData = (data: string, event: string) => {
    if (over) return
    if (data === '[DONE]') finish(true)
    else take(data, event === 'error')
  }

  function take(json: string, isError: boolean): void {
    if (json === '') return
    const value = parse(json)
    const fields = isError ? fieldsOf(value) : undefined
    if (isError && (fields === undefined || errorIn(fields) === undefined)) throw answerFault(asker, serverSaid(json))
    append(reader.take(value))
  }
  function append(more: readonly ModelEvent[]): void {
    for (const event of more) events.push(event)
  }
  function finish(marked: boolean): void {
    over = true
    append(reader.end(marked))
  }
  function parse(json: string): unknown {
    try {
      return parseAnswer(json)
    } catch {
      throw notJson(asker, json)
    }
  }
  function guarded(work: () => void): Decoded {
    events = []
    try {
      if (!over) work()
      return { events }
    } catch (error) {
      if (!(error instanceof ModelError)) throw error
      over = true
      return { events, failure: error }
    }
  }

  return {
    push: (bytes) =>
      guarded(() => {
        if (form === 'unknown') form = formOf(bytes)
        if (form === 'stream') (stream ??= sseReader(onData)).push(bytes)
        else if (form === 'whole') pieces.push(bytes)
      }),
    end() {
      let ascii = false
      const decoded = guarded(() => {
        if (form === 'stream') stream?.end()
        else {
          const bytes = joined(pieces)
          // One byte a character is copied much faster than UTF-8 is decoded, and where all are ASCII it is the same.
          ascii = isAscii(bytes)
          take(bytes.toString(ascii ? 'latin1' : 'utf8') || ' ', false)
        }
        if (!over) finish(form !== 'stream')
      })
      return ascii && list !== undefined ? { ...decoded, list } : decoded
    },
  }
}

const joined = (pieces: readonly Uint8Array[]): Buffer =>
  pieces.length === 1 ? Buffer.from(pieces[0].buffer, pieces[0].byteOffset, pieces[0].length) : Buffer.concat(pieces)

/** Lines of events begin with the name of a field, or with a colon; white space may come before anything. */
function formOf(bytes: Uint8Array): 'unknown' | 'stream' | 'whole' {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64))
    .toString('latin1')
    .replace(/^(?:\u00EF\u00BB\u00BF|\s)+/, '')
  if (start === '') return 'unknown'
  return /^[:deir]/.test(start) ? 'stream' : 'whole'
}

function notJson(asker: Asker, text: string): ModelError {
  if (text.trim() === '')
    return faultAt(asker, 'the answer is empty; the log of the server may say why', { retryable: true })
  if (isHtml(text))
    return faultAt(asker, `the answer is ${pageTitle(text)}, not JSON; is this the URL of a model server?`)
  if (text.trimStart().startsWith('{'))
    return faultAt(asker, 'the JSON of the answer is broken; a server or proxy in between may have cut it', {
      retryable: true,
    })
  const shown = shorten(scrub(text, asker.secrets))
  return faultAt(asker, `the answer is not JSON: ${shown}`)
}
