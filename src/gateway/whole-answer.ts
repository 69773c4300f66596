import type { ListPlace } from '../models/openai/answer-decoder.ts'
import { trimFor, endOf, typeOf, type Answering, type ChosenAnswer } from './answering.ts'
import { isStream } from './ask-stage.ts'
import type { GatewayResponse } from './http.ts'
import { costHeader, decisionHeaders, withDetails } from './telling.ts'
import { eventFilter } from './wire/events.ts'
import { trimmedAnswer } from './wire/quick-trim.ts'
import { skipSpace } from './wire/scan.ts'
import type { Trim } from './wire/trim.ts'

/** The answer in one piece. */
export async function wholeAnswer(
  chosen: ChosenAnswer,
  { request, options, turn, over }: Answering,
): Promise<GatewayResponse> {
  const pieces: Uint8Array[] = []
  let list: ListPlace | undefined
  for await (const piece of chosen.parts) {
    pieces.push(piece.bytes)
    list = piece.list
  }
  turn.begun()
  const all = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
  const record = over(turn.facts(chosen.report(), endOf(chosen)))
  // Of a stream that nobody asked for there are events to go through; content types are not to be relied on.
  const trim = trimFor(request, chosen.meta)
  const json = all[skipSpace(all, 0)] === OBJECT
  const body = json ? trimmedAnswer(all, trim, list) : filtered(all, trim)
  return {
    status: chosen.meta.status,
    headers: {
      'content-type': json && isStream(chosen.meta) ? 'application/json' : typeOf(chosen.meta),
      ...decisionHeaders(record),
      ...costHeader(record),
    },
    body: options.details ? withDetails(body, record) : body,
  }
}

const OBJECT = 0x7b

function filtered(bytes: Uint8Array, trim: Trim): Uint8Array {
  const filter = eventFilter(trim)
  return Buffer.concat([filter.push(bytes), filter.end()])
}
