import fc from 'fast-check'
import { expect, test } from 'vitest'
import { probabilityOfTrue, selfVerification, verdictOf } from '../../src/collect/verdict.ts'

test.each([
  [' Correct', 'correct'],
  ['incorrect.', 'incorrect'],
  ['INCORRECT', 'incorrect'],
  ['**Correct**', 'correct'],
  ['The answer is not correct', 'incorrect'],
  ['Verdict: Correct, not incorrect', 'correct'],
  ['Correctly spelt', undefined],
  ['uncorrect', undefined],
  ['Yes', undefined],
  ['', undefined],
])('%j says %s', (text, verdict) => {
  expect(verdictOf(text)).toBe(verdict)
})

test('self-verification is the share that says correct; one that says neither does not say it', () => {
  expect(selfVerification(['Correct', 'Correct', 'Incorrect', 'Correct'])).toBe(0.75)
  expect(selfVerification(['Correct', 'hm', 'Incorrect', ''])).toBe(0.25)
  expect(selfVerification(['Incorrect'])).toBe(0)
})

test('where no verdict can be read there is no signal, not 0', () => {
  expect(selfVerification(['yes', 'no', ''])).toBeUndefined()
  expect(selfVerification([])).toBeUndefined()
})

const step = (...top: [string, number][]) => ({
  alternatives: top.map(([, log]) => log),
  alternativeTexts: top.map(([text]) => text),
})

test('p(True) sums over the ways in which the two words are written', () => {
  const p = probabilityOfTrue(
    step(
      [' True', Math.log(0.4)],
      ['true', Math.log(0.2)],
      ['False', Math.log(0.1)],
      [' false', Math.log(0.1)],
      ['It', Math.log(0.2)],
    ),
  )
  expect(p).toBeCloseTo(0.6 / 0.8, 12)
})

test('p(True) is 1 or 0 where only one of the words is among the alternatives', () => {
  expect(probabilityOfTrue(step([' True', -3]))).toBe(1)
  expect(probabilityOfTrue(step(['FALSE', -3], ['x', -1]))).toBe(0)
})

test('where neither word is among the alternatives there is no signal, not 0', () => {
  expect(probabilityOfTrue(step(['Yes', -0.1], ['Truely', -3], ['', -5]))).toBeUndefined()
  expect(probabilityOfTrue(step(['True', -Infinity]))).toBeUndefined()
  expect(probabilityOfTrue({ alternatives: [-0.1] })).toBeUndefined()
  expect(probabilityOfTrue({})).toBeUndefined()
  expect(probabilityOfTrue(undefined)).toBeUndefined()
})

test('p(True) is what the definition says, whatever stands beside it', () => {
  const word = fc.constantFrom('True', ' true', 'False', ' false\n', 'maybe', '')
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.double({ min: -20, max: 0, noNaN: true })), { maxLength: 20 }), (top) => {
      const sum = (wanted: string) =>
        top
          .filter(([text]) => text.trim().toLowerCase() === wanted)
          .reduce((total, [, log]) => total + Math.exp(log), 0)
      const [yes, no] = [sum('true'), sum('false')]
      const p = probabilityOfTrue(step(...top))
      if (yes + no === 0) expect(p).toBeUndefined()
      else expect(p).toBeCloseTo(yes / (yes + no), 9)
    }),
  )
})
