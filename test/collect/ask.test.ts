import { expect, test } from 'vitest'
import { ask } from '../../src/collect/ask.ts'
import type { Call, Purpose } from '../../src/collect/call.ts'
import { ModelError } from '../../src/models/model-error.ts'
import type { Model, ModelEvent, ModelRequest } from '../../src/models/model.ts'

const events = (texts: string[], step: (text: string, place: number) => object): ModelEvent[] => [
  ...texts.flatMap((text, place): ModelEvent[] => [
    { type: 'token', token: { text, ...step(text, place) } },
    { type: 'text', text },
  ]),
  { type: 'usage', usage: { inputTokens: 7, cachedInputTokens: 2, outputTokens: texts.length } },
  { type: 'finish', reason: 'stop' },
]

const modelOf = (said: ModelEvent[]): Model => ({
  id: 'scripted',
  async *generate() {
    yield* said
  },
  close: async () => {},
})

const call = (request: Partial<ModelRequest> = { topLogprobs: 2 }, purpose: Purpose = 'answer'): Call => ({
  key: 'k',
  question: 1,
  role: 'small',
  purpose,
  request: { prompt: 'Who?', ...request },
})
let time = 0
const options = {
  signals: ['mean_logprob', 'mean_entropy', 'length', 'mean_logprob_at_1'],
  keepTokens: false,
  now: () => (time += 12.34567),
}
const top = (texts: string[]) =>
  events(texts, (text, place) => ({ logprob: -place, alternatives: [-0.1, -3], alternativeTexts: [text, 'x'] }))

test('a call is kept with its answer, time, tokens and the signals that were asked for', async () => {
  const { signals, ...kept } = await ask(modelOf(top(['Ada', ' L'])), call(), options)
  expect(kept).toEqual({
    key: 'k',
    question: 1,
    role: 'small',
    purpose: 'answer',
    model: 'scripted',
    answer: 'Ada L',
    finish: 'stop',
    latency_ms: 12.346,
    input_tokens: 7,
    cached_input_tokens: 2,
    output_tokens: 2,
    top_k: 2,
  })
  expect(signals).toMatchObject({ mean_logprob: -0.5, length: 2 })
  expect(signals?.mean_logprob_at_1).toBeCloseTo(0, 12)
  expect(signals?.mean_entropy).toBeGreaterThan(0)
})

test('a call that asks for no log-probabilities has no signals', async () => {
  const kept = await ask(modelOf(top(['Ada'])), call({}), options)
  expect(kept).not.toHaveProperty('signals')
  expect(kept).not.toHaveProperty('top_k')
})

test('where there are no log-probabilities there are no signals of them, not zeros', async () => {
  const kept = await ask(modelOf(events(['Ada'], () => ({}))), call(), options)
  expect(kept.signals).toEqual({ length: 1 })
  expect(kept.top_k).toBeUndefined()
})

test('exact entropies rest on no number of alternatives, nor does an empty answer or one that asks for none', async () => {
  const exact = events(['Ada'], () => ({ logprob: -1, entropy: 0.5, alternatives: [-1, -2] }))
  expect(await ask(modelOf(exact), call(), options)).toMatchObject({ top_k: undefined, signals: { mean_entropy: 0.5 } })
  expect(await ask(modelOf(top([])), call(), options)).toMatchObject({ answer: '', top_k: undefined, signals: {} })
  const none = events(['Ada'], () => ({ logprob: -1 }))
  expect((await ask(modelOf(none), call({ topLogprobs: 0 }), options)).top_k).toBeUndefined()
})

test('tokens are kept where that is asked for, without alternatives that cannot be', async () => {
  const said = events(['Ada'], () => ({
    logprob: -1,
    alternatives: [-0.5, -Infinity],
    alternativeTexts: ['Ada', 'Bob'],
  }))
  const { tokens } = await ask(modelOf(said), call(), { ...options, keepTokens: true })
  expect(tokens).toEqual([{ text: 'Ada', logprob: -1, entropy: undefined, alternatives: [['Ada', -0.5]] }])
  expect(await ask(modelOf(said), call({}), { ...options, keepTokens: true })).not.toHaveProperty('tokens')
})

test('a verification is kept with its verdict and without signals', async () => {
  const said = events([' True'], () => ({
    logprob: -0.1,
    alternatives: [-0.1, -2.5],
    alternativeTexts: [' True', ' False'],
  }))
  const kept = await ask(modelOf(said), call({ topLogprobs: 20 }, 'p_true'), options)
  expect(kept).not.toHaveProperty('signals')
  expect(kept.p_true).toBeCloseTo(1 / (1 + Math.exp(-2.4)), 12)
  expect(
    (await ask(modelOf(events([], () => ({}))), call({ topLogprobs: 20 }, 'p_true'), options)).p_true,
  ).toBeUndefined()
})

test('an endpoint that does not count tokens leaves the counts out', async () => {
  const kept = await ask(modelOf([{ type: 'finish', reason: 'length' }]), call(), options)
  expect(kept).toMatchObject({ finish: 'length', input_tokens: undefined, output_tokens: undefined })
})

test('an answer without an end is a failure', async () => {
  await expect(ask(modelOf([{ type: 'text', text: 'Ad' }]), call(), options)).rejects.toThrow(ModelError)
})
