import { describe, expect, test } from 'vitest'
import { chat, errorOf, startGateway, textOf, type Scene } from '../support/gateway.ts'
import { unsure } from '../support/upstream-words.ts'
import { upstream, type Said, type Upstream } from '../support/upstream.ts'

const broken: Said = { status: 500, body: '{"error":{"message":"it broke"}}' }
const breaker = { failures: 3, restMs: 200 }

async function pair(
  small: (before: number) => Said,
  large: (before: number) => Said = () => ({}),
  more?: Partial<Scene>,
) {
  const first = await upstream((_, before) => small(before))
  const last = await upstream((_, before) => large(before))
  return { first, last, ...(await startGateway({ small: first.url, large: last.url, breaker, ...more })) }
}
const times = ({ asked }: Upstream) => asked.length
const rest = () => new Promise((resolve) => setTimeout(resolve, 1.2 * breaker.restMs))

describe('a model that fails three times in a row', () => {
  test('is left alone, asked once after a while, and used again once that works', async () => {
    const { first, ask, small, records } = await pair((before) => (before < 4 ? broken : {}))
    for (let i = 0; i < 5; i++) expect((await ask(chat())).headers.get('x-spillway-stage')).toBe('large')
    expect([times(first), small.state()]).toEqual([3, 'open'])
    expect(records.at(-1)).toMatchObject({ outcome: 'small-failed', calls: [{ cost: 0 }, {}] })
    await rest()
    await ask(chat()) // fails again
    expect([times(first), small.state()]).toEqual([4, 'open'])
    await rest()
    for (let i = 0; i < 2; i++) expect((await ask(chat())).headers.get('x-spillway-stage')).toBe('small')
    expect([times(first), small.state()]).toEqual([6, 'closed'])
  })

  test('is left alone too where its answers break off', async () => {
    const { first, ask, small } = await pair(() => ({ ends: 'cut', after: 2 }))
    for (let i = 0; i < 5; i++) await ask(chat({ stream: i % 2 === 0 }))
    expect([times(first), small.state()]).toEqual([3, 'open'])
  })

  test('has its clients told when to come back', async () => {
    const { ask } = await pair(
      () => ({ words: unsure }),
      () => broken,
    )
    for (let i = 0; i < 3; i++) expect((await ask(chat())).status).toBe(500)
    const reply = await ask(chat())
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1'])
    expect(errorOf(reply)?.message).toMatch(/left alone/)
  })
})

test('a model that works now and then, or refuses what is wrong with a request, is not left alone', async () => {
  const wrong: Said = { status: 400, body: '{"error":{"message":"wrong"}}' }
  const { first, ask, small } = await pair((before) => (before % 3 === 2 ? wrong : broken))
  for (let i = 0; i < 9; i++) await ask(chat())
  expect([times(first), small.state()]).toEqual([9, 'closed'])
})

test('a client that leaves the one request that tries again does not keep others from trying', async () => {
  const { first, ask, small } = await pair((before) => (before < 3 ? broken : before === 3 ? { firstMs: 3000 } : {}))
  for (let i = 0; i < 3; i++) await ask(chat())
  await rest()
  const controller = new AbortController()
  const left = ask(chat(), { signal: controller.signal }).catch(() => 'left')
  await expect.poll(() => times(first)).toBe(4)
  expect((await ask(chat())).headers.get('x-spillway-stage')).toBe('large')
  controller.abort()
  expect(await left).toBe('left')
  await expect.poll(async () => (await ask(chat())).headers.get('x-spillway-stage')).toBe('small')
  expect(small.state()).toBe('closed')
})

test('nor does a call that was made ahead of time, and then not needed', async () => {
  const words = [...Array<number>(9).fill(-2), ...Array<number>(90).fill(0)].map((each) => ['x', each] as const)
  const { ask, last, records } = await pair(
    (before) => (before < 3 ? { words: unsure } : { words, bytesAtATime: 100 }),
    (before) => (before < 3 ? broken : {}),
    { cascade: { speculateAfter: 2 } },
  )
  for (let i = 0; i < 3; i++) await ask(chat())
  await rest()
  await ask(chat({ stream: true }))
  expect(records.at(-1)).toMatchObject({ outcome: 'kept', calls: [{}, { stage: 'large', result: 'aborted' }] })
  await expect.poll(async () => (await ask(chat({ model: 'large' }))).status).toBe(200)
  expect(times(last)).toBeGreaterThan(3)
})

describe('asking again', () => {
  const refusal = (headers: Record<string, string> = {}): Said => ({ ...broken, status: 429, headers })
  const model = { retries: 1 }

  test.each<[string, Said, number]>([
    ['waits as long as the server asks', refusal({ 'retry-after': '3' }), 3250],
    ['waits a little where the server says nothing', refusal(), 250],
    ['waits a little after a fault of the server', broken, 250],
    ['waits a little after a cut connection', { ends: 'reset' }, 250],
  ])('%s', async (_, said, ms) => {
    const { ask, slept, first, records } = await pair((before) => (before === 0 ? said : {}), undefined, { model })
    expect(textOf(await ask(chat()))).toBe('Grüße 🙂 done')
    expect([slept, times(first)]).toEqual([[ms], 2])
    expect(records).toMatchObject([{ outcome: 'kept' }])
  })

  test('ends after as many attempts as there may be', async () => {
    const { ask, first } = await pair(() => broken, undefined, { model })
    expect((await ask(chat())).headers.get('x-spillway-outcome')).toBe('small-failed')
    expect(times(first)).toBe(2)
  })

  test.each([{ stream: false }, { stream: true }])('is out of the question once an answer began (%o)', async (way) => {
    const { ask, first, slept } = await pair(() => ({ ends: 'reset', after: 2 }), undefined, { model })
    expect((await ask(chat(way))).headers.get('x-spillway-outcome')).toBe('small-failed')
    expect([times(first), slept]).toEqual([1, []])
  })
})
