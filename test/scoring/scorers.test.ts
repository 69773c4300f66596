import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SpillwayError } from '../../src/core/errors.ts'
import { scorers, type ScorerDefinition, type ScorerName } from '../../src/scoring/scorers.ts'

const needed: Partial<Record<string, Record<string, string>>> = { json: { field: 'a' } }
const all = Object.entries<ScorerDefinition>(scorers).map(
  ([name, { make }]) => [name, make(needed[name] ?? {})] as const,
)

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('yes', 'no', 'not', 'the', 'B', '(c)', '42', '-1,5', '3/4', '%', '{"a": 1}', 'answer is', '.'),
    )
    .map((parts) => parts.join(' ')),
)

describe.each(all)('%s', (name, score) => {
  test('gives a quality in [0, 1] or says what is wrong with the reference', () => {
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 3 }), (answer, references) => {
        try {
          const quality = score(answer, references, { choices: ['x', 'the', '42'] })
          expect(quality).toBeGreaterThanOrEqual(0)
          expect(quality).toBeLessThanOrEqual(1)
        } catch (error) {
          if (!SpillwayError.is(error)) throw error
          expect(error.code).toBe('bad-input')
        }
      }),
    )
  })

  test.each([
    'word '.repeat(40_000),
    'a'.repeat(200_000),
    '!'.repeat(200_000),
    '('.repeat(200_000),
    ' '.repeat(200_000),
    '9'.repeat(200_000),
    '1,'.repeat(100_000),
    'yes or '.repeat(30_000),
    'answer is '.repeat(20_000),
    '{"a":'.repeat(40_000),
    '😀'.repeat(100_000),
    'שלום '.repeat(40_000),
  ])(
    'takes a moment at most for a very long answer (%#)',
    (answer) => {
      const quality = score(answer, [name === 'regex' ? '^x' : '1'], {})
      expect(quality).toBeGreaterThanOrEqual(0)
      expect(quality).toBeLessThanOrEqual(1)
    },
    5000,
  )
})

const textScorers = ['f1', 'f1-study', 'exact', 'rouge-l', 'label'] as const satisfies ScorerName[]

test.each(textScorers)('%s gives 1 to an answer that is the reference', (name) => {
  const score = scorers[name].make({})
  fc.assert(
    fc.property(text, fc.array(text), (same, others) => {
      expect(score(same, [...others, same], {})).toBe(1)
    }),
  )
})

test.each(['f1', 'f1-study', 'exact', 'rouge-l'] as const)('%s is symmetric', (name) => {
  const score = scorers[name].make()
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(score(a, [b], {})).toBe(score(b, [a], {}))
    }),
  )
})

test.each(textScorers)('%s of several references is the highest of each', (name) => {
  const score = scorers[name].make({})
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 4 }), (answer, references) => {
      const each = references.map((reference) => score(answer, [reference], {}))
      expect(score(answer, references, {})).toBe(Math.max(...each))
    }),
  )
})

test('every summary and every option fit on a line', () => {
  for (const { summary, options } of Object.values<ScorerDefinition>(scorers))
    for (const line of [summary, ...Object.values(options)]) {
      expect(line.length).toBeLessThanOrEqual(100)
      expect(line).not.toContain('\n')
    }
})
