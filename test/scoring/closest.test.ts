import { expect, test } from 'vitest'
import { closest } from '../../src/scoring/closest.ts'

test.each([
  ['rougel', 'rouge-l'],
  ['nmber', 'number'],
  ['F1', 'f1'],
  ['ex', 'exact'],
  ['zzz', undefined],
  ['', undefined],
])('%j may mean %s', (word, name) => {
  expect(closest(word, ['f1', 'f1-study', 'exact', 'rouge-l', 'number'])).toBe(name)
})
