import { describe, expect, test } from 'vitest'
import { exactScore } from '../../src/scoring/exact.ts'
import type { AuditRecord } from '../../src/audits/record.ts'
import { goldOf } from '../../src/gateway/asked-by.ts'
import { auditorOf, type Auditor } from '../../src/gateway/audit/auditor.ts'
import { coinOf } from '../../src/gateway/audit/coin.ts'
import type { GatewayRequest } from '../../src/gateway/http.ts'
import type { AuditScorer } from '../../src/gateway/audit/scorer.ts'
import { chat, startGateway, textOf, type Scene } from '../support/gateway.ts'
import { sure, unsure } from '../support/upstream-words.ts'
import { upstream, type Said } from '../support/upstream.ts'

interface AuditScene extends Partial<Scene> {
  smallSays?: Said
  largeSays?: Said
  probability?: number
  scorer?: AuditScorer
  texts?: boolean
  auditor?: { atOnce?: number; mostWaiting?: number; mostBytes?: number; deadlineMs?: number }
}

async function audited({ smallSays = {}, largeSays = {}, ...more }: AuditScene = {}) {
  const { probability = 1, scorer, texts = true, auditor: limits, ...scene } = more
  const [first, last] = [
    await upstream(() => smallSays),
    await upstream(() => ({ words: [['large', -0.5]], ...largeSays })),
  ]
  const audits: AuditRecord[] = []
  const faults: unknown[] = []
  const told: string[] = []
  const auditor = auditorOf({
    atOnce: 4,
    mostWaiting: 100,
    mostBytes: 1e6,
    deadlineMs: 10_000,
    ...limits,
    texts,
    onAudit: (record) => audits.push(record),
    onNotice: (text) => told.push(text),
    onFault: (error) => faults.push(error),
  })
  const spent: number[] = []
  const coin = coinOf({ probability, random: () => 0, now: () => performance.now() })
  const settle = (cost: number) => {
    spent.push(cost)
    coin.settle(cost)
  }
  const audit = { coin: { ...coin, settle }, ...(scorer && { scorer }) }
  const gateway = await startGateway({
    small: first.url,
    large: last.url,
    ...scene,
    cascade: { audit, fallback: true, ...scene.cascade },
    options: { auditor, texts, ...scene.options },
  })
  return { ...gateway, first, last, audits, auditor, told, spent, faults: [...faults, ...gateway.faults] }
}

const done = (auditor: Auditor) => auditor.close(5000)
const exact: AuditScorer = {
  name: 'exact',
  async score({ small, large, gold }) {
    if (gold === undefined) throw new Error('exact needs to know what is right')
    const of = (answer: string | undefined) => (answer === undefined ? undefined : exactScore(answer, gold, {}))
    return { small: of(small), large: of(large) }
  },
}

