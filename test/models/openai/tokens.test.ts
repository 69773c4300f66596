import { expect, test } from 'vitest'
import { tokenReader } from '../../../src/models/openai/tokens.ts'

const entry = (logprob: unknown, top?: unknown[]) => ({
  token: 'a',
  logprob,
  bytes: [97],
  ...(top ? { top_logprobs: top.map((each) => ({ token: 'b', logprob: each })) } : {}),
})
const stepOf = (value: unknown, k?: number) => tokenReader(k).entries([value])[0].step
const alternatives = (logprob: number, top: unknown[], k?: number) => stepOf(entry(logprob, top), k).alternatives

test('what a server does not tell is absent', () => {
  expect(stepOf(entry(null))).toStrictEqual({ text: 'a' })
  expect(stepOf({})).toStrictEqual({})
  expect(stepOf(null)).toStrictEqual({})
})

test('a placeholder for a very unlikely token is no log-probability', () => {
  expect(stepOf(entry(-9999))).toStrictEqual({ text: 'a' })
  expect(stepOf(entry(-3.4028234663852886e38))).toStrictEqual({ text: 'a' })
})

test('a log-probability above 0 is rounding, or none', () => {
  expect(stepOf(entry(1.2e-7)).logprob).toBe(0)
  expect(stepOf(entry(0.7)).logprob).toBeUndefined()
})

test('alternatives are sorted, most likely first', () => {
  expect(alternatives(-1, [-3, -1, -2])).toEqual([-1, -2, -3])
})

test('alternatives beyond those that were asked for are left out', () => {
  expect(alternatives(-5, [-5, -0.5, -2], 2)).toEqual([-0.5, -2])
  expect(alternatives(-0.1, [-0.1, -2, -3, -4], 2)).toEqual([-0.1, -2])
})

test('a server may give fewer alternatives', () => {
  expect(alternatives(-0.1, [-0.1], 5)).toEqual([-0.1])
})

test('no alternatives are kept where none were asked for, and an empty list is none', () => {
  expect(alternatives(-0.1, [-0.1, -2], 0)).toBeUndefined()
  expect(alternatives(-0.1, [], 0)).toBeUndefined()
})

test("in vLLM's chats, a chosen token of low rank that takes the last place is left out", () => {
  expect(alternatives(-6, [-6, -0.4, -1.5], 3)).toEqual([-0.4, -1.5])
  // Ranked second, it is one of the three.
  expect(alternatives(-1.5, [-1.5, -0.4, -3], 3)).toEqual([-0.4, -1.5, -3])
})

test('completions tell tokens in columns, with gaps', () => {
  const tokens = tokenReader(2).columns({
    tokens: [' a', 'b', 'c'],
    token_logprobs: [null, -0.5, -1],
    top_logprobs: [null, { b: -0.5, x: -2, y: -3 }],
    text_offset: [0, 2, 3],
  })
  expect(tokens.map(({ step }) => step)).toStrictEqual([
    { text: ' a' },
    { text: 'b', logprob: -0.5, alternatives: [-0.5, -2] },
    { text: 'c', logprob: -1 },
  ])
})

test('columns without top_logprobs have no alternatives', () => {
  const [token] = tokenReader(1).columns({ tokens: ['a'], token_logprobs: [-1], top_logprobs: null })
  expect(token.step).toStrictEqual({ text: 'a', logprob: -1 })
})

test('the texts of alternatives are kept on request, in the order of their log-probabilities', () => {
  const top_logprobs = [
    { token: ' No', logprob: -2 },
    { token: ' Yes', logprob: -0.2 },
  ]
  const chat = { token: ' Yes', logprob: -0.2, top_logprobs }
  expect(tokenReader(2, true).entries([chat])[0].step.alternativeTexts).toEqual([' Yes', ' No'])
  expect(tokenReader(2).entries([chat])[0].step).not.toHaveProperty('alternativeTexts')
  const columns = { tokens: [' Yes'], token_logprobs: [-0.2], top_logprobs: [{ ' No': -2, ' Yes': -0.2 }] }
  expect(tokenReader(2, true).columns(columns)[0].step.alternativeTexts).toEqual([' Yes', ' No'])
})
