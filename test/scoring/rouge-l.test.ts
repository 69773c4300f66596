import { expect, test } from 'vitest'
import { rougeLScore } from '../../src/scoring/rouge-l.ts'

test.each([
  // Lin 2004, section 3: S1 "police killed the gunman" against S2, S3 and S4.
  ['police kill the gunman', 'police killed the gunman', 3 / 4],
  ['the gunman kill police', 'police killed the gunman', 2 / 4],
  ['the gunman police killed', 'police killed the gunman', 2 / 4],
  // the, quick, brown, jumps, the of 8 and 9 tokens.
  ['The quick brown dog jumps on the log.', 'The quick brown fox jumps over the lazy dog', (2 * 5) / (8 + 9)],
  ['testing one two', 'testing', (2 * 1) / 4],
  ["Don't!", 'don t', 1],
  ['', 'word', 0],
  ['word', '', 0],
  ['', '', 1],
  ['مرحبا بالعالم', ' مرحبا بالعالم', 1],
  ['مرحبا', 'سلام', 0],
  ['😀', '😀', 1],
])('%j against %j scores %f', (answer, reference, expected) => {
  expect(rougeLScore(answer, [reference], {})).toBeCloseTo(expected, 12)
})
