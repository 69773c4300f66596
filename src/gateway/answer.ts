import { guessedTokens } from '../cascade/cost.ts'
import { CLIENT_LEFT, withoutTexts, type DecisionRecord } from '../cascade/record.ts'
import { NoAnswer, runCascade, type RunReport } from '../cascade/run.ts'
import { otherTemperature } from '../cascade/tuned-on.ts'
import { turnOf, type Turn } from '../cascade/turn.ts'
import type { Answering, AnswerOptions } from './answering.ts'
import { auditedTurn, tossFor } from './audit/audited-turn.ts'
import { stageFor } from './ask-stage.ts'
import { deadlineOf } from './deadline.ts'
import type { GatewayResponse } from './http.ts'
import { errorResponse, HttpError, httpErrorOf } from './http-error.ts'
import type { ServedCascade } from './served.ts'
import { streamedAnswer } from './streamed-answer.ts'
import { wholeAnswer } from './whole-answer.ts'
import { questionIn, type ClientRequest } from './wire/request.ts'

const EMPTY: RunReport = { verdicts: [], calls: [] }

/** Answers one request by a cascade: with one answer, or one error. */
export async function answer(
  request: ClientRequest,
  cascade: ServedCascade,
  options: AnswerOptions,
): Promise<GatewayResponse> {
  const { client, now } = options
  const asked = stagesFor(request, cascade)
  const probability = tossFor(asked, cascade, options)
  const texts = options.texts === true || probability !== undefined
  const turn = turnFor(request, cascade, asked, { ...options, texts })
  const deadline = deadlineOf(client, options.deadlineMs)
  const running = runCascade(
    asked.map((stage) => stageFor(stage, request, options)),
    {
      signal: deadline.signal,
      now,
      mode: request.stream ? options.mode : 'buffer',
      limit: request.limit,
      fallback: cascade.fallback,
      texts,
      ...(cascade.speculateAfter === undefined ? {} : { speculateAfter: cascade.speculateAfter }),
    },
  )
  const over = (record: DecisionRecord): DecisionRecord => {
    deadline.clear()
    const shown = (options.texts === true) === texts ? record : withoutTexts(record)
    options.onRecord(shown)
    cascade.audit?.coin.expect(record.outcome === 'kept' ? (record.always_large_cost ?? 0) : 0)
    if (probability !== undefined) auditedTurn({ record, probability, cascade, request, options })
    return shown
  }
  const fail: Answering['fail'] = (thrown, report = thrown instanceof NoAnswer ? thrown.report : EMPTY, stage) => {
    const error = thrown instanceof NoAnswer ? thrown.error : thrown
    const facts = client.aborted ? { status: CLIENT_LEFT, message: 'the client left' } : httpErrorOf(error)
    const message = error instanceof Error ? error.message : String(error)
    over(turn.facts(report, { status: facts.status, stage, ...(client.aborted ? {} : { error: message }) }))
    return facts
  }
  const parts: Answering = { request, options, turn, over, fail }
  try {
    if (request.stream) return await streamedAnswer(running, parts)
    const chosen = await running
    return await wholeAnswer(chosen, parts).catch((error: unknown) => {
      throw new NoAnswer(error, chosen.report())
    })
  } catch (error) {
    return errorResponse(fail(error), { 'x-spillway-id': options.id })
  }
}

function turnFor(
  request: ClientRequest,
  cascade: ServedCascade,
  asked: ServedCascade['stages'],
  options: AnswerOptions,
): Turn {
  const { api, temperature, stream, bytes } = request
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
    promptTokens: guessedTokens(bytes.length),
    warnings: [...(cascade.warnings ?? []), ...otherTemperature(temperature, cascade.tunedTemperature)],
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
