import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { CallResult } from '../../src/collect/call.ts'
import { collectScene, type Scene } from '../support/collect-scene.ts'
import { callsOf, questionsOf, rowsOf, timeless } from '../support/collected.ts'
import { file } from '../support/files.ts'
import { start } from '../support/process.ts'
import type { Line } from '../support/scripted-server.ts'

/** Waits for something to become true. */
async function until(condition: () => boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms
  while (!condition()) {
    if (performance.now() > end) throw new Error(`nothing came of it: ${condition.toString()}`)
    await wait(2)
  }
}

/** The calls that a journal holds, by model and question; a torn last line is none. */
const finishedIn = ({ journal }: Scene): Set<string> =>
  new Set(
    (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : []).map((line) => {
      const { model, question } = JSON.parse(line) as CallResult
      return `${model} ${String(question)}`
    }),
  )
const nameOf = ({ model, prompt }: Line) => `${model} q${/\d+/.exec(prompt)?.[0]}`

const temporary = ({ out }: Scene) => readdirSync(dirname(out)).filter((name) => /\.(tmp|probe)$/.test(name))

const KILLS = 20

test('killed at random twenty times, it ends with what an uninterrupted run gives, and asks nothing twice that was finished', async () => {
  let kills = 0
  const asked: string[] = []
  let known = new Set<string>()
  const twice: string[] = []
  const scene = await collectScene(
    'killed',
    async (line) => {
      const name = nameOf(line)
      asked.push(name)
      if (known.has(name)) twice.push(name)
      if (kills < KILLS) await wait(100 + ((line.prompt.length * 37) % 60))
      return { text: `${line.model} says ${line.prompt}`, logprobs: [-Number(/\d+/.exec(line.prompt)) / 300] }
    },
    questionsOf(300),
  )
  const flags = ['--cost', 'small=1,large=10', '--concurrency', '4', '--keep-tokens']
  for (;;) {
    const before = asked.length
    const { child, ended } = scene.start(flags)
    const over = ended.then(() => true)
    await Promise.race([over, until(() => asked.length > before)])
    const survived =
      kills === KILLS ? await over : await Promise.race([over, wait(100 + Math.random() * 500).then(() => false)])
    if (survived) {
      expect(await ended).toMatchObject({ code: 0 })
      break
    }
    child.kill('SIGKILL')
    expect((await ended).signal).toBe('SIGKILL')
    kills += 1
    known = finishedIn(scene)
  }
  expect(kills).toBe(KILLS)
  expect(twice).toEqual([])
  expect(asked.length).toBeLessThanOrEqual(600 + kills * 8)
  const rows = rowsOf(scene.out)
  expect(rows.map(({ id }) => id)).toEqual(questionsOf(300).map(({ id }) => id))
  expect(callsOf(scene.out)).toHaveLength(600)
  expect(temporary(scene)).toEqual([])
  const whole = await collectScene(
    'not-killed',
    (line) => ({ text: `${line.model} says ${line.prompt}`, logprobs: [-Number(/\d+/.exec(line.prompt)) / 300] }),
    questionsOf(300),
  )
  expect(await whole.run(flags)).toMatchObject({ code: 0 })
  expect(timeless(rows)).toEqual(timeless(rowsOf(whole.out)))
}, 150_000)

test('the first Ctrl-C keeps what is finished, writes it, and ends with 130; the same command asks only the rest', async () => {
  const scene = await collectScene(
    'interrupted',
    async ({ before }) => {
      await wait(before < 30 ? 5 : 60_000)
      return {}
    },
    questionsOf(100),
  )
  const { child, ended } = scene.start()
  await until(() => scene.server.answered.length >= 60)
  await wait(50)
  const started = performance.now()
  child.kill('SIGINT')
  const { code, stderr } = await ended
  expect(performance.now() - started).toBeLessThan(20_000)
  expect(code).toBe(130)
  expect(stderr).toMatch(
    /wrote .*interrupted\.jsonl: 30 of 100 questions, cost 330[^]*interrupted; the same command goes on from here\n$/,
  )
  expect(rowsOf(scene.out).map(({ id }) => id)).toEqual(questionsOf(30).map(({ id }) => id))
  expect(callsOf(scene.out)).toHaveLength(60)
  expect(scene.server.lines.length).toBeLessThanOrEqual(60 + 32)
}, 60_000)

test('after Ctrl-C the next run makes the calls that are missing and no other', async () => {
  let slow = true
  const scene = await collectScene(
    'resumed',
    async () => {
      await wait(slow ? 40 : 0)
      return {}
    },
    questionsOf(60),
  )
  const { child, ended } = scene.start()
  await until(() => scene.server.answered.length >= 40)
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  slow = false
  const finished = callsOf(scene.out).length
  const rows = rowsOf(scene.out).length
  expect(rows).toBeGreaterThan(5)
  expect(rows).toBeLessThan(60)
  const before = scene.server.lines.length
  const { code, stderr } = await scene.run()
  expect(code).toBe(0)
  expect(stderr).toContain(`60 of 60 questions, cost 660 (${120 - finished} calls, ${finished} calls known before)`)
  expect(scene.server.lines.length - before).toBe(120 - finished)
  expect(rowsOf(scene.out)).toHaveLength(60)
}, 60_000)

