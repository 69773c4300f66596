import { expect, test } from 'vitest'
import { regexScore } from '../../src/scoring/regex.ts'

test('a pattern matches anywhere unless it is anchored', () => {
  expect(regexScore()('about 42 m', [String.raw`\d+`], {})).toBe(1)
  expect(regexScore()('about 42 m', [String.raw`^\d+$`], {})).toBe(0)
  expect(regexScore()('', ['^$'], {})).toBe(1)
})
test('flags change how it matches', () => {
  expect(regexScore()('PARIS', ['paris'], {})).toBe(0)
  expect(regexScore({ flags: 'i' })('PARIS', ['paris'], {})).toBe(1)
  expect(regexScore({ flags: 'u' })('😀', ['^.$'], {})).toBe(1)
})
test('one of several patterns is enough', () => {
  expect(regexScore()('b', ['^a$', '^b$'], {})).toBe(1)
})
test('an invalid pattern is named', () => {
  expect(() => regexScore()('x', ['(a'], {})).toThrow(
    expect.objectContaining({
      code: 'bad-input',
      message: expect.stringContaining('the reference "(a" is no pattern'),
    }),
  )
})
test('flags that keep a place, and flags that exclude each other, are refused', () => {
  for (const flags of ['g', 'y', 'ii', 'uv', 'x'])
    expect(() => regexScore({ flags })).toThrow(expect.objectContaining({ code: 'usage' }))
})
