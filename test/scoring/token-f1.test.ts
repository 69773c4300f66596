import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokenF1 } from '../../src/scoring/token-f1.ts'

const tokens = fc.array(fc.constantFrom('a', 'b', 'c', 'toString', '__proto__'), { maxLength: 8 })

/** Precision and recall by their definitions, striking each shared token from a copy of the reference. */
function naive(answer: readonly string[], reference: readonly string[]): number {
  if (answer.length === 0 || reference.length === 0) return answer.length === reference.length ? 1 : 0
  const left = [...reference]
  const shared = answer.filter((token) => {
    const at = left.indexOf(token)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }).length
  if (shared === 0) return 0
  const [precision, recall] = [shared / answer.length, shared / reference.length]
  return (2 * precision * recall) / (precision + recall)
}

test('it is the harmonic mean of precision and recall over bags of tokens', () => {
  fc.assert(
    fc.property(tokens, tokens, (a, b) => {
      expect(tokenF1(a, b)).toBeCloseTo(naive(a, b), 12)
    }),
  )
})

test('it does not matter which of the two is the answer, nor the order of tokens', () => {
  fc.assert(
    fc.property(tokens, tokens, (a, b) => {
      expect(tokenF1(a, b)).toBe(tokenF1(b, a))
      expect(tokenF1(a.toReversed(), b)).toBe(tokenF1(a, b))
    }),
  )
})

test('the same tokens score 1, and so do two empty lists', () => {
  fc.assert(
    fc.property(tokens, (a) => {
      expect(tokenF1(a, a)).toBe(1)
    }),
  )
})
