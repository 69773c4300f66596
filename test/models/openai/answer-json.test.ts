import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerParser } from '../../../src/models/openai/answer-json.ts'
import type { Alternatives } from '../../../src/models/openai/listed-tokens.ts'
import { answers, damaged, spaces } from '../../support/listed-answers.ts'

/** A value but for what may be left out of it: ids of tokens, and what is not wanted of alternatives. */
function plain(value: unknown, alternatives: Alternatives): unknown {
  return JSON.parse(JSON.stringify(value), (key, each: unknown) => {
    if (key === 'top_logprobs' && Array.isArray(each)) return alternatives === 'none' ? undefined : each
    if (typeof each !== 'object' || each === null || !('logprob' in each)) return each
    const { id: _, ...token } = each as Record<string, unknown>
    return token
  })
}

/** A value as it is read where only log-probabilities of alternatives are wanted. */
const logprobsOnly = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    key === 'top_logprobs' && Array.isArray(each)
      ? each.map(({ logprob }: Record<string, unknown>) => ({ logprob }))
      : each,
  )

const wanted = fc.constantFrom<Alternatives[]>('none', 'logprobs', 'texts')
const comparable = (value: unknown, alternatives: Alternatives): unknown =>
  plain(alternatives === 'logprobs' ? logprobsOnly(value) : value, alternatives)

test('the values of an answer are those of JSON.parse, one after the other', () => {
  fc.assert(
    fc.property(answers, spaces, wanted, (values, space, alternatives) => {
      const parse = answerParser(alternatives)
      for (const value of values) {
        const json = JSON.stringify(value, null, space)
        expect(comparable(parse(json), alternatives)).toEqual(comparable(JSON.parse(json), alternatives))
      }
    }),
    { numRuns: 2000 },
  )
})

test('what is damaged is as JSON.parse has it, be it an error', () => {
  const texts = fc.tuple(answers, spaces).map(([[value], space]) => JSON.stringify(value, null, space))
  fc.assert(
    fc.property(texts, damaged(texts), wanted, (before, json, alternatives) => {
      const parse = answerParser(alternatives)
      parse(before)
      const attempt = (read: (json: string) => unknown) => {
        try {
          return comparable(read(json), alternatives)
        } catch {
          return 'no JSON'
        }
      }
      expect(attempt(parse)).toEqual(attempt(JSON.parse))
    }),
    { numRuns: 5000 },
  )
})

const piece = (content: string, logprob: number, more: object = {}) =>
  JSON.stringify({
    choices: [{ index: 0, delta: { content }, logprobs: { content: [{ token: content, logprob }] } }],
    ...more,
  })

test('pieces that differ in a text and its tokens alone need no parsing', () => {
  const parse = answerParser('none')
  const first = parse(piece('a', -1))
  expect(parse(piece('b "\u00e9', -2))).toBe(first)
  expect(first).toEqual(JSON.parse(piece('b "\u00e9', -2)))
  expect(parse(piece('c', -3, { usage: null }))).not.toBe(first)
})
