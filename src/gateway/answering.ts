import type { Chosen, RunReport } from '../cascade/run.ts'
import type { DecisionRecord } from '../cascade/record.ts'
import type { Turn } from '../cascade/turn.ts'
import type { Piece } from '../models/openai/attempt.ts'
import type { Stop } from '../models/stop.ts'
import type { AskOptions, Head } from './ask-stage.ts'
import type { Auditor } from './audit/auditor.ts'
import type { httpErrorOf } from './http-error.ts'
import { isUnread, type ClientRequest } from './wire/request.ts'
import type { Trim } from './wire/trim.ts'

export interface AnswerOptions extends AskOptions {
  id: string
  /** Whose key the request bears. */
  clientName?: string
  /** Whether records hold the question and the answers. */
  texts?: boolean
  /** Aborted once the client has gone. */
  client: Stop
  /** ms, of any origin. */
  now: () => number
  /** ms since 1970. */
  time: number
  mode: 'buffer' | 'early'
  /** Whether the answer is to say what was decided, and why. */
  details: boolean
  deadlineMs: number
  /** After so long without an answer a stream begins with comments. */
  keepaliveMs: number
  /** Audits those that the cascade's coin falls on. */
  auditor?: Auditor
  /** What the client says is right, for a scorer. */
  gold?: string[]
  /** Told of every request once it is over. */
  onRecord: (record: DecisionRecord) => void
}

export type ChosenAnswer = Chosen<Piece, Head>

/** A request that is being answered. */
export interface Answering {
  request: ClientRequest
  options: AnswerOptions
  turn: Turn
  /** Notes a request that is over. */
  over: (record: DecisionRecord) => DecisionRecord
  /** Notes a request that came to no good end, by default with the report of its run; what its client is to hear of it. */
  fail: (error: unknown, report?: RunReport, stage?: string) => ReturnType<typeof httpErrorOf>
}

/** What an answer has beyond what the client asked for. */
export function trimFor({ api, logprobs, stream, includeUsage }: ClientRequest, { sent }: Head): Trim {
  if (isUnread(api)) return {}
  const extra = sent === undefined ? undefined : logprobs === undefined ? 'all' : sent > logprobs ? logprobs : undefined
  return { ...(extra === undefined ? {} : { logprobs: extra }), usage: stream && !includeUsage }
}

export const endOf = ({ stage, meta, inPlaceOf }: ChosenAnswer) => ({
  status: meta.status,
  stage: stage.name,
  ...(inPlaceOf === undefined ? {} : { inPlace: true, error: inPlaceOf.message }),
})

export const typeOf = ({ headers }: Head): string => {
  const type = headers['content-type']
  return (typeof type === 'string' ? type : type?.[0]) ?? 'application/json'
}
