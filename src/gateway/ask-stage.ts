import { readsAlternatives } from '../cascade/keep-rule.ts'
import type { Answer, Stage } from '../cascade/stage.ts'
import { ModelError } from '../models/model-error.ts'
import type { Piece } from '../models/openai/attempt.ts'
import { quirksOf, type Quirks } from '../models/openai/quirks.ts'
import type { RequestFacts } from '../models/openai/request-facts.ts'
import { headerOf, type AnswerHeaders } from '../models/openai/retry.ts'
import { serverSaid } from '../models/openai/server-said.ts'
import type { Stop } from '../models/stop.ts'
import type { ServedStage } from './served.ts'
import { bodyFor, sentAlternatives, type ClientRequest } from './wire/request.ts'

/** What an answer's head says. */
export interface Head {
  status: number
  headers: AnswerHeaders
  /** The alternatives that were asked for; `undefined`: no log-probabilities. */
  sent?: number
}

/** Who refused log-probabilities once is not asked for them again. */
export type Refusals = Map<ServedStage, Quirks>

export interface AskOptions {
  headers: Readonly<Record<string, string>>
  /** An audit, and not a client, asks. */
  background?: boolean
  refusals: Refusals
  /** Told once of each server that does not give log-probabilities. */
  onNotice: (text: string) => void
}

/** A stage as the cascade asks it, for one request. */
export function stageFor(served: ServedStage, request: ClientRequest, options: AskOptions): Stage<Piece, Head> {
  const { model, keep } = served
  return {
    name: model.name,
    model: model.upstream,
    ...(model.price === undefined ? {} : { price: model.price }),
    ...(keep === undefined ? {} : { keep }),
    ask: (signal) => ask(served, request, options, signal),
  }
}

async function ask(
  served: ServedStage,
  request: ClientRequest,
  { headers, background, refusals, onNotice }: AskOptions,
  signal: Stop,
): Promise<Answer<Piece, Head>> {
  const { model } = served
  for (;;) {
    const known = refusals.get(served)
    const asked = { model: model.upstream, body: model.body, alternatives: alternativesOf(served, known) }
    const sent = sentAlternatives(request, asked)
    const exchange = await model.exchange(bodyFor(request, asked), {
      signal,
      headers,
      ...(background === true ? { background } : {}),
      facts: factsOf(request, served, sent),
    })
    const { status } = exchange
    if (status >= 200 && status < 300) {
      const meta: Head = { status, headers: exchange.headers, ...(sent === undefined ? {} : { sent }) }
      return { meta, parts: exchange.pieces }
    }
    const [refusal] = await pieces(exchange.pieces)
    const quirks = known ?? quirksOf((text) => onNotice(`${model.name}: ${text}`))
    refusals.set(served, quirks)
    // What the client itself asked for is the client's to hear about.
    const ours = request.logprobs === undefined && asked.alternatives !== undefined
    const mayLeaveOut = ours ? { logprobs: true, top_logprobs: asked.alternatives } : {}
    if (ours && quirks.learn(mayLeaveOut, status, serverSaid(Buffer.from(refusal?.bytes ?? []).toString()))) continue
    throw refusal?.failure ?? new ModelError(`${model.name}: HTTP ${status}`, { place: model.name, status })
  }
}

/** Alternatives are read where the policy reads them, and else passed over. */
const factsOf = ({ api, echo }: ClientRequest, { keep }: ServedStage, k: number | undefined): RequestFacts => ({
  api,
  k: keep !== undefined && readsAlternatives(keep) ? k : 0,
  ...(echo === undefined ? {} : { echo }),
})

/** What a server is asked for besides: nothing where it has refused that. */
function alternativesOf({ keep }: ServedStage, quirks: Quirks | undefined): number | undefined {
  if (keep === undefined) return undefined
  const taken = quirks?.apply({ logprobs: true, top_logprobs: keep.alternatives }) ?? {
    logprobs: true,
    top_logprobs: 1,
  }
  if (!('logprobs' in taken)) return undefined
  return 'top_logprobs' in taken ? keep.alternatives : 0
}

async function pieces(parts: AsyncIterable<Piece>): Promise<Piece[]> {
  const all: Piece[] = []
  for await (const part of parts) all.push(part)
  return all
}

/** Whether an answer is a stream of events, by what its server says. */
export const isStream = ({ headers }: Head): boolean =>
  (headerOf(headers, 'content-type') ?? '').toLowerCase().startsWith('text/event-stream')
