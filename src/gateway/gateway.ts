import type { DecisionRecord } from '../cascade/record.ts'
import { answer } from './answer.ts'
import type { Refusals } from './ask-stage.ts'
import type { Auditor } from './audit/auditor.ts'
import { readBody } from './body.ts'
import { authorize, authorizeBrowser, forwarded, goldOf, modeOf, wantsDetails } from './asked-by.ts'
import type { ClientKey } from './client-keys.ts'
import { gateOf, type GateOptions } from './gate.ts'
import { jsonResponse, type GatewayRequest, type GatewayResponse } from './http.ts'
import { errorResponse, HttpError, httpErrorOf } from './http-error.ts'
import type { ServedCascade, ServedModel } from './served.ts'
import { isUnread, readRequest, type Api } from './wire/request.ts'

/** What can change while a gateway runs. */
export interface Offer {
  cascades: readonly ServedCascade[]
  /** Each can be asked by its own name. */
  models: readonly ServedModel[]
  /** Those that may be asked for embeddings, or in the Responses API; nothing is decided on these. */
  passThrough?: Readonly<Partial<Record<Api, readonly ServedModel[]>>>
  /** Without any, everyone may ask. */
  keys: readonly ClientKey[]
}

/** What a client can take up. */
export interface GatewayLimits extends GateOptions {
  bodyBytes: number
  deadlineMs: number
  keepaliveMs: number
}

/** What a gateway has from outside: limits, clock, and who is told. */
export interface GatewayOptions {
  limits: GatewayLimits
  /** Whether records hold questions and answers. */
  texts?: boolean
  /** Audits requests of cascades that say so; without it, none are. */
  auditor?: Auditor
  /** Headers of requests that go on to the models; none of them can say where to. */
  forward: readonly string[]
  /** ms, of any origin. */
  now: () => number
  /** ms since 1970. */
  clock: () => number
  newId: () => string
  /** Told of every answered request once it is over, with its headers. */
  onRecord: (record: DecisionRecord, headers: GatewayRequest['headers']) => void
  /** Told of what an operator should know. */
  onNotice: (text: string) => void
  /** Told of faults of the gateway's own. */
  onFault: (error: unknown) => void
  /** Further pages by path, behind the same keys as the API. */
  pages?: Readonly<Record<string, Page>>
}

/** A page of the gateway's own. */
export interface Page {
  /** `open`: to everyone; `browser`: to who has a key, as a browser can show it. */
  door?: 'open' | 'browser'
  /** @param ending aborted once the gateway drains, and a page that goes on has to end */
  get(request: GatewayRequest, ending: AbortSignal): GatewayResponse | Promise<GatewayResponse>
}

/** What a server needs of a gateway. */
export interface Gateway {
  /** Never rejects. */
  handle(request: GatewayRequest): Promise<GatewayResponse>
  /** Offers something else from the next request on. */
  offer(next: Offer): void
  inFlight(): number
  waiting(): number
  /** Takes no more requests; resolves once those that it has are answered. */
  drain(): Promise<void>
}

const apis: Partial<Record<string, Api>> = {
  '/v1/chat/completions': 'chat',
  '/v1/completions': 'completions',
  '/v1/embeddings': 'embeddings',
  '/v1/responses': 'responses',
}

