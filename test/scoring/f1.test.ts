import { expect, test } from 'vitest'
import { f1Score } from '../../src/scoring/f1.ts'

test.each([
  // Worked by hand: shared words, then 2 · shared / (words + words).
  ['The Denver Broncos', 'Denver Broncos', 1],
  ['Denver Broncos won', 'the Denver Broncos', 4 / 5],
  ['gold', 'golden', 0],
  ['the the cat cat', 'cat', 2 / 3],
  ['in the year 1066, at Hastings', '1066', 2 / 6],
  ['Above the barn near a farm house.', 'in a barn', 2 / 7],
  ['the', '', 1],
  ['', '', 1],
  ['', 'cat', 0],
  ['cat', '', 0],
])('%j against %j scores %f', (answer, reference, expected) => {
  expect(f1Score(answer, [reference], {})).toBeCloseTo(expected, 12)
})

test('the best reference counts', () => {
  expect(f1Score('Santa Clara', ['California', 'Santa Clara, California', "Levi's Stadium"], {})).toBeCloseTo(4 / 5, 12)
})