describe('an audited request', () => {
  test('that was kept is asked of the large model too, after its client has the answer', async () => {
    const { ask, audits, auditor, last, records, spent, faults } = await audited({
      smallSays: { words: sure },
      scorer: exact,
    })
    const reply = await ask(chat({ temperature: 0.5 }), {
      headers: { 'x-spillway-gold': encodeURIComponent('Grüße 🙂 done') },
    })
    expect(textOf(reply)).toBe('Grüße 🙂 done')
    await done(auditor)
    expect(last.asked).toHaveLength(1)
    // What the large model is asked is what the client asked.
    expect(last.asked[0].fields).toEqual(chat({ model: 'large-model', temperature: 0.5 }))
    expect(records).toMatchObject([{ outcome: 'kept', calls: [{ stage: 'small' }] }])
    expect(audits).toEqual([
      {
        id: records[0].id,
        time: records[0].time,
        cascade: 'cascade',
        policy: 'abc',
        outcome: 'kept',
        probability: 1,
        served_cost: records[0].cost,
        always_large_cost: audits[0].large!.cost,
        audit_cost: audits[0].large!.cost,
        question: 'What is it?',
        gold: 'Grüße 🙂 done',
        scorer: 'exact',
        small: {
          model: 'small-model',
          answer: 'Grüße 🙂 done',
          quality: 1,
          cost: records[0].cost,
          signals: { mean_logprob: expect.closeTo(-0.2) },
        },
        large: { model: 'large-model', answer: 'large', quality: 0, cost: expect.closeTo(0.00009, 4) },
      },
    ])
    expect(spent).toEqual([audits[0].large!.cost])
    expect(faults).toEqual([])
  })

  test('that was escalated costs nothing more: both answers are there', async () => {
    const { ask, audits, auditor, last } = await audited({ smallSays: { words: unsure }, scorer: exact })
    await ask(chat({ stream: true }), { headers: { 'x-spillway-gold': 'large' } })
    await done(auditor)
    expect(last.asked).toHaveLength(1)
    expect(audits).toMatchObject([
      {
        outcome: 'escalated',
        audit_cost: 0,
        small: { answer: 'no idea', quality: 0 },
        large: { answer: 'large', quality: 1 },
      },
    ])
    expect(audits[0].always_large_cost).toBe(audits[0].large!.cost)
  })

  test('is streamed as others are', async () => {
    const { ask, audits, auditor } = await audited({ smallSays: { words: sure } })
    const reply = await ask(chat({ stream: true }))
    expect(textOf(reply)).toBe('Grüße 🙂 done')
    await done(auditor)
    expect(audits).toMatchObject([{ outcome: 'kept', large: { answer: 'large' } }])
  })

  test('does not keep its client waiting', async () => {
    let release = () => {}
    const until = new Promise<void>((resolve) => (release = resolve))
    const { ask, audits, auditor } = await audited({ smallSays: { words: sure }, largeSays: { until } })
    await ask(chat())
    expect(audits).toEqual([])
    expect(auditor.waiting()).toBe(1)
    release()
    await done(auditor)
    expect(audits).toMatchObject([{ large: { answer: 'large' } }])
  })

  test('leaves no text anywhere where texts are not logged, and none with the client who asks for details', async () => {
    const { ask, audits, auditor, records } = await audited({ smallSays: { words: sure }, scorer: exact, texts: false })
    const headers = { 'x-spillway-gold': 'large', 'x-spillway-details': '1' }
    const [whole, streamed] = [await ask(chat(), { headers }), await ask(chat({ stream: true }), { headers })]
    await done(auditor)
    expect(audits).toMatchObject([{ large: { quality: 1 } }, { large: { quality: 1 } }])
    const told = JSON.stringify({ records, audits })
    expect(told).not.toMatch(/Grüße|What is it|"gold"|"answer"/)
    const details = [
      (JSON.parse(whole.text) as { spillway: object }).spillway,
      ...streamed.data.filter((data) => data.includes('"spillway"')),
    ]
    expect(details).toHaveLength(2)
    expect(JSON.stringify(details)).not.toMatch(/Grüße|What is it/)
  })

  test.each<[string, Said, string]>([
    ['is refused', { status: 400, body: '{"error":{"message":"no"}}' }, 'HTTP 400'],
    ['breaks off', { ends: 'cut', after: 1 }, ''],
  ])('of which the large call %s is in the log as one of which nothing is known', async (_, largeSays, error) => {
    const { ask, audits, auditor, faults } = await audited({ smallSays: { words: sure }, largeSays, scorer: exact })
    expect((await ask(chat())).status).toBe(200)
    await done(auditor)
    expect(audits).toMatchObject([{ outcome: 'kept', always_large_cost: expect.anything() }])
    expect(audits[0].error).toContain(error)
    expect(audits[0].large).toBeUndefined()
    expect(faults).toEqual([])
  })

  test('of which the small model failed, or the large one, says so', async () => {
    const failing: Said = { status: 500, body: 'oops' }
    const one = await audited({ smallSays: failing, scorer: exact })
    await one.ask(chat(), { headers: { 'x-spillway-gold': 'large' } })
    await done(one.auditor)
    expect(one.audits).toMatchObject([{ outcome: 'small-failed', large: { quality: 1 } }])
    expect(one.audits[0].small).toBeUndefined()
    const other = await audited({ smallSays: { words: unsure }, largeSays: failing, scorer: exact })
    expect(textOf(await other.ask(chat()))).toBe('no idea')
    await done(other.auditor)
    // The client has the small answer; the large model was asked once more, and failed again.
    expect(other.audits).toMatchObject([{ outcome: 'large-failed', error: expect.stringContaining('500') }])
    expect(other.last.asked).toHaveLength(2)
  })

  test('with a scorer that cannot tell is in the log without a quality', async () => {
    const { ask, audits, auditor } = await audited({ smallSays: { words: sure }, scorer: exact })
    await ask(chat())
    await done(auditor)
    expect(audits).toMatchObject([
      { error: expect.stringContaining('needs to know what is right'), large: { answer: 'large' } },
    ])
    expect(audits[0].small!.quality).toBeUndefined()
  })
})

describe('where texts are not logged', () => {
  const secret = 'my secret question'
  const question = chat({ messages: [{ role: 'user', content: secret }] })
  const throwing: AuditScorer = {
    name: './mine.js',
    score: async ({ small }) => {
      throw new Error(`what is ${small}?`)
    },
  }

  test.each<[string, AuditScene, string]>([
    ['a scorer that throws', { scorer: throwing }, 'the scorer failed'],
    [
      'a server that says it again',
      { largeSays: { status: 400, body: JSON.stringify({ error: { message: `bad: ${secret}` } }) } },
      'the large model failed (HTTP 400)',
    ],
  ])('%s leaves none in the log', async (_, scene, error) => {
    const { ask, audits, auditor, told } = await audited({ smallSays: { words: sure }, texts: false, ...scene })
    await ask(question)
    await ask(question)
    await done(auditor)
    expect(audits).toMatchObject([{ error }, { error }])
    // Whoever operates it is told once.
    expect(told).toEqual([`cascade: an audit found nothing: ${error}; it is told once`])
  })
})

