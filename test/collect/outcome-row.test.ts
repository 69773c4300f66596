import { expect, test } from 'vitest'
import type { Call, CallFailure, CallResult } from '../../src/collect/call.ts'
import { outcomeRows, type AssembleOptions } from '../../src/collect/outcome-row.ts'
import { planner } from '../../src/collect/plan.ts'
import { template } from '../../src/collect/template.ts'
import { memoryJournal, questionOf, setupOf, type Row } from '../support/collected.ts'

const setup = setupOf({
  verify: { samples: 3, template: template('verify', '{{question}} {{answer}}?') },
  pTrue: { template: template('p_true', '{{question}} {{answer}}, true?') },
})
const prices = { small: { input: 1e6, output: 1e6 }, large: { call: 10 } }

const done = (call: Call, more: Partial<CallResult> = {}): CallResult => ({
  key: call.key,
  question: call.question,
  role: call.role,
  purpose: call.purpose,
  model: call.role,
  answer: 'yes',
  finish: 'stop',
  latency_ms: 5,
  input_tokens: 2,
  output_tokens: 1,
  ...more,
})
const failed = ({ key, question, role, purpose }: Call, error: string): CallFailure => ({
  key,
  question,
  role,
  purpose,
  error,
})

async function rows(
  records: (CallResult | CallFailure)[],
  more: Partial<AssembleOptions> = {},
  questions = [questionOf(1)],
) {
  const all = outcomeRows({
    questions: (async function* () {
      yield* questions
    })(),
    setup,
    journal: memoryJournal(records),
    prices,
    score: (answer, references) => (references.includes(answer) ? 1 : 0.25),
    ...more,
  })
  const found: Row[] = []
  for await (const row of all) found.push(JSON.parse(JSON.stringify(row)) as Row)
  return found
}

const { small, large, verifications } = planner(setup)(questionOf(1))
const verdicts = ['Correct', 'incorrect', ' Correct']
const judged = (texts = verdicts) =>
  verifications('yes').map((call, i) =>
    done(call, call.purpose === 'p_true' ? { p_true: 0.8, latency_ms: 2 } : { answer: texts[i], latency_ms: 7 + i }),
  )

test('a row holds both answers, what they cost and took, and the signals of the small one', async () => {
  const signals = { mean_logprob: -0.5 }
  const [row] = await rows([
    done(small, { signals, top_k: 5 }),
    done(large, { answer: 'no', finish: 'length' }),
    ...judged(),
  ])
  expect(row).toEqual({
    id: 'q1',
    question: 'question 1?',
    gold: 'yes',
    small: {
      model: 'small',
      answer: 'yes',
      quality: 1,
      cost: 3,
      latency_ms: 5,
      input_tokens: 2,
      output_tokens: 1,
      finish: 'stop',
      top_k: 5,
      temperature: 0,
      signals: { mean_logprob: -0.5, self_verification: 2 / 3, p_true: 0.8 },
    },
    large: {
      model: 'large',
      answer: 'no',
      quality: 0.25,
      cost: 10,
      latency_ms: 5,
      input_tokens: 2,
      output_tokens: 1,
      finish: 'length',
    },
    // Four calls, the longest of which took 9 ms.
    verify: { cost: 12, latency_ms: 9, samples: ['Correct', 'incorrect', 'Correct'] },
  })
})

test('what verifying costs is no part of what the answer costs', async () => {
  const [plain] = await rows([done(small), done(large)], { setup: setupOf() })
  expect(plain.verify).toBeUndefined()
  expect(plain.small?.cost).toBe(3)
})

test('verdicts that cannot be read leave the signal out, and stand in the row', async () => {
  const [row] = await rows([
    done(small),
    done(large),
    ...judged(['hm', '', 'yes']).map((call) => ({ ...call, p_true: undefined })),
  ])
  expect(row.small?.signals).toEqual({})
  expect(row.verify?.samples).toEqual(['hm', '', 'yes'])
})

test('group, data set and several right answers go along', async () => {
  const question = { ...questionOf(1, { group: 'd1', dataset: 'set' }), references: ['yes', 'aye'] }
  const [row] = await rows([done(small), done(large), ...judged()], {}, [question])
  expect(row).toMatchObject({ group: 'd1', dataset: 'set', gold: ['yes', 'aye'] })
})

test('an empty cell for a group is none', async () => {
  for (const group of ['', null]) {
    const [row] = await rows([done(small), done(large), ...judged()], {}, [questionOf(1, { group })])
    expect(row).not.toHaveProperty('group')
  }
})

test('a question that is not answered as a whole has no row', async () => {
  expect(await rows([])).toEqual([])
  expect(await rows([done(small), ...judged()])).toEqual([])
  expect(await rows([done(large)])).toEqual([])
  expect(await rows([done(small), done(large), ...judged().slice(1)])).toEqual([])
})

test('a question with a failed call has a row with the error, and no quality where there is no answer', async () => {
  const [row] = await rows([done(small), failed(large, 'HTTP 500'), ...judged()])
  expect(row.error).toBe('large: HTTP 500')
  expect(row.small?.quality).toBe(1)
  expect(row).not.toHaveProperty('large')
  const [first] = await rows([failed(small, 'HTTP 400'), failed(large, 'HTTP 500')])
  expect(first).toEqual({ id: 'q1', question: 'question 1?', gold: 'yes', error: 'small: HTTP 400' })
  const [verified] = await rows([
    done(small),
    done(large),
    ...judged().slice(1),
    failed(verifications('yes')[0], 'cut off'),
  ])
  expect(verified.error).toBe('verify: cut off')
  expect(verified.small?.signals).toEqual({})
  expect(verified.verify?.cost).toBe(9)
  expect(verified.large?.quality).toBe(1)
})

test('a failure that was made good leaves no error', async () => {
  const [row] = await rows([failed(large, 'HTTP 500'), done(small), done(large), ...judged()])
  expect(row.error).toBeUndefined()
})

test('another price and another scorer follow from the same calls', async () => {
  const records = [done(small), done(large), ...judged()]
  const [row] = await rows(records, {
    prices: { small: { call: 1 }, large: { input: 0, output: 5e6 } },
    score: async () => 0.5,
  })
  expect([row.small?.cost, row.large?.cost, row.verify?.cost]).toEqual([1, 5, 4])
  expect([row.small?.quality, row.large?.quality]).toEqual([0.5, 0.5])
})

test('the second of two equal questions has its own calls', async () => {
  const plan = planner(setupOf())
  const [one, two] = [plan(questionOf(1)), plan(questionOf(1))]
  const records = [done(one.small, { answer: 'a' }), done(one.large), done(two.small, { answer: 'b' }), done(two.large)]
  const found = await rows(records, { setup: setupOf() }, [questionOf(1), questionOf(1)])
  expect(found.map((row) => row.small?.answer)).toEqual(['a', 'b'])
})
