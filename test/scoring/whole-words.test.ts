import { expect, test } from 'vitest'
import { wholeWords } from '../../src/scoring/whole-words.ts'

const found = (text: string, words: string[]) => wholeWords(text, words).map(({ word, start }) => `${start}:${word}`)

test('a word inside another is not found', () => {
  expect(found('know no 2no no2 noñ no\u0301 no', ['no'])).toEqual(['5:no', '24:no'])
})
test('a letter beyond the basic plane is a letter, an emoji is none', () => {
  expect(found('𝐀no no𝐀 😀no😀', ['no'])).toEqual(['12:no'])
})
test('the longest of the words that begin together is found, and none that overlaps it', () => {
  expect(found('new york city hall', ['york', 'new york', 'city', 'new york city'])).toEqual(['0:new york city'])
})
test('signs of regular expressions are plain text, and an empty word is none', () => {
  expect(found('c++ or c.', ['c++', 'c.', ''])).toEqual(['0:c++', '7:c.'])
})
