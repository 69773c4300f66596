import { expect, test } from 'vitest'
import { answerSignals } from '../../../src/core/signals/answer.ts'
import { signals } from '../../../src/core/signals/signals.ts'

test.each([
  // An answer, its words, whether it refuses, whether it is one of few labels.
  ['Paris', 1, 0, 0],
  ['in the  garden,\nbehind the house', 6, 0, 0],
  ['  42 ', 1, 0, 0],
  ['', 0, 1, 0],
  [' \n\t', 0, 1, 0],
  ['Unanswerable', 1, 1, 0],
  ['unanswerable.', 1, 1, 0],
  ['unknown', 1, 1, 0],
  ['None', 1, 1, 0],
  ['N/A', 1, 1, 0],
  ['Not mentioned in the text', 5, 1, 0],
  ['not enough information', 3, 1, 0],
  ['No answer', 2, 1, 0],
  ["I don't know", 3, 1, 0],
  ['I don’t know', 3, 1, 0],
  ['I cannot answer this.', 4, 1, 0],
  ["I'm sorry, but", 3, 1, 0],
  ['Sorry, no idea', 3, 1, 0],
  ['The passage does not say', 5, 1, 0],
  ['The article does not mention it', 6, 1, 0],
  ['There is no information', 4, 1, 0],
  ['There is not enough context', 5, 1, 0],
  ['It is not stated', 4, 1, 0],
  ['It is unclear', 3, 1, 0],
  ['it is unknown', 3, 1, 0],
  ['Cannot be determined', 3, 1, 0],
  ['"Unanswerable"', 1, 1, 0],
  ['The answer is unknown', 4, 0, 0],
  ['Nonetheless, it is blue', 4, 0, 0],
  ['Unknown Pleasures', 2, 0, 0],
  ["I don't like it", 4, 0, 0],
  ['I think so', 3, 0, 0],
  ['It is blue', 3, 0, 0],
  ['Not far', 2, 0, 0],
  ['yes', 1, 0, 1],
  ['Yes.', 1, 0, 1],
  ['NO!', 1, 0, 1],
  ['True', 1, 0, 1],
  ['B', 1, 0, 1],
  ['(c)', 1, 0, 1],
  ['d).', 1, 0, 1],
  ['entailment', 1, 0, 1],
  ['Neither;', 1, 0, 1],
  ['yes, he did', 3, 0, 0],
  ['No one', 2, 0, 0],
  ['F', 1, 0, 0],
  ['Both of them', 3, 0, 0],
])('%j has %i words, refuses: %i, is a label: %i', (text, words, refusal, label) => {
  expect(answerSignals(text)).toEqual({ answer_words: words, answer_refusal: refusal, answer_label: label })
})

test('every fact about an answer is a signal by that name, marked so', () => {
  const names = Object.keys(answerSignals('x')) as (keyof ReturnType<typeof answerSignals>)[]
  for (const name of names) expect(signals[name]).toMatchObject({ fromAnswer: true })
  const marked = Object.entries(signals).filter(([, definition]) => 'fromAnswer' in definition)
  expect(marked.map(([name]) => name).toSorted()).toEqual(names.toSorted())
})