test('audits that fail do not count for a breaker, nor ask where one is open', async () => {
  const failing: Said = { status: 500, body: 'oops' }
  const one = await audited({
    smallSays: { words: sure },
    largeSays: failing,
    breaker: { failures: 2, restMs: 60_000 },
  })
  for (let i = 0; i < 4; i++) await one.ask(chat())
  await expect.poll(() => one.audits.length).toBe(4)
  // A client of the large model is still heard.
  for (let i = 0; i < 2; i++) expect((await one.ask(chat({ model: 'large' }))).status).not.toBe(503)
  const asked = one.last.asked.length
  await one.ask(chat())
  await done(one.auditor)
  expect(one.last.asked).toHaveLength(asked)
  expect(one.audits[4].error).toContain('left alone for a while')
})

test('requests that wait for their audit take up no more than so many bytes', async () => {
  let release = () => {}
  const until = new Promise<void>((resolve) => (release = resolve))
  const { ask, audits, auditor } = await audited({
    smallSays: { words: sure },
    largeSays: { until },
    auditor: { mostBytes: 2500 },
  })
  const long = chat({ messages: [{ role: 'user', content: 'x'.repeat(1000) }] })
  for (let i = 0; i < 3; i++) await ask(long)
  expect(audits).toMatchObject([{ error: 'too many audits wait' }])
  release()
  await done(auditor)
  expect(audits).toHaveLength(3)
})

describe('no audit is made', () => {
  test('of a model by itself, of several answers, of a client that left, nor where the coin does not fall', async () => {
    const { ask, begin, audits, auditor, records } = await audited({ smallSays: { words: sure, firstMs: 30 } })
    await ask(chat({ model: 'small' }))
    await ask(chat({ n: 2 }))
    const leaving = new AbortController()
    const left = begin(chat(), { signal: leaving.signal }).catch(() => 'left')
    setTimeout(() => leaving.abort(), 10)
    expect(await left).toBe('left')
    await expect.poll(() => records.length).toBe(3)
    await done(auditor)
    // That one is in the log as one of which nothing more is known.
    expect(audits).toMatchObject([{ outcome: 'aborted', probability: 1, audit_cost: 0 }])
    expect(audits[0]).not.toHaveProperty('small')
    const never = await audited({ smallSays: { words: sure }, probability: 0 })
    await never.ask(chat())
    await done(never.auditor)
    expect(never.audits).toEqual([])
  })

  test('of more than there is room for, which the log says', async () => {
    const { ask, audits, auditor } = await audited({
      smallSays: { words: sure },
      largeSays: { firstMs: 100 },
      auditor: { atOnce: 1, mostWaiting: 1 },
    })
    await Promise.all([1, 2, 3, 4].map(() => ask(chat())))
    await done(auditor)
    expect(audits).toHaveLength(4)
    expect(audits.filter(({ error }) => error === 'too many audits wait')).toHaveLength(2)
  })
})

test('at the end what is under way is waited for, for a while, and the rest is in the log as not finished', async () => {
  const { ask, audits, auditor, faults } = await audited({
    smallSays: { words: sure },
    largeSays: { until: new Promise(() => {}) },
    auditor: { atOnce: 1 },
  })
  await ask(chat())
  await ask(chat())
  await auditor.close(50)
  expect(audits.map(({ error }) => error)).toEqual(
    Array.from({ length: 2 }, () => 'the gateway ended before this audit'),
  )
  expect(auditor.waiting()).toBe(0)
  expect(faults).toEqual([])
})

test('an audit that takes too long is given up', async () => {
  const { ask, audits, auditor } = await audited({
    smallSays: { words: sure },
    largeSays: { until: new Promise(() => {}) },
    auditor: { deadlineMs: 50 },
  })
  await ask(chat())
  await expect.poll(() => audits.length, { timeout: 5000 }).toBe(1)
  expect(audits[0].error).toMatch(/time/)
  await done(auditor)
})

test.each([
  ['Grüße', ['Grüße']],
  [encodeURIComponent('Grüße'), ['Grüße']],
  ['100%', ['100%']],
  ['[1,2]', ['[1,2]']],
  ['[oops', ['[oops']],
  ['[]', ['[]']],
  [encodeURIComponent('["a","ü"]'), ['a', 'ü']],
])('a gold of %s is %j', (gold, texts) => {
  // As a server gives it: a letter a byte.
  const header = Buffer.from(gold).toString('latin1')
  const request = { headers: { 'x-spillway-gold': header } } as unknown as GatewayRequest
  expect(goldOf(request)).toEqual(texts)
})