test('Ctrl-C before anything is finished writes nothing and leaves the old outcomes', async () => {
  let hangs = false
  const scene = await collectScene('early', async () => {
    if (hangs) await wait(60_000)
    return {}
  })
  await scene.run(['--cost', 'small=1,large=10', '--limit', '2'])
  const before = readFileSync(scene.out)
  hangs = true
  const { child, ended } = scene.start(['--cost', 'small=1,large=10', '--prompt', 'Other: {{question}}'])
  await until(() => scene.server.lines.length >= 6)
  child.kill('SIGINT')
  const { code, stderr } = await ended
  expect(code).toBe(130)
  expect(stderr).not.toContain('wrote')
  expect(readFileSync(scene.out)).toEqual(before)
}, 60_000)

test('the second Ctrl-C ends it at once', async () => {
  const scene = await collectScene('twice', async ({ before }) => {
    if (before > 3) await wait(60_000)
    return {}
  })
  // The first question's two answers are scored at once; those that are written wait for ever.
  const scorer = file(
    'waits.mjs',
    'let calls = 0\nexport default () => ((calls += 1) > 2 ? new Promise((resolve) => setTimeout(resolve, 1e6)) : 1)',
  )
  const { child, ended } = scene.start(['--cost', 'small=1,large=10', '--scorer', scorer])
  await until(() => scene.server.answered.length >= 8)
  await wait(100)
  child.kill('SIGINT')
  await until(() => temporary(scene).length > 0)
  const started = performance.now()
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  expect(performance.now() - started).toBeLessThan(20_000)
  expect(temporary(scene)).toEqual([])
  expect(existsSync(scene.out)).toBe(false)
  expect(callsOf(scene.out)).toHaveLength(8)
}, 60_000)

test('of two that write to the same outcomes one ends, and nothing is lost', async () => {
  const scene = await collectScene(
    'rivals',
    async ({ prompt }) => {
      // Long enough that both are there, however long one takes to start.
      await wait(150)
      return { text: prompt }
    },
    questionsOf(60),
  )
  const runs = await Promise.all([scene.run(), scene.run()])
  expect(runs.some(({ code }) => code === 2)).toBe(true)
  expect(runs.map(({ stderr }) => stderr).join('')).toContain(
    'rivals.calls.jsonl: another process writes to it; let only one spillway collect go on with an --out',
  )
  expect(await scene.run()).toMatchObject({ code: 0 })
  for (const { question, small, large } of rowsOf(scene.out))
    expect([small?.answer, large?.answer]).toEqual([question, question])
  expect(rowsOf(scene.out)).toHaveLength(60)
}, 60_000)

test('a journal that was torn by hand is gone on with', async () => {
  const scene = await collectScene('torn')
  await scene.run()
  const bytes = readFileSync(scene.journal)
  writeFileSync(scene.journal, bytes.subarray(0, bytes.length - 25))
  expect((await scene.run()).stderr).toContain('20 of 20 questions, cost 220 (1 call, 39 calls known before)')
  expect(scene.server.lines).toHaveLength(41)
})

test('a working model may refuse all further questions, and once it takes them the same command goes on', async () => {
  let full = false
  const scene = await collectScene(
    'refusing',
    ({ model, before }) => (model === 'large' && before >= 40 && !full ? { status: 400, error: 'too long' } : {}),
    questionsOf(120),
  )
  const { code, stderr } = await scene.run(['--cost', 'small=1,large=10', '--concurrency', '2'])
  expect(code).toBe(2)
  expect(stderr).toContain('80 questions failed')
  full = true
  expect((await scene.run()).stderr).toContain('(80 calls, 160 calls known before)')
}, 60_000)

test('a server that goes away ends it with what is to be done, and finished calls are kept', async () => {
  const scene = await collectScene(
    'gone',
    async () => {
      await wait(5)
      return {}
    },
    questionsOf(400),
  )
  const config = file(
    'gone.yaml',
    JSON.stringify(
      Object.fromEntries(
        ['small', 'large'].map((model) => [
          model,
          { model, url: scene.server.url, retries: 0, price: { call: 1 }, concurrency: 4 },
        ]),
      ),
    ),
  )
  const args = ['collect', scene.questions, '--config', config, '--prompt', 'plain', '--out', scene.out]
  const { ended } = start(args)
  await until(() => scene.server.answered.length >= 100)
  await scene.server.close()
  const { code, stderr } = await ended
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /the (small|large) model has failed \d\d times in a row; finished calls are kept, and the same command goes on from here\. The last error: .*(refused; is the server running\?|cut the connection)/,
  )
  expect(callsOf(scene.out).filter((call) => call.error === undefined).length).toBeGreaterThanOrEqual(95)
}, 60_000)
