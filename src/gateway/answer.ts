import { NoAnswer, runCascade, type Chosen, type RunReport } from '../cascade/run.ts'
import { CLIENT_LEFT, type DecisionRecord } from '../cascade/record.ts'
import { turnOf, type Turn } from '../cascade/turn.ts'
import type { Piece } from '../models/openai/attempt.ts'
import { isStream, stageFor, type AskOptions, type Head } from './ask-stage.ts'
import { deadlineOf } from './deadline.ts'
import type { GatewayResponse } from './http.ts'
import { errorBody, errorResponse, HttpError, httpErrorOf } from './http-error.ts'
import { costHeader, decisionComment, decisionHeaders, detailsOf, withDetails } from './telling.ts'
import type { ServedCascade } from './served.ts'
import { eventFilter } from './wire/events.ts'
import { isUnread, questionIn, type ClientRequest } from './wire/request.ts'
import { skipSpace } from './wire/scan.ts'
import { trimmedAnswer } from './wire/quick-trim.ts'
import type { Trim } from './wire/trim.ts'

export interface AnswerOptions extends AskOptions {
  id: string
  /** Whose key the request bears. */
  clientName?: string
  /** Whether records hold the question and the answers. */
  texts?: boolean
  /** Aborted once the client has gone. */
  client: AbortSignal
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
  /** Told of every request once it is over. */
  onRecord: (record: DecisionRecord) => void
}

type ChosenAnswer = Chosen<Piece, Head>

const EMPTY: RunReport = { verdicts: [], calls: [] }

/** Answers one request by a cascade: with one answer, or one error. */
export async function answer(
  request: ClientRequest,
  cascade: ServedCascade,
  options: AnswerOptions,
): Promise<GatewayResponse> {
  const { client, now } = options
  const asked = stagesFor(request, cascade)
  const turn = turnFor(request, cascade, asked, options)
  const deadline = deadlineOf(client, options.deadlineMs)
  const running = runCascade(
    asked.map((stage) => stageFor(stage, request, options)),
    {
      signal: deadline.signal,
      now,
      mode: request.stream ? options.mode : 'buffer',
      limit: request.limit,
      fallback: cascade.fallback,
      texts: options.texts,
      ...(cascade.speculateAfter === undefined ? {} : { speculateAfter: cascade.speculateAfter }),
    },
  )
  const over = (record: DecisionRecord): DecisionRecord => {
    deadline.clear()
    options.onRecord(record)
    return record
  }
  /** Notes a request that came to no good end; what its client is to hear of it. */
  const fail = (thrown: unknown, report: RunReport, stage?: string) => {
    const error = thrown instanceof NoAnswer ? thrown.error : thrown
    const facts = client.aborted ? { status: CLIENT_LEFT, message: 'the client left' } : httpErrorOf(error)
    const message = error instanceof Error ? error.message : String(error)
    over(turn.facts(report, { status: facts.status, stage, ...(client.aborted ? {} : { error: message }) }))
    return facts
  }
  const parts: Parts = { request, options, turn, over, fail }
  try {
    if (request.stream) return await streamed(running, parts)
    const chosen = await running
    return await whole(chosen, parts).catch((error: unknown) => {
      throw new NoAnswer(error, chosen.report())
    })
  } catch (error) {
    return errorResponse(fail(error, error instanceof NoAnswer ? error.report : EMPTY), { 'x-spillway-id': options.id })
  }
}

interface Parts {
  request: ClientRequest
  options: AnswerOptions
  turn: Turn
  over: (record: DecisionRecord) => DecisionRecord
  fail: (error: unknown, report: RunReport, stage?: string) => ReturnType<typeof httpErrorOf>
}

/** A byte of a prompt is about a quarter of a token. */
const BYTES_A_TOKEN = 4

function turnFor(
  request: ClientRequest,
  cascade: ServedCascade,
  asked: ServedCascade['stages'],
  options: AnswerOptions,
): Turn {
  const { api, temperature, stream, bytes } = request
  const { tunedTemperature: tuned } = cascade
  const strange = tuned !== undefined && temperature !== undefined && temperature !== tuned
  const { id, clientName, now, time } = options
  return turnOf({
    id,
    clientName,
    now,
    time,
    cascade,
    stages: asked.map(({ model: { name, price } }) => ({ name, price })),
    api,
    stream,
    promptTokens: Math.ceil(bytes.length / BYTES_A_TOKEN),
    warnings: [
      ...(cascade.warnings ?? []),
      ...(strange
        ? [`temperature ${temperature}, and the policy was tuned at ${tuned}: its threshold may not hold`]
        : []),
    ],
    ...(options.texts === true ? { question: questionIn(request) } : {}),
  })
}

