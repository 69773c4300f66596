import { setTimeout as wait } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { ask } from '../../src/collect/ask.ts'
import type { Call, CallResult } from '../../src/collect/call.ts'
import { collect, type Collected, type CollectOptions } from '../../src/collect/collect.ts'
import type { Journal } from '../../src/collect/journal.ts'
import { outcomeRows, type AssembleOptions } from '../../src/collect/outcome-row.ts'
import type { Question } from '../../src/collect/question.ts'
import { template } from '../../src/collect/template.ts'
import { ModelError } from '../../src/models/model-error.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { callCost } from '../../src/models/price.ts'
import { memoryJournal, questionOf, setupOf, type Row } from '../support/collected.ts'
import { scriptedServer, type Line, type Said } from '../support/scripted-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

const free = { small: { input: 0, output: 0 }, large: { input: 0, output: 0 } }
const each = (count: number) => Array.from({ length: count }, (_, i) => questionOf(i + 1))

type Options = Partial<Omit<CollectOptions, 'questions'>> & { questions?: readonly Question[] }

/** Collects from a server on a real socket, with models as the command opens them, but that they do not wait to retry. */
async function scene(script: (line: Line) => Said | Promise<Said>) {
  const server = await scriptedServer(script)
  const models = Object.fromEntries(
    ['small', 'large'].map((model) => [
      model,
      openAiModel({ id: model, url: server.url, model, concurrency: 600, sleep: async () => {}, random: () => 0 }),
    ]),
  )
  open.push(server, ...Object.values(models))
  const options = { signals: ['mean_logprob'], keepTokens: false, now: () => performance.now() }
  const run = async ({ questions = each(20), ...more }: Options = {}): Promise<Collected> =>
    collect({
      questions: async function* () {
        yield* questions
      },
      setup: setupOf(),
      prices: free,
      concurrency: { small: 4, large: 4 },
      journal: memoryJournal(),
      ask: (call, signal) => ask(models[call.role], call, { ...options, signal }),
      ...more,
    })
  return { server, run }
}

async function rowsFrom(
  journal: Journal,
  questions: readonly Question[],
  more: Partial<AssembleOptions> = {},
): Promise<Row[]> {
  const rows: Row[] = []
  const all = outcomeRows({
    questions: (async function* () {
      yield* questions
    })(),
    setup: setupOf(),
    prices: free,
    score: (answer, [right]) => (answer === right ? 1 : 0),
    journal,
    ...more,
  })
  for await (const row of all) rows.push(row as unknown as Row)
  return rows
}

const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.message,
  )

test('rows are in the order of the questions, in whatever order answers come', async () => {
  const { run } = await scene(async ({ prompt }) => {
    await wait((Number(/\d+/.exec(prompt)) * 7919) % 23)
    return { text: prompt }
  })
  const journal = memoryJournal()
  const questions = each(40)
  const collected = await run({ questions, journal })
  expect(collected).toMatchObject({ finished: 40, failed: 0, calls: 80, reused: 0 })
  const asked = journal.lines.map((line) => Number(/\d+/.exec(String((JSON.parse(line) as CallResult).question))))
  expect(asked).not.toEqual(asked.toSorted((a, b) => a - b))
  const rows = await rowsFrom(journal, questions)
  expect(rows.map(({ id }) => id)).toEqual(questions.map(({ id }) => id))
  for (const { question, small, large } of rows) expect([small?.answer, large?.answer]).toEqual([question, question])
})

test('so many calls go to each model at once, no more, and no fewer where there is work', async () => {
  const { server, run } = await scene(async () => {
    await wait(20)
    return {}
  })
  await run({ questions: each(60), concurrency: { small: 3, large: 11 } })
  expect(server.peak).toEqual({ small: 3, large: 11 })
})

