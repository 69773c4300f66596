import { describe, expect, test } from 'vitest'
import { labelScore } from '../../src/scoring/label.ts'

const score = labelScore()

describe('yes or no', () => {
  test.each([
    // An answer and the label it decides for.
    ['yes', 'yes'],
    ['YES!!!', 'yes'],
    ['"No"', 'no'],
    ['**No.**', 'no'],
    ['Yep', 'yes'],
    ['No, it is not', 'no'],
    ['No—she lived with her mother', 'no'],
    ['I think it would be no.', 'no'],
    ['Yes, no doubt', 'yes'],
    ['There is no doubt: yes', 'yes'],
    ['The answer is not yes', 'no'],
    ['Some say no. The answer is yes', 'yes'],
    ['True', 'yes'],
    ['That is false.', 'no'],
    ['It is true that there is none, so no', 'no'],
    ['yes or no', undefined],
    ['Yes and no', undefined],
    ['yes/no', undefined],
    ['No idea', undefined],
    ['I know that yesterday', undefined],
    ['', undefined],
    ['\u200F', undefined],
    ['😀', undefined],
  ])('%j is %s', (answer, label) => {
    for (const each of ['yes', 'no']) expect(score(answer, [each], {})).toBe(each === label ? 1 : 0)
  })
})

describe('true or false', () => {
  test.each([
    ['True.', 'true'],
    ['It is not true.', 'false'],
    ['This isn’t really true', 'false'],
    ['There is no contradiction, it is true', 'true'],
    ['untrue', 'false'],
    ['Yes', 'true'],
    ['no', 'false'],
    ['either true or false', undefined],
  ])('%j is %s', (answer, label) => {
    for (const each of ['true', 'FALSE']) expect(score(answer, [each], {})).toBe(each.toLowerCase() === label ? 1 : 0)
  })
})

describe('entailment, contradiction or neutral', () => {
  test.each([
    ['Entailment', 'entailment'],
    ['The text entails it.', 'entailment'],
    ['not entailment', undefined],
    ['No contradiction.', undefined],
    ['It is not a contradiction, it is an entailment.', 'entailment'],
    ['It does not entail it; it contradicts it', 'contradiction'],
    ['Not mentioned', 'neutral'],
    ['not_mentioned', 'neutral'],
    ['The clause is **not mentioned** here', 'neutral'],
    ["It isn't mentioned", 'neutral'],
    ['neither entailment nor contradiction', 'neutral'],
    ['entailment, contradiction or neutral', undefined],
    ['entailment/contradiction/neutral: neutral', 'neutral'],
    ['It may be a contradiction. Label: neutral', 'neutral'],
  ])('%j is %s', (answer, label) => {
    for (const each of ['entailment', 'contradiction', 'neutral'])
      expect(score(answer, [each], {})).toBe(each === label ? 1 : 0)
  })

  test('a reference may be a synonym: NotMentioned of ContractNLI is neutral', () => {
    expect(score('neutral', ['NotMentioned'], {})).toBe(1)
    expect(score('Not mentioned.', ['NotMentioned'], {})).toBe(1)
  })
})

describe("a user's labels", () => {
  test('synonyms for known labels join the default sets', () => {
    const own = labelScore({ labels: { NotMentioned: ['unknown'], yes: ['aye'] } })
    expect(own('unknown', ['neutral'], {})).toBe(1)
    expect(own('Aye!', ['yes'], {})).toBe(1)
    expect(own('No', ['no'], {})).toBe(1)
  })
  test('a new label makes a set of the labels given, and known ones keep their default words', () => {
    const own = labelScore({ labels: { yes: [], no: [], maybe: ['unsure', 'it depends'] } })
    expect(own('It depends', ['maybe'], {})).toBe(1)
    expect(own('Maybe yes', ['yes'], {})).toBe(0)
    expect(own('yep', ['yes'], {})).toBe(1)
    expect(own('true', ['yes'], {})).toBe(1)
  })
  test('with three labels, what is not one of them is not yet another', () => {
    const own = labelScore({ labels: { yes: [], no: [], maybe: [] } })
    expect(own('not yes', ['no'], {})).toBe(0)
  })
  test('the longer label wins over the one inside it', () => {
    const own = labelScore({ labels: { entailment: [], not_entailment: [] } })
    expect(own('Not entailment, since', ['not_entailment'], {})).toBe(1)
    expect(own('Not entailment, since', ['entailment'], {})).toBe(0)
  })
  test('a word for two labels is refused', () => {
    expect(() => labelScore({ labels: { a: ['x'], b: ['x'] } })).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('"x" means both a and b') }),
    )
  })
})

test('a label that no set knows is found as a whole word', () => {
  expect(score('This is about politics.', ['Politics'], {})).toBe(1)
  expect(score('This is about geopolitics.', ['politics'], {})).toBe(0)
  expect(score('נכון', ['נכון'], {})).toBe(1)
})

test('one of several references is enough', () => {
  expect(score('no', ['yes', 'no'], {})).toBe(1)
})
