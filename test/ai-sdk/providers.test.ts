import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV3, LanguageModelV3StreamPart, LanguageModelV3Usage } from '@ai-sdk/provider'
import { generateText, simulateReadableStream, streamText, wrapLanguageModel, type LanguageModel } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { cascade, cascadeMiddleware, type CascadeOptions } from '../../src/ai-sdk/index.ts'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { MEAN, toldBy, ways } from '../support/ai-sdk.ts'
import { httpServer } from '../support/http-server.ts'
import { upstream } from '../support/upstream.ts'
import { sure, unsure } from '../support/upstream-words.ts'

const prompt = 'What is it?'
const entries = (words: readonly (readonly [string, number])[]) =>
  words.map(([token, logprob]) => ({ token, logprob, top_logprobs: [{ token, logprob }] }))

/** A server with OpenAI's Responses API. */
async function responses(words: readonly (readonly [string, number])[]) {
  const server = await httpServer((response, { body }) => {
    const { stream, model, include = [] } = JSON.parse(body) as { stream?: boolean; model: string; include?: string[] }
    const told = include.includes('message.output_text.logprobs')
    const head = {
      id: 'r-1',
      object: 'response',
      created_at: 1_700_000_000,
      model,
      error: null,
      incomplete_details: null,
    }
    const text = words.map(([word]) => word).join('')
    const content = [{ type: 'output_text', text, annotations: [], ...(told ? { logprobs: entries(words) } : {}) }]
    const output = [{ type: 'message', id: 'm-1', role: 'assistant', status: 'completed', content }]
    const usage = { input_tokens: 7, output_tokens: words.length }
    response.setHeader('content-type', stream === true ? 'text/event-stream' : 'application/json')
    if (stream !== true) {
      response.end(JSON.stringify({ ...head, output, usage }))
      return
    }
    const send = (event: { type: string }) => response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    const item = { ...output[0], content: [] }
    send({ type: 'response.created', response: { ...head, output: [] } } as never)
    send({ type: 'response.output_item.added', output_index: 0, item } as never)
    for (const word of words) {
      const logprobs = told ? { logprobs: entries([word]) } : {}
      send({
        type: 'response.output_text.delta',
        item_id: 'm-1',
        output_index: 0,
        content_index: 0,
        delta: word[0],
        ...logprobs,
      } as never)
    }
    send({ type: 'response.output_item.done', output_index: 0, item: output[0] } as never)
    send({ type: 'response.completed', response: { ...head, output, usage } } as never)
    response.end()
  })
  onTestFinished(() => server.close())
  return { url: `${server.origin}/v1`, asked: server.asked }
}

function over(small: LanguageModelV3, large: LanguageModelV3, more: Partial<CascadeOptions> = {}) {
  const records: DecisionRecord[] = []
  return { records, model: cascade({ small, large, policy: MEAN, log: (record) => records.push(record), ...more }) }
}

describe("OpenAI's Responses API", () => {
  test.each([
    ['sure', sure, 'keep', -0.2],
    ['unsure', unsure, 'escalate', -2.5],
  ] as const)('has log-probabilities of a %s answer, streamed or not', async (_, words, decision, mean) => {
    const [small, large] = [await responses(words), await responses(sure)]
    const model = (url: string) => createOpenAI({ baseURL: url, apiKey: 'none' }).responses('gpt-4.1')
    const { model: both, records } = over(model(small.url), model(large.url))
    await generateText({ model: both, prompt })
    await streamText({ model: both, prompt }).text
    for (const record of records)
      expect(record).toMatchObject({ decision, signals: { mean_logprob: expect.closeTo(mean, 9) as number } })
    expect(records).toHaveLength(2)
  })

  test('tells them while the answer comes', async () => {
    const [small, large] = [await responses([...unsure, ...sure]), await responses(sure)]
    const model = (url: string) => createOpenAI({ baseURL: url, apiKey: 'none' }).responses('gpt-4.1')
    const policy = keepWhen([{ signal: 'min_logprob', atLeast: -1 }])
    const { model: both, records } = over(model(small.url), model(large.url), { policy })
    await streamText({ model: both, prompt }).text
    expect(records[0]).toMatchObject({ decision: 'escalate', censored: true, tokens_seen: 1 })
  })

  test('has none of reasoning models, whose package says so', async () => {
    const [small, large] = [await responses(sure), await responses(sure)]
    const model = (url: string) => createOpenAI({ baseURL: url, apiKey: 'none' }).responses('gpt-6')
    const { model: both } = over(model(small.url), model(large.url))
    const { providerMetadata, warnings } = await generateText({ model: both, prompt })
    expect(toldBy(providerMetadata)).toMatchObject({ decision: 'escalate', reason: 'missing-signal' })
    expect(warnings?.map((each) => ('message' in each ? each.message : each.type))).toEqual([
      expect.stringContaining('spillway: small (openai.responses gpt-6): mean_logprob is missing'),
    ])
  })
})