/** The gateway, before any server: a request in, a response out. */
export function gatewayOf(first: Offer, options: GatewayOptions): Gateway {
  const { limits, now, clock, newId, onFault } = options
  const gate = gateOf(limits)
  let offer = first
  const refusals: Refusals = new Map()
  const start = Math.floor(clock() / 1000)
  const ending = new AbortController()

  const models = () =>
    [...offer.cascades, ...offer.models].map(({ name }) => ({
      id: name,
      object: 'model',
      created: start,
      owned_by: 'spillway',
    }))

  function cascadeNamed(name: string, api: Api): ServedCascade {
    const cascades = isUnread(api) ? [] : offer.cascades
    const single = isUnread(api) ? (offer.passThrough?.[api] ?? []) : offer.models
    const cascade = cascades.find((each) => each.name === name)
    if (cascade !== undefined) return cascade
    const model = single.find((each) => each.name === name)
    if (model !== undefined) return alone(model)
    const known = [...cascades, ...single].map((each) => each.name)
    throw new HttpError({
      status: 404,
      message: `there is no model ${JSON.stringify(name.slice(0, 100))} here; there are ${known.join(', ')}`,
      code: 'model_not_found',
      param: 'model',
    })
  }

  async function complete(request: GatewayRequest, api: Api, clientName?: string): Promise<GatewayResponse> {
    const leave = await gate.enter(request.signal)
    let streaming = false
    try {
      const parsed = readRequest(await readBody(request.body, limits.bodyBytes), api)
      const cascade = cascadeNamed(parsed.model, api)
      const response = await answer(parsed, cascade, {
        id: newId(),
        clientName,
        texts: options.texts,
        auditor: options.auditor,
        gold: goldOf(request),
        client: request.signal,
        now,
        time: clock(),
        mode: modeOf(request, cascade.mode),
        details: wantsDetails(request),
        deadlineMs: limits.deadlineMs,
        keepaliveMs: limits.keepaliveMs,
        headers: forwarded(request, options.forward),
        refusals,
        onNotice: options.onNotice,
        onRecord: (record) => options.onRecord(record, request.headers),
      })
      if (response.body instanceof Uint8Array) return response
      streaming = true
      return { ...response, body: andThen(response.body, leave) }
    } finally {
      if (!streaming) leave()
    }
  }

  async function route(request: GatewayRequest): Promise<GatewayResponse> {
    const path = request.url.split('?')[0]
    const page = options.pages !== undefined && Object.hasOwn(options.pages, path) ? options.pages[path] : undefined
    if (path === '/healthz') return jsonResponse(200, { status: 'ok' })
    if (path === '/readyz')
      return ending.signal.aborted ? jsonResponse(503, { status: 'draining' }) : jsonResponse(200, { status: 'ok' })
    if (page?.door === 'browser') authorizeBrowser(request, offer.keys)
    const clientName = page?.door === undefined ? authorize(request, offer.keys) : undefined
    if (page !== undefined) return await page.get(request, ending.signal)
    if (path === '/v1/models') return jsonResponse(200, { object: 'list', data: models() })
    const api = Object.hasOwn(apis, path) ? apis[path] : undefined
    if (api === undefined || (isUnread(api) && offer.passThrough?.[api] === undefined))
      throw new HttpError({
        status: 404,
        message: api === undefined ? `there is nothing at ${path.slice(0, 200)} here` : notOffered(api),
        code: 'not_found',
      })
    if (request.method !== 'POST')
      throw new HttpError({ status: 405, message: `${path} takes POST`, code: 'method_not_allowed' })
    return await complete(request, api, clientName)
  }

  return {
    async handle(request) {
      try {
        return await route(request)
      } catch (error) {
        const facts = httpErrorOf(error)
        if (facts.status === 500 && error !== request.signal.reason) onFault(error)
        return errorResponse(facts)
      }
    },
    offer: (next) => (offer = next),
    inFlight: () => gate.inside(),
    waiting: () => gate.waiting(),
    async drain() {
      ending.abort()
      await gate.close()
    },
  }
}

/** A model by itself, as a cascade of one stage. */
const alone = (model: ServedModel): ServedCascade => ({
  name: model.name,
  stages: [{ model }],
  mode: 'buffer',
  fallback: false,
  severalAnswers: 'large',
})

const notOffered = (api: Api): string =>
  `${api} are not offered here; the gateway's configuration names the models for them under serve.pass_through.${api}`

/** No generator, since each takes several turns an item. */
function andThen<T>(items: AsyncIterable<T>, last: () => void): AsyncIterable<T> {
  const source = items[Symbol.asyncIterator]()
  const passed = async (step: Promise<IteratorResult<T>>): Promise<IteratorResult<T>> => {
    let over: boolean | undefined = true
    try {
      const taken = await step
      over = taken.done
      return taken
    } finally {
      if (over === true) last()
    }
  }
  const iterator: AsyncIterator<T> = {
    next: () => passed(source.next()),
    return: () => passed(source.return?.() ?? Promise.resolve({ done: true, value: undefined })),
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
