import { expect, test } from 'vitest'
import { exactScore } from '../../src/scoring/exact.ts'

test.each([
  ['The Broncos!', 'broncos', 1],
  ['Broncos of Denver', 'Denver Broncos', 0],
  ['  new   york ', 'New York', 1],
  ['', 'the', 1],
  ['', 'cat', 0],
  ['😀', '😀', 1],
])('%j against %j scores %i', (answer, reference, expected) => {
  expect(exactScore(answer, [reference], {})).toBe(expected)
})

test('one of several references is enough', () => {
  expect(exactScore('Paris', ['London', 'paris'], {})).toBe(1)
})
