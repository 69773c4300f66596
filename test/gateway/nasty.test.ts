import { describe, expect, test } from 'vitest'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { chat, errorOf, startGateway, textOf, type RunningGateway, type Scene } from '../support/gateway.ts'
import { unsure } from '../support/upstream-words.ts'
import { nobody, upstream, type Said } from '../support/upstream.ts'

const error = JSON.stringify({ error: { message: 'too much', type: 'overloaded', code: 'busy' } })

/** What can go wrong before anything of an answer has been told, with the status that a client would get. */
const faults: [string, Said | 'nobody', number][] = [
  ['refuses the connection', 'nobody', 502],
  ['resets the connection at once', { ends: 'reset' }, 502],
  ['resets the connection within its answer', { ends: 'reset', after: 1 }, 502],
  ['ends the answer too soon', { ends: 'cut', after: 1 }, 502],
  ['says nothing for long', { firstMs: 5000 }, 502],
  ['stalls at once', { ends: 'stall' }, 502],
  ['stalls within its answer', { ends: 'stall', after: 1 }, 502],
  ['fails with a 500', { status: 500, body: error }, 500],
  ['fails with a 500 and a page', { status: 500, body: '<html>', headers: { 'content-type': 'text/html' } }, 500],
  ['has too many requests', { status: 429, body: error }, 429],
  ['gives an error with status 200', { body: error }, 502],
  ['gives an error as an event', { ends: 'error', after: 1 }, 502],
  ['answers with a page', { body: '<html><title>Hi</title>', headers: { 'content-type': 'text/html' } }, 502],
  ['answers with something else', { body: 'hello' }, 502],
  ['answers with nothing', { body: '' }, 502],
  ['answers with broken JSON', { body: '{"choices":[{"mess' }, 502],
  ['answers with no choice', { body: '{"choices":[]}' }, 502],
  ['points elsewhere', { status: 302, body: '', headers: { location: 'http://127.0.0.1:9/v1' } }, 502],
]
const ways = [{ stream: false }, { stream: true }] as const
const model = { firstByteTimeoutMs: 150, idleTimeoutMs: 150 }

const urlOf = async (said: Said | 'nobody') => (said === 'nobody' ? nobody() : (await upstream(() => said)).url)

async function pair(small: Said | 'nobody', large: Said | 'nobody', scene: Partial<Scene> = {}) {
  return startGateway({ small: await urlOf(small), large: await urlOf(large), model, ...scene })
}

const good: Said = { words: [['large', -0.5]] }

/** Asks for a whole answer and for a stream. */
const bothWays = ({ ask }: RunningGateway) => Promise.all(ways.map((way) => ask(chat(way))))

describe('where the small model', () => {
  test.each(faults)('%s, the large one answers', async (_, said) => {
    const gateway = await pair(said, good)
    for (const reply of await bothWays(gateway)) {
      expect([reply.status, textOf(reply)]).toEqual([200, 'large'])
      expect(reply.headers.get('x-spillway-outcome')).toBe('small-failed')
    }
    const failed = {
      outcome: 'small-failed',
      reason: 'small-failed',
      stage: 'large',
      calls: [{ result: 'failed' }, {}],
    }
    expect(gateway.records).toMatchObject([failed, failed])
    expect(gateway.faults).toEqual([])
  })
})

describe('where the large model', () => {
  test.each(faults)('%s, the client hears of it', async (_, said, status) => {
    const gateway = await pair({ words: unsure }, said)
    for (const reply of await bothWays(gateway)) {
      expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'application/json'])
      expect(errorOf(reply)).toMatchObject({ message: expect.stringMatching(/\w/), type: expect.any(String) })
      expect(reply.headers.get('x-spillway-id')).toMatch(/^id-/)
    }
    const failed = { outcome: 'failed', stage: null, status, error: expect.any(String) }
    expect(gateway.records).toMatchObject([failed, failed])
    expect(gateway.faults).toEqual([])
  })

  test.each(faults)('%s, the small answer can stand in', async (_, said) => {
    const gateway = await pair({ words: unsure }, said, { cascade: { fallback: true } })
    for (const reply of await bothWays(gateway)) {
      expect([reply.status, textOf(reply)]).toEqual([200, 'no idea'])
      expect(reply.headers.get('x-spillway-outcome')).toBe('large-failed')
    }
    const failed = { outcome: 'large-failed', stage: 'small', error: expect.any(String) }
    expect(gateway.records).toMatchObject([failed, failed])
  })

  test('has its own words and Retry-After passed on', async () => {
    const said = { status: 429, body: error, headers: { 'retry-after': '17' } }
    const { ask } = await pair({ words: unsure }, said)
    const reply = await ask(chat())
    expect(reply.headers.get('retry-after')).toBe('17')
    expect(errorOf(reply)).toEqual({ message: 'too much', type: 'overloaded', code: 'busy', param: null })
  })
})

describe('log-probabilities that are', () => {
  const missing = ['absent', 'null', 'empty', 'nan'] as const
  test.each(missing.flatMap((logprobs) => ways.map((way) => [logprobs, way] as const)))(
    '%s are missing, and the policy says what then (%o)',
    async (logprobs, way) => {
      const escalating = await pair({ logprobs }, good)
      expect(textOf(await escalating.ask(chat(way)))).toBe('large')
      expect(escalating.records).toMatchObject([{ outcome: 'escalated', reason: 'missing-signal' }])
      const policy = keepWhen([{ signal: 'mean_logprob', atLeast: -1 }], 'keep')
      const keeping = await pair({ logprobs }, good, { policy })
      expect(textOf(await keeping.ask(chat(way)))).toBe('Grüße 🙂 done')
      const strict = keepWhen([{ signal: 'mean_logprob', atLeast: -1 }], 'error')
      const failing = await pair({ logprobs }, good, { policy: strict })
      expect(errorOf(await failing.ask(chat(way)))).toMatchObject({ code: 'missing_signal' })
    },
  )

  test('refused are not asked for again, which is said once', async () => {
    const small = await upstream(() => ({ refuses: 'logprobs' }))
    const { ask, records, notices } = await startGateway({ small: small.url, large: await urlOf(good) })
    for (const way of ways) expect(textOf(await ask(chat(way)))).toBe('large')
    expect(records.map(({ reason }) => reason)).toEqual(['missing-signal', 'missing-signal'])
    expect(small.asked.map(({ fields }) => 'logprobs' in fields)).toEqual([true, false, false])
    expect(notices).toEqual([expect.stringMatching(/^small: .*logprobs/)])
  })
})

test.each(ways)('a content type that does not fit the answer changes nothing (%o)', async (way) => {
  for (const type of ['text/plain', 'application/json', 'text/event-stream']) {
    const { ask, records } = await pair({ headers: { 'content-type': type } }, good)
    const reply = await ask(chat(way))
    const plain = await pair({}, good)
    expect(reply.text).toBe((await plain.ask(chat(way))).text)
    expect(records).toMatchObject([{ outcome: 'kept' }])
  }
})
