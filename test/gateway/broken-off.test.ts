import { describe, expect, test } from 'vitest'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { chat, errorOf, startGateway, textOf, type Reply, type Scene } from '../support/gateway.ts'
import { unsure } from '../support/upstream-words.ts'
import { HUGE_BYTES, upstream, type Said } from '../support/upstream.ts'

const early = keepWhen([{ signal: 'mean_logprob_at_2', atLeast: -1 }])
const longer: Said = { words: ['a', 'b', 'c', 'd', 'e', 'f'].map((word) => [word, -0.1] as const) }
const model = { idleTimeoutMs: 100 }
const stream = { stream: true }

async function pair(small: Said, large: Said = {}, scene: Partial<Scene> = {}) {
  const [first, last] = [await upstream(() => small), await upstream(() => large)]
  return { first, last, ...(await startGateway({ small: first.url, large: last.url, ...scene })) }
}

/** What was told, and then an error that the client can read, and no mark of an end. */
function expectBrokenOff(reply: Reply, told: string) {
  expect([reply.status, textOf(reply)]).toEqual([200, told])
  expect(errorOf(reply)).toMatchObject({ message: expect.stringMatching(/\w/) })
  expect(reply.text).not.toContain('[DONE]')
}

// The first event holds no content yet, so that four events are three tokens.
describe.each<[string, Said]>([
  ['stalls', { ends: 'stall', after: 4 }],
  ['is reset', { ends: 'reset', after: 4 }],
  ['ends too soon', { ends: 'cut', after: 4 }],
  ['holds an error', { ends: 'error', after: 4 }],
])('a stream that %s after its first words', (_, ending) => {
  test('of the large model breaks off with an error', async () => {
    const { ask, records, last } = await pair({ words: unsure }, { ...longer, ...ending }, { model })
    expectBrokenOff(await ask(chat(stream)), 'abc')
    expect(records).toMatchObject([{ status: 502, error: expect.any(String), calls: [{}, { result: 'failed' }] }])
    expect(last.asked.length).toBe(1)
  })

  test('of the small model, told early, breaks off with an error, and nobody else is asked', async () => {
    const scene = { model, policy: early, cascade: { mode: 'early' } } as const
    const { ask, records, last } = await pair({ ...longer, ...ending }, {}, scene)
    expectBrokenOff(await ask(chat(stream)), 'abc')
    expect(records).toMatchObject([{ decision: 'keep', status: 502, calls: [{ result: 'failed' }] }])
    expect(last.asked).toEqual([])
  })

  test('of the small model, held back, is not told at all', async () => {
    const { ask } = await pair({ ...longer, ...ending }, { words: [['large', -1]] }, { model })
    const { text, data } = await ask(chat(stream))
    expect(text).not.toContain('small-model')
    expect(data.at(-1)).toBe('[DONE]')
  })
})

test('an error is an event of its own where the answer broke off within one', async () => {
  // The stall comes between the line of the third token and the empty line that ends its event.
  const half = longer.words!.slice(0, 3).map(([word]) => JSON.stringify({ choices: [{ delta: { content: word } }] }))
  const body = half.map((data) => `data: ${data}`).join('\n\n')
  const headers = { 'content-type': 'text/event-stream', 'content-length': String(body.length + 100) }
  const { ask } = await pair({ words: unsure }, { body: `${body}\n`, headers }, { model })
  expectBrokenOff(await ask(chat(stream)), 'abc')
})

test.each([{ stream: false }, stream])('an answer without an end is given up at the deadline, with %j', async (way) => {
  const { ask, last } = await pair(
    { words: unsure },
    { ...longer, ends: 'forever', after: 3 },
    { limits: { deadlineMs: 300 } },
  )
  const reply = await ask(chat(way))
  expect(errorOf(reply)).toMatchObject({ type: 'timeout_error', code: 'deadline' })
  expect(reply.status).toBe(way.stream ? 200 : 504)
  expect(reply.text).not.toContain('[DONE]')
  await expect.poll(() => last.asked[0].left).toBe(true)
})

describe.each([{ stream: false }, stream])('100 MB in place of an answer, with %j,', (way) => {
  const huge: Said = { ends: 'huge', after: 1 }
  test('are given up, without being held in memory as a whole', async () => {
    const { ask, first, last } = await pair(huge, huge, { model: { maxAnswerBytes: 2 ** 22 } })
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 5)
    const reply = await ask(chat(way))
    clearInterval(watch)
    expect([reply.status, errorOf(reply)?.message]).toEqual([502, expect.stringContaining('longer than')])
    expect(most - before).toBeLessThan(HUGE_BYTES / 2)
    await expect.poll(() => [...first.asked, ...last.asked].every(({ left }) => left)).toBe(true)
  })
})
