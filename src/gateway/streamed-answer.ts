import { trimFor, endOf, typeOf, type Answering, type ChosenAnswer } from './answering.ts'
import { isStream } from './ask-stage.ts'
import type { GatewayResponse } from './http.ts'
import { errorBody, type httpErrorOf } from './http-error.ts'
import { decisionComment, decisionHeaders, detailsOf } from './telling.ts'
import { eventFilter } from './wire/events.ts'

const EVENTS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }
const COMMENT = Buffer.from(': still at work\n\n')

/** The head waits for the decision, but not for longer than a client should have to. */
export async function streamedAnswer(running: Promise<ChosenAnswer>, parts: Answering): Promise<GatewayResponse> {
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

async function* awaited(running: Promise<ChosenAnswer>, parts: Answering): AsyncGenerator<Uint8Array> {
  let chosen: ChosenAnswer | undefined
  let failed = false
  try {
    while (chosen === undefined) {
      yield COMMENT
      chosen = await within(running, parts.options.keepaliveMs)
    }
  } catch (error) {
    failed = true
    yield inBand(parts.fail(error))
    return
  } finally {
    // The client left between two comments; the run hears of it by its signal.
    if (chosen === undefined && !failed) void running.catch((error: unknown) => parts.fail(error))
  }
  // The head could not say it.
  yield decisionComment(parts.turn.facts(chosen.report(), endOf(chosen)))
  yield* told(chosen, parts)
}

/** The answer piece by piece. One that breaks off ends with an error, never as if it were whole. */
async function* told(chosen: ChosenAnswer, parts: Answering): AsyncGenerator<Uint8Array> {
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
