import { describe, expect, test } from 'vitest'
import { choiceScore } from '../../src/scoring/choice.ts'

const score = choiceScore()
const letters = ['A', 'B', 'C', 'D', 'E', 'I']
const cities = { choices: ['London', 'Paris', 'New York', 'New York City'] }

describe('without the texts of the choices', () => {
  test.each([
    // An answer and the letter it chooses.
    ['B', 'B'],
    ['b', 'B'],
    ['(B)', 'B'],
    ['[B]', 'B'],
    ['B.', 'B'],
    ['**B**', 'B'],
    ['**B.** because', 'B'],
    ['$B$', 'B'],
    ['Ｂ', 'B'],
    ['\\boxed{D}', 'D'],
    ['Answer: B', 'B'],
    ['ANSWER: c', 'C'],
    ['Answer:\n\nB', 'B'],
    ['A: B', 'B'],
    ['A: something', 'A'],
    ['The answer is (b).', 'B'],
    ['The correct option is C.', 'C'],
    ['The correct answer is option C', 'C'],
    ['The answer is B. No wait, the answer is C', 'C'],
    ['Answer: I think B', 'B'],
    ['The answer is a dog', undefined],
    ['b) a dog', 'B'],
    ['I think it is (C) because of B', 'C'],
    ['I choose D', 'D'],
    ['I', 'I'],
    ['A dog ate it', undefined],
    ['(A) or (B)', undefined],
    ['(a) and (b)', undefined],
    ['The answer is A or B', undefined],
    ['Answer: B, C', undefined],
    ['Answer: B, I think', 'B'],
    ['B. A dog', 'B'],
    ['I would choose A.', 'A'],
    ['', undefined],
    ['😀', undefined],
  ])('%j chooses %s', (answer, letter) => {
    for (const each of letters) expect(score(answer, [each], {})).toBe(each === letter ? 1 : 0)
  })
})

describe('with them', () => {
  test.each([
    ['Paris', 'B'],
    ['paris.', 'B'],
    ['It is Paris, of course', 'B'],
    ['I went to New York City', 'D'],
    ['Not London.\nThe answer is Paris.', 'B'],
    ['A: Paris', 'B'],
    ['Paris or London', undefined],
    ['E', undefined],
    ['Parisian', undefined],
  ])('%j chooses %s', (answer, letter) => {
    for (const each of ['A', 'B', 'C', 'D']) expect(score(answer, [each], cities)).toBe(each === letter ? 1 : 0)
  })
})

describe('a reference', () => {
  test('is a letter, an index from 0 or the text of a choice', () => {
    for (const reference of ['B', '(b)', '1', 'paris']) expect(score('B', [reference], cities)).toBe(1)
  })
  test('that is both an index and a text is an index, unless the options say text', () => {
    const digits = { choices: ['1', '2', '3'] }
    expect(score('B', ['1'], digits)).toBe(1)
    expect(choiceScore({ gold: 'text' })('A', ['1'], digits)).toBe(1)
  })
  test('that is none of the choices is refused, unless another one is', () => {
    expect(() => score('B', ['Rome'], cities)).toThrow('"Rome" is none of the choices')
    expect(() => score('B', ['Rome'], {})).toThrow('the row has no list of choices')
    expect(score('B', ['Rome', 'Paris'], cities)).toBe(1)
  })
})
