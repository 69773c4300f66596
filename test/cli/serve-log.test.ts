import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chat, textOf, type Reply } from '../support/client.ts'
import { configOf, serveFolder, startServe, type ServeFolder } from '../support/serve.ts'
import { unsure } from '../support/upstream-words.ts'
import { upstream, type Said } from '../support/upstream.ts'

const QUESTION = 'What is the airspeed of a swallow?'
const asked = (content: string) => chat({ messages: [{ role: 'user', content }] })

async function serving(log: object | false = {}, small: Said = { words: unsure }, large: Said = {}) {
  const [first, last] = [await upstream(() => small), await upstream(() => large)]
  const config = configOf({
    small: first.url,
    large: last.url,
    serve: { log: log === false ? false : { folder: 'decisions', ...log } },
  })
  return startServe({}, serveFolder({}, config))
}

/** One line for each, and no other. */
function expectAll({ lines }: ServeFolder, replies: readonly Reply[]) {
  const ids = lines().map(({ id }) => id)
  expect(new Set(ids)).toEqual(new Set(replies.map(({ headers }) => headers.get('x-spillway-id'))))
  expect(ids.length).toBe(replies.length)
}

describe('the decision log', { timeout: 60_000 }, () => {
  test('has a line a request, without the texts of question and answer', async () => {
    const { ask, stop, lines, logFiles } = await serving()
    const replies = [await ask(asked(QUESTION)), await ask(chat({ stream: true })), await ask(chat({ model: 'small' }))]
    expect((await stop()).code).toBe(0)
    const records = lines()
    expect(records.map(({ id }) => id)).toEqual(replies.map(({ headers }) => headers.get('x-spillway-id')))
    expect(new Set(records.map(({ id }) => id)).size).toBe(3)
    const escalated = {
      cascade: 'cascade',
      policy: expect.stringMatching(/^[0-9a-f]{16}$/),
      outcome: 'escalated',
      stage: 'large',
      status: 200,
      decision: 'escalate',
      reason: 'condition-fails',
      signal: 'mean_logprob',
      signals: { mean_logprob: -2.5 },
      cost: expect.closeTo(0.000141),
      saved: expect.any(Number),
    }
    expect(records).toMatchObject([
      { ...escalated, stream: false, calls: [{ stage: 'small', result: 'answered' }, { stage: 'large' }] },
      { ...escalated, stream: true },
      { cascade: 'small', policy: null, outcome: 'passed', calls: [{ stage: 'small' }] },
    ])
    for (const { time } of records) expect(Math.abs(Date.now() - Date.parse(time))).toBeLessThan(60_000)
    const [file] = logFiles()
    expect(readFileSync(file, 'utf8')).not.toMatch(/swallow|What is it|Grüße|idea/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('has the texts where the configuration wants them', async () => {
    const { ask, stop, lines } = await serving({ texts: true })
    expect(textOf(await ask(asked(QUESTION)))).toBe('Grüße 🙂 done')
    await stop()
    const calls = [{ answer: 'no idea' }, { answer: 'Grüße 🙂 done' }]
    expect(lines()).toMatchObject([{ question: [{ role: 'user', content: QUESTION }], calls }])
  })

  test('begins a new file where one is full, and the oldest go', async () => {
    const { ask, stop, lines, logFiles } = await serving({ texts: true, file_mb: 1, files: 2 }, {})
    const long = 'x'.repeat(2 ** 18)
    const replies = []
    for (let i = 0; i < 18; i++) replies.push(await ask(asked(`${i} ${long}`)))
    await stop()
    expect(logFiles().map((path) => path.slice(path.lastIndexOf('/') + 1))).toEqual([
      expect.stringMatching(/^decisions-\d{8}T\d{9}Z-\d+\.jsonl$/),
      expect.stringMatching(/^decisions-\d{8}T\d{9}Z-\d+\.jsonl$/),
      'decisions.jsonl',
    ])
    const ids = lines().map(({ id }) => id)
    expect(ids).toEqual(replies.slice(-ids.length).map(({ headers }) => headers.get('x-spillway-id')))
    expect(ids.length).toBeGreaterThanOrEqual(8)
    expect(ids.length).toBeLessThan(18)
  })

  test('is complete once the gateway has been asked to end, and goes on in the same file', async () => {
    const first = await serving({}, {})
    const replies = await Promise.all(Array.from({ length: 200 }, () => first.ask(chat())))
    await first.stop()
    expectAll(first, replies)
    const again = await startServe({}, first)
    replies.push(await again.ask(chat()))
    await again.stop()
    expect(first.logFiles()).toHaveLength(1)
    expectAll(first, replies)
  })

  test('that cannot be written is told of, and keeps nobody from an answer', async () => {
    const { ask, get, process, stop } = await serving({ folder: 'policy.json/decisions' }, {})
    for (let i = 0; i < 5; i++) expect((await ask(chat())).status).toBe(200)
    expect(process.stderr().match(/^spillway: the decision log cannot be written \(ENOTDIR\): .*$/gm)).toHaveLength(1)
    expect((await get('/metrics')).text).toMatch(/^spillway_log_dropped 5$/m)
    expect((await stop()).code).toBe(0)
  })

  test('is not there where nobody wants it', async () => {
    const { ask, path, stop } = await serving(false, {})
    await ask(chat())
    await stop()
    expect(existsSync(join(path, 'decisions'))).toBe(false)
  })
})
