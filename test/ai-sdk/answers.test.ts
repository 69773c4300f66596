import { generateText, jsonSchema, Output, streamText, tool } from 'ai'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/core/policy/decide.ts'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { scene, MEAN, toldBy, wayNames } from '../support/ai-sdk.ts'
import { sure, unsure } from '../support/upstream-words.ts'

const prompt = 'What is it?'
const SURE = 'Grüße 🙂 done'
const LOOK: [string, number][] = [
  ['{"at":', -0.1],
  ['"sea"}', -5],
]
const place = jsonSchema<{ at: string }>({ type: 'object', properties: { at: { type: 'string' } } })
const tools = { look: tool({ inputSchema: place }) }

async function streamed(stream: ReturnType<typeof streamText>) {
  let text = ''
  for await (const part of stream.textStream) text += part
  return { text, usage: await stream.usage, providerMetadata: await stream.providerMetadata }
}

describe.each(wayNames)('over %s', (way) => {
  describe.each(['generateText', 'streamText'])('%s', (call) => {
    const ask = async (model: Awaited<ReturnType<typeof scene>>['model'], more: object = {}) =>
      call === 'generateText'
        ? generateText({ model, prompt, maxRetries: 0, ...more })
        : streamed(streamText({ model, prompt, maxRetries: 0, ...more }))

    test('a sure answer of the small model is kept, and the large one is not asked', async () => {
      const { model, large, records } = await scene(way)
      const { text, usage, providerMetadata } = await ask(model)
      expect(text).toBe(SURE)
      expect(large.asked).toEqual([])
      expect(usage).toMatchObject({ inputTokens: 7, outputTokens: 3, totalTokens: 10 })
      expect(toldBy(providerMetadata)).toMatchObject({
        decision: 'keep',
        stage: 'small',
        outcome: 'kept',
        reason: 'conditions-hold',
        signals: { mean_logprob: expect.closeTo(-0.2, 9) as number },
        cost: 10e-6,
        always_large_cost: 100e-6,
        saved: expect.closeTo(90e-6, 12) as number,
      })
      expect(records).toHaveLength(1)
      expect(records[0]).toMatchObject({ outcome: 'kept', cascade: 'tiny > big', stream: call === 'streamText' })
    })

    test('an unsure one is not: the answer is that of the large model alone, and tokens are those of both', async () => {
      const { model, records } = await scene(way, { small: { words: unsure } })
      const { text, usage, providerMetadata } = await ask(model)
      expect(text).toBe(SURE)
      expect(usage).toMatchObject({ inputTokens: 14, outputTokens: 5 })
      const told = toldBy(providerMetadata)
      expect(told).toMatchObject({ decision: 'escalate', stage: 'large', reason: 'condition-fails' })
      expect(told.calls.map(({ stage, model: name }) => [stage, name])).toEqual([
        ['small', 'tiny'],
        ['large', 'big'],
      ])
      expect(told.cost).toBeCloseTo(109e-6, 12)
      expect(decide(MEAN, records[0].signals!)).toEqual({
        action: 'escalate',
        reason: 'condition-fails',
        signal: 'mean_logprob',
      })
    })

    test('log-probabilities that only the cascade asked for are not in the answer', async () => {
      const { model, small } = await scene(way)
      const { providerMetadata } = await ask(model)
      expect(small.asked[0].fields.logprobs).toBe(true)
      expect(JSON.stringify({ ...providerMetadata, spillway: undefined })).not.toContain('logprob')
    })

    test('the large model is asked for none', async () => {
      const { model, large } = await scene(way, { small: { words: unsure } })
      await ask(model)
      expect(large.asked[0].fields).not.toHaveProperty('logprobs')
    })

    test('a server that has no log-probabilities for it makes the signal missing, and that is said', async () => {
      const { model, records } = await scene(way, { small: { logprobs: 'absent' } })
      const { providerMetadata } = await ask(model)
      expect(toldBy(providerMetadata)).toMatchObject({ decision: 'escalate', reason: 'missing-signal' })
      expect(records[0].signals).toEqual({})
    })

    test('a server that refuses log-probabilities is asked once more without them, and then no more', async () => {
      const { model, small } = await scene(way, { small: { refuses: 'logprobs' } })
      for (let i = 0; i < 2; i++) {
        const { providerMetadata } = await ask(model)
        const told = toldBy(providerMetadata)
        expect(told).toMatchObject({ decision: 'escalate', reason: 'missing-signal' })
      }
      expect(small.asked.map(({ fields }) => 'logprobs' in fields)).toEqual([true, false, false])
    })

    test('a small model that fails is answered for by the large one', async () => {
      const { model, records } = await scene(way, { small: { status: 500, body: '{"error":{"message":"no"}}' } })
      expect((await ask(model)).text).toBe(SURE)
      expect(records[0]).toMatchObject({ outcome: 'small-failed', calls: [{ result: 'failed', cost: 0 }, {}] })
    })

    test('where the large one fails the small answer stands in', async () => {
      const { model, records } = await scene(way, { small: { words: unsure }, large: { status: 503, body: '{}' } })
      expect((await ask(model)).text).toBe('no idea')
      expect(records[0].outcome).toBe('large-failed')
    })
  })

  test.each(['generateText', 'streamText'])(
    'a call to a tool counts among the answer by its tokens (%s)',
    async (call) => {
      const { model, records } = await scene(way, {
        small: { words: [], call: LOOK },
        large: { words: [], call: LOOK },
      })
      const asked = { model, prompt, tools, maxRetries: 0 }
      const calls = call === 'generateText' ? (await generateText(asked)).toolCalls : await streamText(asked).toolCalls
      expect(calls).toMatchObject([{ toolName: 'look', input: { at: 'sea' }, toolCallId: 'call-big' }])
      expect(records[0]).toMatchObject({
        decision: 'escalate',
        signals: { mean_logprob: expect.closeTo(-2.55, 9) as number },
      })
    },
  )

  test.each(['generateText', 'streamText'])(
    'the tokens that count may be those of the text alone (%s)',
    async (call) => {
      const { model, records } = await scene(way, { small: { call: LOOK } }, { tokens: 'content' })
      const asked = { model, prompt, tools, maxRetries: 0 }
      const calls = call === 'generateText' ? (await generateText(asked)).toolCalls : await streamText(asked).toolCalls
      expect(calls).toMatchObject([{ toolCallId: 'call-tiny' }])
      expect(records[0]).toMatchObject({
        decision: 'keep',
        signals: { mean_logprob: expect.closeTo(-0.2, 9) as number },
      })
    },
  )

  test("what the caller asks for of log-probabilities is the caller's to have", async () => {
    const { model, small } = await scene(way)
    const own = { openai: { logprobs: 3 }, local: { logprobs: true, top_logprobs: 3 }, spillway: { topLogprobs: 3 } }
    const { providerMetadata } = await generateText({ model, prompt, providerOptions: own })
    expect(small.asked[0].fields).toMatchObject({ logprobs: true, top_logprobs: 3 })
    if (way === 'openai') expect(providerMetadata?.openai.logprobs).toHaveLength(3)
  })

  test('the decision is the same for a stream and in one piece, whatever the threshold', async () => {
    for (const atLeast of [-3, -2.5, -2.4, -0.2, -0.19]) {
      const policy = keepWhen([{ signal: 'mean_logprob', atLeast }])
      for (const words of [sure, unsure]) {
        const { model, records } = await scene(way, { small: { words } }, { policy })
        await generateText({ model, prompt, maxRetries: 0 })
        await streamed(streamText({ model, prompt, maxRetries: 0 }))
        const [one, other] = records
        expect(other.decision).toBe(one.decision)
        for (const { signals, decision } of records) expect(decide(policy, signals!).action).toBe(decision)
      }
    }
  })

  test('structured output is that of the model that answers', async () => {
    const json: [string, number][] = [
      ['{"a":', -0.1],
      ['1}', -0.1],
    ]
    const { model, small } = await scene(way, { small: { words: json } })
    const { output } = await generateText({
      model,
      prompt,
      output: Output.object({
        schema: jsonSchema<{ a: number }>({
          type: 'object',
          properties: { a: { type: 'number' } },
          required: ['a'],
          additionalProperties: false,
        }),
      }),
    })
    expect(output).toEqual({ a: 1 })
    expect(small.asked[0].fields.response_format).toBeDefined()
  })
})
