import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import { decide } from '../../src/core/policy/decide.ts'
import { always, keepWhen, keepWithin, type Policy } from '../../src/core/policy/policy.ts'
import { chat, startGateway, textOf } from '../support/gateway.ts'
import { upstream, type Said } from '../support/upstream.ts'

const gain: Policy = {
  version: 1,
  predictedGain: {
    constant: 0.1,
    terms: [
      {
        signal: 'mean_logprob',
        points: [
          [-3, 0.4],
          [0, -0.4],
        ],
      },
    ],
  },
  escalateAbove: 0.05,
  onMissing: 'escalate',
}

const policies: [string, Policy][] = [
  ['a mean', keepWhen([{ signal: 'mean_logprob', atLeast: -1 }])],
  ['a mean of the first tokens', keepWhen([{ signal: 'mean_logprob_at_3', atLeast: -1 }])],
  ['a smallest value', keepWhen([{ signal: 'min_logprob', atLeast: -2 }])],
  ['a margin', keepWhen([{ signal: 'min_margin', atLeast: 0.1 }])],
  [
    'two conditions',
    keepWhen([
      { signal: 'perplexity', atMost: 3 },
      { signal: 'length', atMost: 6 },
    ]),
  ],
  ['a range', keepWithin('sum_logprob', [{ atLeast: -4, below: -1 }, { atLeast: -0.5 }])],
  ['a mean that may be missing', keepWhen([{ signal: 'mean_logprob', atLeast: -1 }], 'keep')],
  ['words of the answer', keepWhen([{ signal: 'answer_words', atMost: 4 }])],
  ['a predicted gain', gain],
  ['nothing', always('keep')],
]

const smallAnswer = fc.record({
  words: fc.array(fc.tuple(fc.constantFrom('a', ' b', 'é', '🙂 '), fc.double({ min: -4, max: 0, noNaN: true })), {
    maxLength: 9,
  }),
  tokensAnEvent: fc.constantFrom(1, 2, 20),
  bytesAtATime: fc.constantFrom(undefined, undefined, 100),
  logprobs: fc.constantFrom<Said['logprobs']>('told', 'told', 'told', 'null', 'nan'),
})
const limit = fc.constantFrom(undefined, 9, 12, 100)

const ways = [
  { stream: false, mode: 'buffer' },
  { stream: true, mode: 'buffer' },
  { stream: true, mode: 'early' },
] as const

/** What the decision log's line says, decided on again. */
function replayed(policy: Policy, record: DecisionRecord) {
  const line = JSON.parse(JSON.stringify(record)) as DecisionRecord
  const { action, ...why } = decide(policy, line.signals ?? {})
  return { decision: action, ...why }
}

const told = ({ decision, reason, signal }: DecisionRecord) =>
  signal === undefined ? { decision, reason } : { decision, reason, signal }

test.each(policies)('by %s, each way of asking decides as the log says, and as the others', async (_, policy) => {
  let said: Said = {}
  const [small, large] = [await upstream(() => said), await upstream(() => ({ words: [['large', -1]] }))]
  const { ask, records } = await startGateway({
    small: small.url,
    large: large.url,
    policy,
    keep: { alternatives: 2 },
    cascade: { speculateAfter: 3 },
  })
  await fc.assert(
    fc.asyncProperty(smallAnswer, limit, async (answer, most) => {
      said = answer
      records.length = 0
      const whole = answer.words.map(([word]) => word).join('')
      for (const { stream, mode } of ways) {
        const wish = chat({ stream, ...(most === undefined ? {} : { max_tokens: most }) })
        const reply = await ask(wish, { headers: { 'x-spillway-mode': mode } })
        const record = records.at(-1)!
        expect(told(record)).toEqual(replayed(policy, record))
        expect(textOf(reply)).toBe(record.decision === 'keep' ? whole : 'large')
      }
      expect(new Set(records.map(({ decision }) => decision)).size).toBe(1)
      expect(records.length).toBe(ways.length)
    }),
    { numRuns: 40, seed: 7 },
  )
})

test('an answer is left as soon as it can only be escalated, and the log still gives the decision', async () => {
  const words = ['no', 'a', 'b', 'c'].map((word, i) => [word, i === 0 ? -9 : -0.1] as const)
  const [small, large] = [await upstream(() => ({ words, ends: 'stall', after: 3 })), await upstream()]
  const policy = keepWhen([{ signal: 'mean_logprob', atLeast: -0.5 }])
  const { ask, records } = await startGateway({ small: small.url, large: large.url, policy })
  await ask(chat({ stream: true, max_tokens: 4 }))
  const [record] = records
  expect(record).toMatchObject({ outcome: 'escalated', censored: true, calls: [{ result: 'aborted' }, {}] })
  expect(record.signals).toEqual({ mean_logprob: { upper: expect.any(Number) } })
  expect(told(record)).toEqual(replayed(policy, record))
  await expect.poll(() => small.asked[0].left).toBe(true)
})