test('entropies are from as many alternatives as the policy was tuned with', async () => {
  const small = await upstream(() => ({}))
  for (const way of Object.values(ways)) {
    const policy = { ...keepWhen([{ signal: 'mean_entropy', atMost: 3 }]), signals: { mean_entropy: { topK: 4 } } }
    const { model, records } = over(way(small.url, 'tiny'), way(small.url, 'big'), { policy })
    await generateText({ model, prompt })
    await streamText({ model, prompt }).text
    const [one, other] = records.map(({ signals }) => signals!.mean_entropy as number)
    expect(one).toBeGreaterThan(0)
    expect(other).toBe(one)
  }
  expect(new Set(small.asked.map(({ fields }) => fields.top_logprobs))).toEqual(new Set([4]))
})

test('a server that refuses alternatives, which its package cannot do without, is a model that fails', async () => {
  const body = JSON.stringify({ error: { message: 'top_logprobs is not supported', param: 'top_logprobs' } })
  const small = await upstream(({ fields }) => ('top_logprobs' in fields ? { status: 400, body } : {}))
  for (const [way, outcome] of [
    ['openai', 'small-failed'],
    ['own', 'kept'],
  ] as const) {
    small.asked.length = 0
    const policy = { ...keepWhen([{ signal: 'mean_logprob', atLeast: -1 }]), signals: { mean_logprob: { topK: 4 } } }
    const { model, records } = over(ways[way](small.url, 'tiny'), ways.openai(small.url, 'big'), { policy })
    await generateText({ model, prompt })
    expect(records[0].outcome).toBe(outcome)
    expect(small.asked.slice(0, 2).map(({ fields }) => fields.top_logprobs)).toEqual([4, way === 'own' ? undefined : 1])
  }
})

test('models for completions have signals too', async () => {
  const small = await upstream(() => ({ words: unsure }))
  const model = createOpenAICompatible({ name: 'local', baseURL: small.url }).completionModel('tiny')
  const own = (k: number) => ({ local: { logprobs: Math.max(1, k) } })
  const records: DecisionRecord[] = []
  const both = cascade({
    stages: [{ model, policy: MEAN, logprobs: own }, { model: ways.openai((await upstream()).url, 'big') }],
    log: (record) => records.push(record),
  })
  await generateText({ model: both, prompt })
  await streamText({ model: both, prompt }).text
  for (const { signals } of records) expect(signals!.mean_logprob).toBeCloseTo(-2.5, 9)
})

test('of three models, each but the last can be kept', async () => {
  const [first, second, third] = [
    await upstream(() => ({ words: unsure })),
    await upstream(() => ({ words: sure })),
    await upstream(),
  ]
  const records: DecisionRecord[] = []
  const model = cascade({
    id: 'three',
    stages: [
      { model: ways.openai(first.url, 'tiny'), policy: MEAN },
      { model: ways.own(second.url, 'middle'), policy: JSON.parse(JSON.stringify(MEAN)) as Record<string, unknown> },
      { model: ways.compatible(third.url, 'big') },
    ],
    log: (record) => records.push(record),
  })
  expect(model.modelId).toBe('three')
  const { text, usage } = await generateText({ model, prompt })
  expect(text).toBe('Grüße 🙂 done')
  expect(usage.outputTokens).toBe(5)
  expect(third.asked).toEqual([])
  expect(records[0]).toMatchObject({ stage: 'middle', verdicts: [{ stage: 'tiny' }, { stage: 'middle' }] })
})

