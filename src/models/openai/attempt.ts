import type { Dispatcher } from 'undici'
import { answerDecoder, type ListPlace } from './answer-decoder.ts'
import type { Endpoint } from './endpoint.ts'
import { faultAt } from './fault.ts'
import { limitOf, type Limit } from './limit.ts'
import { ModelError } from '../model-error.ts'
import type { ModelEvent } from '../model.ts'
import type { RequestFacts } from './request-facts.ts'
import { send, type Reply } from './reply.ts'
import { againOf, headerOf, retryAfterMs, type Again, type AnswerHeaders } from './retry.ts'
import { serverSaid, type ServerSaid } from './server-said.ts'
import { statusFault, type Asker } from './status-fault.ts'
import type { Stop } from '../stop.ts'
import { transportFault } from './transport-fault.ts'
import { usageDecoder } from './usage-decoder.ts'

/** Bytes of an answer as they came, and what they completed. */
export interface Piece {
  bytes: Uint8Array
  events: ModelEvent[]
  /** What is wrong with the answer, once that is known. The bytes still come. */
  failure?: ModelError
  /** Where the list of tokens stands in the bytes of all pieces, where the last one tells. */
  list?: ListPlace
}

/** What came of asking once. */
export type Attempt =
  | { type: 'answer'; status: number; headers: AnswerHeaders; pieces: AsyncIterable<Piece>; ended: Promise<void> }
  | {
      type: 'refusal'
      status: number
      headers: AnswerHeaders
      bytes: Uint8Array
      said: ServerSaid
      error: ModelError
      again: Again
    }
  | { type: 'failure'; error: ModelError; again: Again }

/** What stays the same from request to request. */
export interface Line {
  dispatcher: Dispatcher
  endpoint: Endpoint
  model: string
  timeoutMs: number
  /** From the request to the answer's first byte; 0: the limit of the whole answer will do. */
  firstByteMs: number
  /** Between two pieces of an answer; 0: the same. */
  idleMs: number
  maxAnswerBytes: number
  now: () => number
}

export interface Question {
  body: string | Uint8Array
  facts: RequestFacts
  headers: Readonly<Record<string, string>>
  secrets: readonly string[]
  signal?: Stop
}

/**
 * Asks once. A refusal is read to its end, so that its connection is free again.
 * @throws the signal's reason where it is aborted, here and in the pieces; the pieces, ModelError
 */
export async function attempt(line: Line, question: Question): Promise<Attempt> {
  const { endpoint, timeoutMs, dispatcher } = line
  const { facts, headers, body, signal } = question
  signal?.throwIfAborted()
  const asker: Asker = {
    place: endpoint.placeOf(facts.api),
    secrets: question.secrets,
    model: line.model,
    keyed: question.secrets.length > 0,
  }
  const sent = send(dispatcher, {
    origin: endpoint.origin,
    path: endpoint.pathOf(facts.api),
    method: 'POST',
    headers,
    body,
    headersTimeout: line.firstByteMs,
    bodyTimeout: line.idleMs,
  })
  const limit = limitOf(timeoutMs, (reason) => sent.abort(reason), signal)
  const ended = sent.ended.then(() => limit.clear())
  try {
    const answer = await sent.reply
    const { status, headers: received } = answer
    if (status >= 200 && status < 300) {
      const pieces = piecesOf(answer, line, question, asker, limit)
      return { type: 'answer', status, headers: received, pieces, ended }
    }
    const bytes = await read(answer.bytes, line.maxAnswerBytes)
    signal?.throwIfAborted()
    const said = serverSaid(Buffer.from(bytes.subarray(0, SAID_BYTES)).toString())
    const afterMs = retryAfterMs(received, line.now)
    const error = statusFault(asker, status, said, { location: headerOf(received, 'location'), afterMs })
    const again = againOf(received, error.retryable, afterMs)
    return { type: 'refusal', status, headers: received, bytes, said, error, again }
  } catch (error) {
    const fault = faultOf(error, asker, limit, line, signal)
    return { type: 'failure', error: fault, again: { retry: fault.retryable } }
  }
}

/** No server says more than that about an error. */
const SAID_BYTES = 65_536

async function* piecesOf(
  reply: Reply,
  line: Line,
  { facts, signal }: Question,
  asker: Asker,
  limit: Limit,
): AsyncGenerator<Piece> {
  const unread = facts.api === 'embeddings' || facts.api === 'responses'
  const decoder = unread ? usageDecoder() : answerDecoder(asker, facts)
  const coding = headerOf(reply.headers, 'content-encoding') ?? 'identity'
  let size = 0
  try {
    for await (const bytes of reply.bytes) {
      size += bytes.length
      if (size > line.maxAnswerBytes) throw tooLong(asker, line)
      if (coding !== 'identity') throw faultAt(asker, `the answer is packed (${coding}), which was not asked for`)
      const { events, failure } = decoder.push(bytes)
      if (failure !== undefined || !reply.isRead()) {
        yield failure === undefined ? { bytes, events } : { bytes, events, failure }
        continue
      }
      // The last bytes, and so what they complete besides: a failure is told after them.
      const last = decoder.end()
      if (last.failure === undefined) {
        yield { ...last, bytes, events: events.length === 0 ? last.events : [...events, ...last.events] }
        return
      }
      yield { bytes, events }
      yield { bytes: NOTHING, ...last }
      return
    }
  } catch (error) {
    throw faultOf(error, asker, limit, line, signal)
  }
  const last = decoder.end()
  if (last.events.length > 0 || last.failure !== undefined) yield { bytes: NOTHING, ...last }
}

const NOTHING = new Uint8Array()

/** A refusal's body as far as it comes: what is cut still says something. */
async function read(body: Reply['bytes'], most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const bytes of body) {
      size += bytes.length
      if (size > most) break
      pieces.push(bytes)
    }
  } catch {
    // The status has come, which is what counts.
  }
  return Buffer.concat(pieces)
}

const tooLong = (asker: Asker, { maxAnswerBytes }: Line): ModelError =>
  faultAt(asker, `the answer is longer than ${maxAnswerBytes} bytes; is this the URL of a model server?`)

/** @throws the signal's reason where it was aborted */
function faultOf(error: unknown, asker: Asker, limit: Limit, { timeoutMs }: Line, signal?: Stop): ModelError {
  signal?.throwIfAborted()
  if (error instanceof ModelError) return error
  if (limit.timedOut())
    return faultAt(asker, `no whole answer within ${timeoutMs / 1000} s; a longer timeout may help`, {
      retryable: true,
    })
  return transportFault(asker, error)
}