test('verifications of the small model count among its calls at once', async () => {
  const setup = setupOf({ verify: { samples: 5, template: template('v', '{{question}} {{answer}}') } })
  const { server, run } = await scene(async () => {
    await wait(5)
    return {}
  })
  const { calls } = await run({ setup, questions: each(12), concurrency: { small: 4, large: 2 } })
  expect(calls).toBe(12 * 7)
  expect(server.peak).toEqual({ small: 4, large: 2 })
})

test('before both models have answered one question, no other is asked', async () => {
  let seen = 0
  const { server, run } = await scene(async ({ before }) => {
    await wait(10)
    if (before > 0) expect(seen).toBe(1)
    return {}
  })
  const onFirst = async (question: Question, small: CallResult, large: CallResult) => {
    expect([question.id, small.answer, large.answer]).toEqual(['q1', 'yes', 'yes'])
    expect(server.lines).toHaveLength(2)
    await wait(10)
    seen += 1
  }
  await run({ questions: each(5), onFirst })
  expect(seen).toBe(1)
})

test('what is wrong with the first answers ends it with that error, and the two answers are kept', async () => {
  const { server, run } = await scene(() => ({}))
  const journal = memoryJournal()
  const onFirst = () => Promise.reject(new Error('the scorer threw'))
  expect(await messageOf(run({ journal, onFirst }))).toBe('the scorer threw')
  expect(server.lines).toHaveLength(2)
  expect(journal.size).toBe(2)
})

test('empty answers tell nothing about a model, but after five of them it goes on at full speed', async () => {
  const firsts: string[] = []
  const { server, run } = await scene(async ({ model }) => {
    await wait(5)
    return { text: model === 'small' ? '' : 'yes' }
  })
  await run({ questions: each(30), onFirst: async ({ id }) => void firsts.push(String(id)) })
  expect(firsts).toEqual(['q5'])
  expect(server.peak.large).toBe(4)
})

