import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerParser } from '../../../src/models/openai/answer-json.ts'
import { answers, damaged, spaces } from '../../support/listed-answers.ts'

/** A value but for what may be left out of it: ids of tokens, and of alternatives all but what counts, or they all. */
function plain(value: unknown, alternatives: boolean): unknown {
  return JSON.parse(JSON.stringify(value), (key, each: unknown) => {
    if (key === 'top_logprobs' && Array.isArray(each))
      return alternatives ? each.map(({ token, logprob }: Record<string, unknown>) => ({ token, logprob })) : undefined
    const token = typeof each === 'object' && each !== null && 'token' in each && 'id' in each
    return token ? Object.fromEntries(Object.entries(each).filter(([name]) => name !== 'id')) : each
  })
}

test('the values of an answer are those of JSON.parse, one after the other', () => {
  fc.assert(
    fc.property(answers, spaces, fc.boolean(), (values, space, alternatives) => {
      const parse = answerParser(alternatives)
      for (const value of values) {
        const json = JSON.stringify(value, null, space)
        expect(plain(parse(json), alternatives)).toEqual(plain(JSON.parse(json), alternatives))
      }
    }),
    { numRuns: 2000 },
  )
})

test('what is damaged is as JSON.parse has it, be it an error', () => {
  const texts = fc.tuple(answers, spaces).map(([[value], space]) => JSON.stringify(value, null, space))
  fc.assert(
    fc.property(texts, damaged(texts), fc.boolean(), (before, json, alternatives) => {
      const parse = answerParser(alternatives)
      parse(before)
      const attempt = (read: (json: string) => unknown) => {
        try {
          return plain(read(json), alternatives)
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
  const parse = answerParser(false)
  const first = parse(piece('a', -1))
  expect(parse(piece('b "\u00e9', -2))).toBe(first)
  expect(first).toEqual(JSON.parse(piece('b "\u00e9', -2)))
  expect(parse(piece('c', -3, { usage: null }))).not.toBe(first)
})
