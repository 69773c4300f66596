import { describe, expect, test } from 'vitest'
import { chat, startGateway, textOf, type Scene } from '../support/gateway.ts'
import { sure, unsure } from '../support/upstream-words.ts'
import { upstream, type Said } from '../support/upstream.ts'

async function pair(small: Said = {}, scene: Partial<Scene> = {}, large: Said = { words: [['large', -0.5]] }) {
  const [first, last] = [await upstream(() => small), await upstream(() => large)]
  return { first, last, ...(await startGateway({ small: first.url, large: last.url, ...scene })) }
}

/** What a server itself says to a request, byte for byte. */
const direct = async (url: string, path: string, body: object) =>
  (await fetch(`${url}${path.slice(3)}`, { method: 'POST', body: JSON.stringify(body) })).text()

const wishes: [string, object][] = [
  ['nothing more', {}],
  ['log-probabilities', { logprobs: true }],
  ['fewer alternatives than the policy reads', { logprobs: true, top_logprobs: 2 }],
  ['more alternatives than the policy reads', { logprobs: true, top_logprobs: 5 }],
  ['a stream', { stream: true }],
  ['a stream with usage', { stream: true, stream_options: { include_usage: true } }],
  ['a stream with alternatives', { stream: true, logprobs: true, top_logprobs: 1 }],
]

describe.each([
  ['kept', sure, 'small', '0.000013'],
  ['escalated', unsure, 'large', '0.000101'],
] as const)('an answer that is %s', (outcome, words, stage, cost) => {
  test.each(wishes)('is byte for byte that of its model for who asks for %s', async (_, wish) => {
    const { first, last, ask, records } = await pair({ words }, { keep: { alternatives: 3 } })
    const { url } = stage === 'small' ? first : last
    const { status, text } = await ask(chat(wish))
    expect(text).toBe(await direct(url, '/v1/chat/completions', chat({ ...wish, model: `${stage}-model` })))
    expect(status).toBe(200)
    expect(records).toMatchObject([{ outcome, stage, status: 200, policy: 'abc' }])
  })

  test.each([{}, { stream: true }, { logprobs: 2 }])('is the same of completions, with %j', async (wish) => {
    const { first, last, ask } = await pair({ words })
    const path = '/v1/completions'
    const { text } = await ask({ model: 'cascade', prompt: 'It', ...wish }, { path })
    const { url } = stage === 'small' ? first : last
    expect(text).toBe(await direct(url, path, { model: `${stage}-model`, prompt: 'It', ...wish }))
  })

  test.each([{}, { stream: true }])('says so in its head, with %j', async (wish) => {
    const { ask } = await pair({ words })
    const { headers } = await ask(chat(wish))
    const said = Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-spillway')))
    expect(said).toEqual({
      'x-spillway-id': 'id-0',
      'x-spillway-decision': outcome === 'kept' ? 'keep' : 'escalate',
      'x-spillway-outcome': outcome,
      'x-spillway-stage': stage,
      'x-spillway-signal': `mean_logprob=${outcome === 'kept' ? -0.2 : -2.5}`,
      ...('stream' in wish ? {} : { 'x-spillway-cost': cost }),
    })
  })
})

test('what goes on to the models is what came, but for the model and what the decision needs', async () => {
  const wish = { seed: 7, stop: ['.'], tools: [{ type: 'function' }], metadata: { a: [1.0] }, x_unknown: { deep: [] } }
  const { first, last, ask } = await pair({ words: unsure })
  await ask(chat(wish))
  expect(first.asked[0].fields).toEqual(chat({ ...wish, model: 'small-model', logprobs: true }))
  expect(last.asked[0].fields).toEqual(chat({ ...wish, model: 'large-model' }))
  const text = '{"model":"cascade","big":12345678901234567890,"odd":1.50, "messages":[{"content":"\\u00e9"}]}'
  await ask(text)
  expect(last.asked[1].body).toBe(text.replace('"cascade"', '"large-model"'))
})

test('fields of the configuration are added where a request does not have them', async () => {
  const { first, ask } = await pair({}, { body: { seed: 1, user: 'us' } })
  await ask(chat({ seed: 2 }))
  expect(first.asked[0].fields).toMatchObject({ seed: 2, user: 'us' })
})

test('requests for several answers go to the large model alone, or are refused', async () => {
  const { first, last, ask, records } = await pair()
  expect(textOf(await ask(chat({ n: 2 })))).toBe('large')
  expect([first.asked.length, last.asked[0].fields.n]).toEqual([0, 2])
  expect(records).toMatchObject([{ outcome: 'passed', stage: 'large' }])
  const strict = await pair({}, { cascade: { severalAnswers: 'refuse' } })
  expect(await strict.ask(chat({ n: 2 }))).toMatchObject({ status: 400, text: expect.stringContaining('"param":"n"') })
})

test('each model can be asked by its own name, and gets what came', async () => {
  const { first, last, ask, records } = await pair({ words: unsure })
  const { text, headers } = await ask(chat({ model: 'small' }))
  expect(text).toBe(await direct(first.url, '/v1/chat/completions', chat({ model: 'small-model' })))
  expect(headers.get('x-spillway-decision')).toBe('passed')
  expect(records).toMatchObject([{ outcome: 'passed', cascade: 'small', stage: 'small' }])
  expect(first.asked[0].fields).toEqual(chat({ model: 'small-model' }))
  expect(last.asked).toEqual([])
})

test('models are listed: the cascade, and each by its own name', async () => {
  const { origin } = await pair()
  const { data } = (await (await fetch(`${origin}/v1/models`)).json()) as { data: { id: string; object: string }[] }
  expect(data.map(({ id, object }) => [id, object])).toEqual(['cascade', 'small', 'large'].map((id) => [id, 'model']))
})

test('details of the decision come with the answer only where they are asked for', async () => {
  const { ask } = await pair({ words: unsure })
  const headers = { 'x-spillway-details': 'true' }
  const details = {
    outcome: 'escalated',
    signals: { mean_logprob: -2.5 },
    calls: [{ stage: 'small' }, { stage: 'large' }],
  }
  const { text } = await ask(chat(), { headers })
  expect((JSON.parse(text) as { spillway: unknown }).spillway).toMatchObject(details)
  const { data } = await ask(chat({ stream: true }), { headers })
  expect(JSON.parse(data.at(-2)!)).toMatchObject({ choices: [], spillway: details })
  expect(data.at(-1)).toBe('[DONE]')
})

test.each([1, 7])('a stream cut into pieces of %i bytes, or 20 tokens an event, is told as it is', async (size) => {
  const words = Array.from({ length: 45 }, (_, i) => [`é${i} `, -0.1] as const)
  for (const mode of ['buffer', 'early'] as const) {
    const { first, ask } = await pair({ words, tokensAnEvent: 20, bytesAtATime: size }, { cascade: { mode } })
    const { text } = await ask(chat({ stream: true }))
    expect(text).toBe(await direct(first.url, '/v1/chat/completions', chat({ stream: true, model: 'small-model' })))
  }
})