describe('a model that fails', () => {
  test('on some questions leaves an error on their rows, and the next run asks only those again', async () => {
    let broken = true
    const { server, run } = await scene(({ model, prompt }) =>
      broken && model === 'large' && /question (3|17)\?/.test(prompt) ? { status: 400, error: 'too long' } : {},
    )
    const journal = memoryJournal()
    expect(await run({ journal })).toMatchObject({ finished: 18, failed: 2 })
    const rows = await rowsFrom(journal, each(20))
    expect(rows).toHaveLength(20)
    expect(rows[2].error).toMatch(/^large: .*HTTP 400: too long$/)
    expect(rows[2].small?.quality).toBe(1)
    expect(rows[2].large).toBeUndefined()
    broken = false
    const before = server.lines.length
    expect(await run({ journal })).toMatchObject({ finished: 20, failed: 0, calls: 2, reused: 38 })
    expect(server.lines.slice(before).map(({ model, prompt }) => `${model} ${prompt}`)).toEqual([
      'large question 3?',
      'large question 17?',
    ])
    expect((await rowsFrom(journal, each(20))).filter(({ error }) => error !== undefined)).toEqual([])
  })

  test.each([401, 402, 403, 404])('with HTTP %i from the first question on is asked once', async (status) => {
    const { server, run } = await scene(({ model }) => (model === 'large' ? { status, error: 'no such key' } : {}))
    expect(await messageOf(run())).toMatch(new RegExp(`HTTP ${status}.*no such key`))
    expect(server.lines.filter(({ model }) => model === 'large').length).toBeLessThanOrEqual(4)
    expect(server.lines.length).toBeLessThanOrEqual(9)
  })

  test('as soon as others are under way ends it, and calls under way are given up', async () => {
    const { run } = await scene(async ({ model, before }) => {
      if (model === 'small') return before > 3 ? { status: 401 } : {}
      await wait(before === 0 ? 0 : 20_000)
      return {}
    })
    const started = performance.now()
    // Three refusals alone are none to a working model; twenty in a row are.
    expect(
      await messageOf(run({ concurrency: { small: 8, large: 8 }, questions: each(100), onFirst: async () => {} })),
    ).toContain('the small model has failed 20 times in a row')
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  test('in the middle stops it after a number of failures, and finished calls are kept', async () => {
    const { server, run } = await scene(({ model, before }) =>
      model === 'large' && before >= 30 ? { status: 503 } : {},
    )
    const journal = memoryJournal()
    const message = await messageOf(run({ journal, questions: each(500) }))
    expect(message).toMatch(
      /the large model has failed 20 times in a row; finished calls are kept, and the same command goes on from here\. The last error: .*HTTP 503/,
    )
    // Each was asked five times.
    expect(server.lines.filter(({ model }) => model === 'large').length).toBeLessThanOrEqual(30 + 24 * 5)
    expect(journal.lines.filter((line) => line.includes('"role":"large"') && !line.includes('"error"'))).toHaveLength(
      30,
    )
  })

  test('on forty long questions in a row goes on with the others, and so does the next run', async () => {
    const { run } = await scene(({ prompt }) =>
      Number(/\d+/.exec(prompt)) % 60 < 40 ? { status: 400, error: 'context length exceeded' } : {},
    )
    const journal = memoryJournal()
    // Nothing is known of the models yet.
    expect(await messageOf(run({ journal, questions: each(50) }))).toContain('context length exceeded')
    const good = each(119).slice(49)
    expect(await run({ journal, questions: good })).toMatchObject({ finished: 30, failed: 40 })
    expect(await run({ journal, questions: good })).toMatchObject({ finished: 30, failed: 40, reused: 60 })
  })

  test('only on verifications is asked three times', async () => {
    const setup = setupOf({ pTrue: { template: template('p', '{{question}} {{answer}}?') } })
    const { server, run } = await scene(({ body }) =>
      body.max_tokens === 1 ? { status: 400, error: 'at most 5 of them' } : {},
    )
    expect(await messageOf(run({ setup, questions: each(200), onFirst: async () => {} }))).toContain(
      'at most 5 of them',
    )
    expect(server.lines.filter(({ body }) => body.max_tokens === 1).length).toBeLessThanOrEqual(8)
  })
})

describe('a price by token', () => {
  const prices = { small: { input: 1, output: 1 }, large: { call: 1 } }

  test('ends the run at the first answer without a count, which a price by call then takes up', async () => {
    const { server, run } = await scene(() => ({ usage: null }))
    const journal = memoryJournal()
    const message =
      /small: the endpoint does not say how many tokens it used, and the price of the small model is by token; give a cost by call \(--cost small=…\)/
    expect(await messageOf(run({ journal, prices, onFirst: async () => {} }))).toMatch(message)
    const asked = server.lines.length
    expect(asked).toBeLessThanOrEqual(2)
    expect(await messageOf(run({ journal, prices, onFirst: async () => {} }))).toMatch(message)
    expect(await messageOf(run({ journal, prices, maxCost: 5 }))).toMatch(message)
    expect(server.lines).toHaveLength(asked)
    const calls = { ...prices, small: { call: 0 } }
    const known = journal.size
    expect(known).toBeGreaterThan(0)
    expect(await run({ journal, prices: calls })).toMatchObject({ finished: 20, reused: known })
  })

  test('asks again where an endpoint forgot to count once', async () => {
    let forgets = true
    const { run } = await scene(({ prompt }) => (forgets && prompt.includes(' 7?') ? { usage: null } : {}))
    const journal = memoryJournal()
    expect(await run({ journal, prices })).toMatchObject({ finished: 19, failed: 1 })
    forgets = false
    expect(await run({ journal, prices })).toMatchObject({ finished: 20, failed: 0, calls: 1 })
  })
})

describe('a limit of the cost', () => {
  test('stops before it could be passed, and a higher one goes on', async () => {
    const { run } = await scene(() => ({}))
    const journal = memoryJournal()
    const prices = { small: { call: 1 }, large: { call: 10 } }
    expect(await run({ journal, prices, maxCost: 100 })).toMatchObject({ finished: 9, cost: 99, stopped: 'max-cost' })
    expect(await run({ journal, prices, maxCost: 100 })).toMatchObject({ calls: 0, stopped: 'max-cost' })
    const all = await run({ journal, prices, maxCost: 220 })
    expect(all).toMatchObject({ finished: 20, cost: 220, calls: 22 })
    expect(all.stopped).toBeUndefined()
  })

  test('below what has been paid already asks nothing, and is no hindrance where there is nothing to ask', async () => {
    const { run } = await scene(() => ({}))
    const journal = memoryJournal()
    const prices = { small: { call: 1 }, large: { call: 10 } }
    await run({ journal, prices })
    const again = await run({ journal, prices, maxCost: 1 })
    expect(again).toMatchObject({ finished: 20, calls: 0, cost: 220 })
    expect(again.stopped).toBeUndefined()
  })

  test('counts what was paid for later questions before it asks earlier ones', async () => {
    const { run } = await scene(() => ({}))
    const journal = memoryJournal()
    const prices = { small: { call: 0 }, large: { call: 3 } }
    await run({ journal, prices, questions: each(20).slice(10) })
    expect(await run({ journal, prices, maxCost: 32 })).toMatchObject({ calls: 0, stopped: 'max-cost' })
    await run({ journal, prices, maxCost: 33 })
    expect(journal.size).toBe(22)
  })

  test('with known verifications is not taken for passed', async () => {
    const setup = setupOf({ verify: { samples: 2, template: template('v', '{{answer}}') } })
    const { run } = await scene(() => ({}))
    const journal = memoryJournal()
    const prices = { small: { call: 1 }, large: { call: 1 } }
    await run({ journal, prices, setup, questions: each(5) })
    const again = await run({ journal, prices, setup, questions: each(5), maxCost: 20 })
    expect(again).toMatchObject({ finished: 5, calls: 0, cost: 20 })
    expect(again.stopped).toBeUndefined()
  })

  test('holds whatever prices, lengths, failures and verifications there are, over any number of runs', async () => {
    const price = fc.oneof(
      fc.record({
        input: fc.constantFrom(0, 1, 3),
        cached: fc.constantFrom(0, 0.5, 5),
        output: fc.constantFrom(0, 2, 10),
      }),
      fc.record({ call: fc.constantFrom(0, 0.0001, 0.001) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.record({ small: price, large: price }),
        fc.array(fc.double({ min: 0, max: 0.02, noNaN: true }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(3),
        fc.array(fc.nat(20), { minLength: 3, maxLength: 40 }),
        async (prices, limits, concurrency, samples, numbers) => {
          const setup = setupOf({
            small: { identity: 's', form: 'raw', maxTokens: 16 },
            large: { identity: 'l', form: 'raw', maxTokens: 40 },
            verify: samples === 0 ? undefined : { samples, template: template('v', '{{question}} {{answer}}') },
          })
          const questions = numbers.map((number) => questionOf(number))
          let turn = 0
          let spent = 0
          const answerTo = async (call: Call, signal: AbortSignal): Promise<CallResult> => {
            const number = numbers[(turn += 1) % numbers.length]
            for (let step = 0; step < number % 4; step++) await new Promise((resolve) => setImmediate(resolve))
            signal.throwIfAborted()
            if (number === 13) throw new ModelError('now and then', { place: 'x', status: 400 })
            const most = call.request.maxTokens ?? 0
            const output = Math.min(most, number)
            const input = Buffer.byteLength(call.request.prompt as string) + (number % 3 === 0 ? 256 : 0)
            spent += callCost(prices[call.role], {
              inputTokens: input,
              cachedInputTokens: number * 2,
              outputTokens: output,
            })!
            const { key, question, role, purpose } = call
            const answer = 'x '.repeat(Math.floor(output / 2))
            return {
              key,
              question,
              role,
              purpose,
              model: role,
              answer,
              finish: 'stop',
              latency_ms: 1,
              input_tokens: input,
              cached_input_tokens: number * 2,
              output_tokens: output,
            }
          }
          const journal = memoryJournal()
          for (const maxCost of limits) {
            const before = spent
            const collected = await collect({
              questions: async function* () {
                yield* questions
              },
              setup,
              prices,
              concurrency: { small: concurrency, large: concurrency },
              journal,
              ask: answerTo,
              maxCost,
            }).catch((error: unknown) => {
              // Failures of the first calls end a run.
              if (!(error instanceof ModelError)) throw error
              return undefined
            })
            expect(spent).toBeLessThanOrEqual(Math.max(before, maxCost) * (1 + 1e-8))
            if (collected !== undefined && collected.stopped === undefined)
              expect(collected.finished + collected.failed).toBe(questions.length)
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('an end from outside', () => {
  test('gives up calls under way, keeps finished ones, and the next run asks only what is missing', async () => {
    const { server, run } = await scene(async ({ before }) => {
      await wait(before < 20 ? 1 : 50)
      return {}
    })
    const journal = memoryJournal()
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 150)
    const collected = await run({ journal, questions: each(100), signal: controller.signal })
    expect(collected.stopped).toBe('aborted')
    expect(collected.finished).toBeGreaterThan(0)
    expect(journal.lines.filter((line) => line.includes('"error"'))).toEqual([])
    const known = journal.size
    expect(await run({ journal, questions: each(100) })).toMatchObject({ calls: 200 - known, reused: known })
    expect(server.answered.length).toBeLessThanOrEqual(200 + 8)
    expect(await rowsFrom(journal, each(100))).toHaveLength(100)
  })

  test('ends it also where it waits for money', async () => {
    const { run } = await scene(async ({ before }) => {
      await wait(before < 2 ? 1 : 10_000)
      return {}
    })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 150)
    const started = performance.now()
    const collected = await run({
      signal: controller.signal,
      prices: { small: { call: 1 }, large: { call: 1 } },
      maxCost: 8,
    })
    expect(collected.stopped).toBe('aborted')
    expect(performance.now() - started).toBeLessThan(8000)
  })

  test('before it has begun asks nothing', async () => {
    const { server, run } = await scene(() => ({}))
    expect(await run({ signal: AbortSignal.abort() })).toMatchObject({ finished: 0, stopped: 'aborted' })
    expect(server.lines).toEqual([])
  })
})

test('an error of a journal that cannot be written ends it with that error and no call behind its back', async () => {
  let active = 0
  const { run } = await scene(async () => {
    active += 1
    await wait(5)
    active -= 1
    return {}
  })
  const journal = memoryJournal()
  let written = 0
  const full: Journal = {
    ...journal,
    append(record) {
      if ((written += 1) > 6) throw new Error('no space left')
      journal.append(record)
    },
  }
  expect(await messageOf(run({ journal: full, questions: each(50) }))).toBe('no space left')
  const after = written
  await wait(50)
  expect(active).toBe(0)
  expect(written).toBe(after)
})

test('a mistake in a later question ends it once calls under way have finished and are kept', async () => {
  const { server, run } = await scene(async () => {
    await wait(20)
    return {}
  })
  const journal = memoryJournal()
  const questions = [...each(5), { ...questionOf(6), fields: {} }]
  expect(await messageOf(run({ journal, questions }))).toContain('questions.jsonl:6: no question')
  expect(journal.size).toBe(10)
  expect(server.answered).toHaveLength(10)
})

test('hundreds of calls at once leave no warning of too many listeners', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  const { run } = await scene(() => ({}))
  await run({ signal: new AbortController().signal, questions: each(300), concurrency: { small: 64, large: 64 } })
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
})