test('as a middleware, the model that is wrapped is the large one', async () => {
  const [small, large] = [await upstream(() => ({ words: unsure })), await upstream()]
  const middleware = cascadeMiddleware({ small: ways.openai(small.url, 'tiny'), policy: MEAN })
  const model = wrapLanguageModel({ model: ways.compatible(large.url, 'big'), middleware })
  expect([model.provider, model.modelId]).toEqual(['local.chat', 'big'])
  expect(toldBy((await generateText({ model, prompt })).providerMetadata).stage).toBe('large')
  expect(await streamText({ model, prompt }).text).toBe('Grüße 🙂 done')
  expect(small.asked).toHaveLength(2)
})

const usage: LanguageModelV3Usage = {
  inputTokens: { total: 7, noCache: 5, cacheRead: 2, cacheWrite: undefined },
  outputTokens: { total: 3, text: 3, reasoning: undefined },
}
const finishReason = { unified: 'stop', raw: 'stop' } as const

/** A provider whose package tells log-probabilities with the end of the answer alone. */
const late = (modelId: string, metadata: Record<string, never>) =>
  new MockLanguageModelV3({
    modelId,
    supportedUrls: { 'image/*': [/^https:/], 'text/*': [/^a/] },
    doGenerate: async () => ({
      content: [{ type: 'text', text: 'no idea' }],
      finishReason,
      usage,
      warnings: [],
      providerMetadata: metadata,
    }),
    doStream: async () => ({
      stream: simulateReadableStream<LanguageModelV3StreamPart>({
        initialDelayInMs: null,
        chunkDelayInMs: null,
        chunks: [
          { type: 'text-start', id: '1' },
          { type: 'text-delta', id: '1', delta: 'no' },
          { type: 'text-delta', id: '1', delta: ' idea' },
          { type: 'text-end', id: '1' },
          { type: 'finish', finishReason, usage, providerMetadata: metadata },
        ],
      }),
    }),
  })

describe('log-probabilities that come with the end of an answer', () => {
  test.each([
    ['a list', { openai: { logprobs: entries(unsure) } }],
    ['lists of lists', { openai: { logprobs: unsure.map((word) => entries([word])) } }],
    ['an object with a list', { deepseek: { logprobs: { content: entries(unsure) } } }],
    ['columns', { openai: { logprobs: { tokens: unsure.map(([t]) => t), token_logprobs: unsure.map(([, l]) => l) } } }],
  ])('are read from %s', async (_, metadata) => {
    const { model, records } = over(late('late', metadata as never), late('big', {}))
    await generateText({ model, prompt })
    const { stream } = await model.doStream({ prompt: [{ role: 'system', content: 'x' }] })
    const parts: LanguageModelV3StreamPart[] = []
    for await (const part of stream) parts.push(part)
    expect(parts[0]).toEqual({ type: 'stream-start', warnings: [] })
    for (const { signals } of records) expect(signals!.mean_logprob).toBeCloseTo(-2.5, 9)
    expect(records).toHaveLength(2)
    expect(parts.at(-1)).toMatchObject({
      usage: { inputTokens: { total: 14, noCache: 10, cacheRead: 4, cacheWrite: undefined } },
    })
  })
})

test('URLs that both models read by themselves are left to them', async () => {
  const wide = new MockLanguageModelV3({ supportedUrls: Promise.resolve({ '*/*': [/^https:/] }) })
  expect(await over(late('a', {}), wide).model.supportedUrls).toEqual({ 'image/*': [/^https:/] })
})

test('a cascade is a language model by its type', () => {
  expectTypeOf<ReturnType<typeof cascade>>().toExtend<LanguageModel>()
})

test('what is no cascade is refused, with what to do', () => {
  const one = late('a', {})
  expect(() => cascade({ small: one, large: one })).toThrow('the stage small has no policy')
  expect(() => cascade({ small: 'openai/gpt-5' as never, large: one, policy: MEAN })).toThrow(
    /^small is no LanguageModelV3; take a model of a provider package for ai 6/,
  )
  expect(() => cascade({ small: one, large: one, policy: { version: 1, keepIf: [] } })).toThrow('the policy of small')
  expect(() => cascade({ small: one, large: one, policy: keepWhen([{ signal: 'mean_entropy', atMost: 1 }]) })).toThrow(
    'give topK: N',
  )
  expect(() => cascade({ stages: [] })).toThrow('at least one stage')
})
