import { describe, expect, onTestFinished, test } from 'vitest'
import { tracingOf, type Tracing } from '../../src/gateway/tracing.ts'
import { chat, startGateway, type Scene } from '../support/gateway.ts'
import { httpServer } from '../support/http-server.ts'
import { unsure } from '../support/upstream-words.ts'
import { nobody, upstream, type Said } from '../support/upstream.ts'

interface Span {
  name: string
  kind: number
  traceId: string
  spanId: string
  parentSpanId?: string
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: { key: string; value: Record<string, unknown> }[]
  status: { code?: number; message?: string }
}
interface Sent {
  resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[]
}
const [SERVER, CLIENT] = [2, 3]

/** A collector on a real socket, and what it was sent. */
async function collector() {
  const sent: Sent[] = []
  const headers: unknown[] = []
  const server = await httpServer((response, request) => {
    sent.push(JSON.parse(request.body) as Sent)
    headers.push(request.headers['x-key'])
    response.setHeader('content-type', 'application/json').end('{}')
  })
  onTestFinished(() => server.close())
  const spans = () => sent.flatMap(({ resourceSpans }) => resourceSpans.flatMap((r) => r.scopeSpans[0].spans))
  return { url: `${server.origin}/v1/traces`, sent, spans, headers }
}

const valueOf = ({ value }: Span['attributes'][number]) => Object.values(value)[0]
const attributesOf = ({ attributes }: Pick<Span, 'attributes'>) =>
  Object.fromEntries(attributes.map((each) => [each.key, valueOf(each)]))

async function traced(
  small: Said,
  large: Said = {},
  { share = 1, ...scene }: Partial<Scene> & { share?: number } = {},
) {
  const [first, last, to] = [await upstream(() => small), await upstream(() => large), await collector()]
  const notices: string[] = []
  const onNotice = (text: string) => void notices.push(text)
  const tracing: Tracing = await tracingOf({ url: to.url, service: 'gw', headers: { 'x-key': 'k' }, share, onNotice })
  const options = {
    onRecord: (...[record, headers]: Parameters<NonNullable<Tracer>>) => tracing.add(record, headers.traceparent),
  }
  const gateway = await startGateway({ small: first.url, large: last.url, ...scene, options })
  return { ...gateway, ...to, tracing, notices }
}
type Tracer = NonNullable<Scene['options']>['onRecord']

describe('traces', () => {
  test('hold a span for the request, and in it one for each call', async () => {
    const { ask, spans, sent, tracing, headers } = await traced({ words: unsure })
    await ask(chat())
    await tracing.close()
    const [request, ...calls] = spans().toSorted(
      (a, b) => a.kind - b.kind || (a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1),
    )
    expect([request.name, request.kind, request.parentSpanId]).toEqual(['chat cascade', SERVER, undefined])
    expect(calls.map(({ name, kind }) => [name, kind])).toEqual([
      ['chat small-model', CLIENT],
      ['chat large-model', CLIENT],
    ])
    for (const call of calls) {
      expect([call.traceId, call.parentSpanId]).toEqual([request.traceId, request.spanId])
      expect(BigInt(call.startTimeUnixNano) >= BigInt(request.startTimeUnixNano)).toBe(true)
      expect(BigInt(call.endTimeUnixNano) <= BigInt(request.endTimeUnixNano) + 1_000_000n).toBe(true)
    }
    expect(attributesOf(request)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'cascade',
      'gen_ai.response.model': 'large-model',
      'gen_ai.usage.input_tokens': 7,
      'spillway.outcome': 'escalated',
      'spillway.signal.mean_logprob': -2.5,
    })
    expect(attributesOf(calls[0])).toMatchObject({
      'gen_ai.request.model': 'small-model',
      'spillway.result': 'answered',
    })
    expect(attributesOf(sent[0].resourceSpans[0].resource)).toMatchObject({ 'service.name': 'gw' })
    expect(headers).toEqual(['k'])
  })

  test('hold nothing of what was asked or answered', async () => {
    const { ask, sent, tracing } = await traced({ words: unsure }, {}, { options: { texts: true } })
    await ask(chat())
    await tracing.close()
    expect(JSON.stringify(sent)).not.toMatch(/What is it|no idea|Grüße/)
  })

  test('go on from the trace that a request is part of', async () => {
    const { ask, spans, tracing } = await traced({}, {}, { share: 0 })
    const [traceId, parent] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']
    await ask(chat(), { headers: { traceparent: `00-${traceId}-${parent}-01` } })
    await ask(chat(), { headers: { traceparent: `00-${traceId}-${parent}-00` } })
    await ask(chat(), { headers: { traceparent: 'nonsense' } })
    await ask(chat())
    await tracing.close()
    expect(spans().map(({ kind, traceId: id }) => [kind, id])).toEqual(expect.arrayContaining([[SERVER, traceId]]))
    expect(spans().find(({ kind }) => kind === SERVER)?.parentSpanId).toBe(parent)
    expect(spans()).toHaveLength(2)
  })

  test('mark what failed, and whose failure it was', async () => {
    const { ask, spans, tracing } = await traced({ status: 500, body: '{}' }, { status: 503, body: '{}' })
    await ask(chat())
    await tracing.close()
    const failed = spans().map((span) => [span.kind, span.status.code, attributesOf(span)['error.type']])
    expect(failed).toEqual(
      expect.arrayContaining([
        [SERVER, 2, '503'],
        [CLIENT, 2, '500'],
        [CLIENT, 2, '503'],
      ]),
    )
  })
})

test('a collector that cannot be reached is said once, and disturbs no request', async () => {
  const notices: string[] = []
  const url = await nobody()
  const tracing = await tracingOf({ url, service: 'gw', share: 1, onNotice: (text) => void notices.push(text) })
  const small = await upstream()
  const { ask } = await startGateway({
    small: small.url,
    large: small.url,
    options: { onRecord: (record) => tracing.add(record) },
  })
  expect((await ask(chat())).status).toBe(200)
  await tracing.close()
  expect(notices).toEqual([expect.stringContaining(`traces cannot be sent to ${url}`)])
})
