import { describe, expect, test } from 'vitest'
import { cascade, type CascadeOptions } from '../../src/cascade/cascade.ts'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import { always, keepWhen } from '../../src/core/policy/policy.ts'
import type { ModelEvent, ModelRequest } from '../../src/models/model.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { sure, unsure } from '../support/upstream-words.ts'
import { upstream, type Said, type Upstream } from '../support/upstream.ts'

const sureEnough = keepWhen([{ signal: 'mean_logprob', atLeast: -1 }])
const question: ModelRequest = { prompt: [{ role: 'user', content: 'What is it?' }] }

async function scene(said: Said[], options: Partial<CascadeOptions> = {}) {
  const servers: Upstream[] = []
  for (const each of said) servers.push(await upstream(() => each))
  const records: DecisionRecord[] = []
  const stages = servers.map(({ url }, i) => ({
    model: openAiModel({ id: `model-${i}`, url, model: `m${i}`, stream: true, retries: 0 }),
    price: { input: 10 ** i, output: 2 * 10 ** i },
  }))
  const log = (record: DecisionRecord) => void records.push(record)
  return { servers, records, ...made(cascade({ stages, policy: sureEnough, log, ...options })) }
}

const made = (model: ReturnType<typeof cascade>) => ({
  model,
  ask: async (request: ModelRequest = question) => {
    const answer = await model.ask(request)
    const events: ModelEvent[] = []
    for await (const event of answer.events) events.push(event)
    const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('')
    return { ...answer, text, tokens: events.flatMap((event) => (event.type === 'token' ? [event.token] : [])) }
  },
})
const large: Said = { words: [['large', -0.5]] }

describe('a cascade', () => {
  test('keeps an answer that is sure enough, and asks nobody else', async () => {
    const { ask, servers, records } = await scene([{ words: sure }, large])
    const { text, stage, record } = await ask()
    expect([text, stage, servers[1].asked]).toEqual(['Grüße 🙂 done', 'small', []])
    expect(records).toEqual([{ ...record(), latency_ms: expect.any(Number) }])
    // 7 tokens in at 1 and 3 out at 2 a million; the large one would have cost ten times that.
    expect(records).toMatchObject([{ outcome: 'kept', reason: 'conditions-hold', status: 200, policy: null }])
    expect(records[0].cost).toBeCloseTo(13e-6, 12)
    expect(records[0].saved).toBeCloseTo(117e-6, 12)
  })

  test('escalates another, and tells the large answer alone', async () => {
    const { ask, records } = await scene([{ words: unsure }, large])
    expect(await ask()).toMatchObject({ text: 'large', stage: 'large' })
    expect(records).toMatchObject([{ outcome: 'escalated', signals: { mean_logprob: -2.5 }, calls: [{}, {}] }])
  })

  test('asks for the log-probabilities that its policy reads, and tells what was asked for', async () => {
    const policy = { ...keepWhen([{ signal: 'mean_entropy', atMost: 9 }]), signals: { mean_entropy: { topK: 3 } } }
    const { ask, servers } = await scene([{ words: sure }, large], { policy })
    expect((await ask()).tokens).toEqual([])
    expect((await ask({ ...question, topLogprobs: 2 })).tokens[0].alternatives).toHaveLength(2)
    expect((await ask({ ...question, topLogprobs: 5 })).tokens[0].alternatives).toHaveLength(5)
    expect(servers[0].asked.map(({ fields }) => fields.top_logprobs)).toEqual([3, 3, 5])
  })

  test('of three models asks one after the other, each by its own policy', async () => {
    const servers = [await upstream(() => ({ words: unsure })), await upstream(() => ({ words: sure }))]
    const models = servers.map(({ url }, i) => openAiModel({ id: `model-${i}`, url, model: 'm' }))
    const never = openAiModel({ id: 'never', url: 'http://127.0.0.1:9/v1', model: 'm' })
    const { ask } = made(
      cascade({
        stages: [{ model: models[0], policy: sureEnough }, { model: models[1], policy: sureEnough }, { model: never }],
      }),
    )
    const { stage, record } = await ask()
    expect(stage).toBe('model-1')
    expect(record().verdicts).toMatchObject([{ decision: 'escalate' }, { decision: 'keep' }])
  })

  test('takes the small answer where the large model fails, unless it shall not', async () => {
    const said: Said[] = [{ words: unsure }, { status: 500, body: '{"error":{"message":"it broke"}}' }]
    const mild = await scene(said)
    expect(await mild.ask()).toMatchObject({ text: 'no idea', stage: 'small' })
    expect(mild.records).toMatchObject([{ outcome: 'large-failed', error: expect.stringContaining('it broke') }])
    const strict = await scene(said, { fallback: false })
    await expect(strict.ask()).rejects.toThrow('it broke')
    expect(strict.records).toMatchObject([{ outcome: 'failed', status: 500, stage: null }])
  })

  test('holds texts in its records only where it shall', async () => {
    const plain = await scene([{ words: sure }, large])
    await plain.ask()
    expect(JSON.stringify(plain.records)).not.toMatch(/What is it|done/)
    const wordy = await scene([{ words: sure }, large], { texts: true })
    await wordy.ask()
    expect(wordy.records).toMatchObject([{ question: question.prompt, calls: [{ answer: 'Grüße 🙂 done' }] }])
  })

  test('tells a kept answer from its decision on in early mode', async () => {
    const policy = keepWhen([{ signal: 'mean_logprob_at_2', atLeast: -1 }])
    const { model, servers, records } = await scene([{ words: sure, ends: 'stall', after: 3 }, large], {
      policy,
      mode: 'early',
    })
    const { events, stage } = await model.ask(question)
    expect(stage).toBe('small')
    for await (const event of events) if (event.type === 'text' && event.text !== '') break
    expect(records).toMatchObject([{ outcome: 'aborted', status: 499, stage: 'small', decision: 'keep' }])
    await expect.poll(() => servers[0].asked[0].left).toBe(true)
  })

  test('ends its calls where its caller gives up', async () => {
    const { model, servers, records } = await scene([{ firstMs: 5000 }, large])
    const controller = new AbortController()
    const asking = model.ask(question, { signal: controller.signal })
    await expect.poll(() => servers[0].asked.length).toBe(1)
    controller.abort(new Error('enough'))
    await expect(asking).rejects.toThrow('enough')
    expect(records).toMatchObject([{ outcome: 'aborted', status: 499 }])
    await expect.poll(() => servers[0].asked[0].left).toBe(true)
  })

  test('can have a cascade for a stage', async () => {
    const inner = await scene([{ words: unsure }, large])
    const outer = made(cascade({ stages: [{ model: inner.model }, { model: inner.model }], policy: always('keep') }))
    expect(await outer.ask()).toMatchObject({ text: 'large', stage: 'small' })
  })
})

test.each<[string, Partial<CascadeOptions>, RegExp]>([
  ['has none', { policy: undefined }, /the stage small has no policy/],
  ['cannot be measured', { policy: keepWhen([{ signal: 'p_true', atLeast: 1 }]) }, /small: the policy reads p_true/],
])('a stage whose policy %s is refused', async (_, options, message) => {
  await expect(scene([{}, large], options)).rejects.toThrow(message)
})
