import fc from 'fast-check'
import { expect, test } from 'vitest'
import { trimmedAnswer, trimmer } from '../../../src/gateway/wire/quick-trim.ts'
import { trimmed, type Trim } from '../../../src/gateway/wire/trim.ts'
import { answerParser } from '../../../src/models/openai/answer-json.ts'
import { answers, damaged, spaces } from '../../support/listed-answers.ts'

const trims = fc.constantFrom<Trim[]>(
  {},
  { logprobs: 'all' },
  { logprobs: 'all', usage: true },
  { usage: true },
  { logprobs: 1, usage: true },
)
const textOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1')
const latin = (json: string) => Buffer.from(json).toString('latin1')
const slowly = (json: string, trim: Trim) => textOf(trimmed(Buffer.from(json, 'latin1'), trim))

test('the values of an answer are trimmed as each by itself', () => {
  fc.assert(
    fc.property(answers, spaces, trims, (values, space, trim) => {
      const trimOne = trimmer(trim)
      for (const value of values) {
        const json = latin(JSON.stringify(value, null, space))
        expect(trimOne(json)).toBe(slowly(json, trim))
      }
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['[]', '[{"token":"a","logprob":-1}]'],
  ['[{"token":"a","logprob":-1}] ', '[{"token":"a","logprob":-1}]'],
  ['[1]', '[{"token":"a","logprob":-1}]'],
])('a second choice stays, whatever the list of the first: %s', (first, second) => {
  const choice = (index: number, list: string) =>
    `{"index":${index},"delta":{"content":"b"},"logprobs":{"content":${list}},"finish_reason":null}`
  const trim: Trim = { logprobs: 'all' }
  const trimOne = trimmer(trim)
  trimOne(`{"choices":[${choice(0, second)}]}`)
  const json = `{"choices":[${choice(0, first)},${choice(1, second)}]}`
  expect(trimOne(json)).toBe(slowly(json, trim))
  expect(trimOne(json)).toContain('"index":1')
})

test('what is no JSON any more is left as it would be by itself', () => {
  const texts = fc.tuple(answers, spaces).map(([[value], space]) => latin(JSON.stringify(value, null, space)))
  fc.assert(
    fc.property(texts, damaged(texts), trims, (before, json, trim) => {
      const trimOne = trimmer(trim)
      trimOne(before)
      expect(trimOne(json)).toBe(slowly(json, trim))
    }),
    { numRuns: 5000 },
  )
})

test('a whole answer is trimmed byte for byte', () => {
  const logprobs = { content: [{ token: 'é', logprob: -1, bytes: [195, 169], top_logprobs: [] }], refusal: null }
  const answer = (told: object | null) =>
    Buffer.from(JSON.stringify({ choices: [{ message: { content: 'é "' }, logprobs: told }], usage: { n: 1 } }))
  expect(Buffer.from(trimmedAnswer(answer(logprobs), { logprobs: 'all' }))).toEqual(answer(null))
  const bytes = answer(logprobs)
  expect(trimmedAnswer(bytes, {})).toBe(bytes)
})

test('an answer whose list of tokens is known is trimmed as any other', () => {
  const whole = fc.tuple(answers, spaces).map(([[value], space]) => latin(JSON.stringify(value, null, space)))
  fc.assert(
    fc.property(whole, trims, (json, trim) => {
      let list: { start: number; end: number } | undefined
      answerParser('none', (start, end) => (list = { start, end }))(json)
      const bytes = Buffer.from(json, 'latin1')
      expect(textOf(trimmedAnswer(bytes, trim, list))).toBe(slowly(json, trim) ?? json)
    }),
    { numRuns: 1000 },
  )
})