/** The stages that can answer a request: of several answers to one request, no single one can be kept. */
function stagesFor({ n }: ClientRequest, { stages, severalAnswers }: ServedCascade): ServedCascade['stages'] {
  if (n <= 1 || stages.length === 1) return stages
  if (severalAnswers === 'large') return stages.slice(-1)
  throw new HttpError({
    status: 400,
    message: 'this model gives one answer a request',
    type: 'invalid_request_error',
    param: 'n',
  })
}

/** What an answer has beyond what the client asked for. */
function trimFor({ api, logprobs, stream, includeUsage }: ClientRequest, { sent }: Head): Trim {
  if (isUnread(api)) return {}
  const extra = sent === undefined ? undefined : logprobs === undefined ? 'all' : sent > logprobs ? logprobs : undefined
  return { ...(extra === undefined ? {} : { logprobs: extra }), usage: stream && !includeUsage }
}

const endOf = ({ stage, meta, inPlaceOf }: ChosenAnswer) => ({
  status: meta.status,
  stage: stage.name,
  ...(inPlaceOf === undefined ? {} : { inPlace: true, error: inPlaceOf.message }),
})

const typeOf = ({ headers }: Head): string => {
  const type = headers['content-type']
  return (typeof type === 'string' ? type : type?.[0]) ?? 'application/json'
}

async function whole(chosen: ChosenAnswer, { request, options, turn, over }: Parts): Promise<GatewayResponse> {
  const pieces: Uint8Array[] = []
  for await (const { bytes } of chosen.parts) pieces.push(bytes)
  turn.begun()
  const all = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
  const record = over(turn.facts(chosen.report(), endOf(chosen)))
  // Of a stream that nobody asked for there are events to go through; content types are not to be relied on.
  const trim = trimFor(request, chosen.meta)
  const json = all[skipSpace(all, 0)] === OBJECT
  const body = json ? trimmedAnswer(all, trim) : filtered(all, trim)
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

const EVENTS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }
const COMMENT = Buffer.from(': still at work\n\n')

/** The head waits for the decision, but not for longer than a client should have to. */
async function streamed(running: Promise<ChosenAnswer>, parts: Parts): Promise<GatewayResponse> {
  const { options, turn } = parts
  const chosen = await within(running, options.keepaliveMs)
  if (chosen !== undefined) {
    const { meta } = chosen
    const record = turn.facts(chosen.report(), endOf(chosen))
    const headers = { ...EVENTS, 'content-type': isStream(meta) ? EVENTS['content-type'] : typeOf(meta) }
    return { status: meta.status, headers: { ...headers, ...decisionHeaders(record) }, body: told(chosen, parts) }
  }
  return { status: 200, headers: { ...EVENTS, 'x-spillway-id': turn.id }, body: awaited(running, parts) }
}

async function* awaited(running: Promise<ChosenAnswer>, parts: Parts): AsyncGenerator<Uint8Array> {
  let chosen: ChosenAnswer | undefined
  let failed = false
  try {
    while (chosen === undefined) {
      yield COMMENT
      chosen = await within(running, parts.options.keepaliveMs)
    }
  } catch (error) {
    failed = true
    yield inBand(parts.fail(error, error instanceof NoAnswer ? error.report : EMPTY))
    return
  } finally {
    // The client left between two comments; the run hears of it by its signal.
    if (chosen === undefined && !failed)
      void running.catch((error: unknown) => parts.fail(error, error instanceof NoAnswer ? error.report : EMPTY))
  }
  // The head could not say it.
  yield decisionComment(parts.turn.facts(chosen.report(), endOf(chosen)))
  yield* told(chosen, parts)
}

/** The answer piece by piece. One that breaks off ends with an error, never as if it were whole. */
async function* told(chosen: ChosenAnswer, parts: Parts): AsyncGenerator<Uint8Array> {
  const { request, options, turn, over, fail } = parts
  const details = (): string => `data: ${JSON.stringify(detailsOf(turn.facts(chosen.report(), endOf(chosen))))}\n\n`
  const filter = eventFilter(trimFor(request, chosen.meta), options.details ? details : undefined)
  const stage = chosen.stage.name
  let ended = false
  try {
    for await (const { bytes } of chosen.parts) {
      const out = filter.push(bytes)
      if (out.length === 0) continue
      turn.begun()
      yield out
    }
    const rest = filter.end()
    if (rest.length > 0) yield rest
    ended = true
    over(turn.facts(chosen.report(), endOf(chosen)))
  } catch (error) {
    ended = true
    // An event that broke off before the empty line at its end would run on into the error.
    yield Buffer.concat([Buffer.from('\n'), inBand(fail(error, chosen.report(), stage))])
  } finally {
    if (!ended) fail(new Error('the client left'), chosen.report(), stage)
  }
}

const inBand = (facts: ReturnType<typeof httpErrorOf>): Uint8Array =>
  Buffer.from(`data: ${JSON.stringify(errorBody(facts))}\n\n`)

/** The value of a promise, where it comes within some time; waiting for it again is possible. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
