import { expect, test } from 'vitest'
import { squadWords } from '../../src/scoring/squad-words.ts'

test.each([
  ['The cat sat on a mat.', 'cat sat on mat'],
  ["Denver's (2nd) win", 'denvers 2nd win'],
  ['a, an; the!', ''],
  ['theatre another bath', 'theatre another bath'],
  ['well-known a_b', 'wellknown ab'],
  // Articles go after punctuation, as in the official script: "a." is one, "a-team" none.
  ['Plan a. The a-team', 'plan ateam'],
  // ASCII punctuation alone goes; a dash of another kind joins its neighbours into one word.
  ['No—she “left”', 'no—she “left”'],
  // The word boundary is that of Python, which knows letters beyond ASCII.
  ['año a ñandú', 'año ñandú'],
  ['THE É', 'é'],
  ['a\u001Cb\u0085c\u00A0d\u3000e\uFEFF', 'b c d e\uFEFF'],
  ['القط جلس، هنا.', 'القط جلس، هنا'],
  ['😀 the 😀!', '😀 😀'],
  ['', ''],
])('the words of %j are %j', (text, expected) => {
  expect(squadWords(text).join(' ')).toBe(expected)
})
