import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certaintyOf } from '../../../src/core/peers/certainty.ts'
import { frugalThresholds } from '../../../src/core/peers/frugal.ts'
import { anyRows, byRule, outcomesOn, quantile, shareRows, vectorsOf, type Vector } from './rows.ts'

/** Forty levels from just above 0 to just below 1; an answer is kept iff its score is strictly above the quantile. */
function definition(keys: readonly number[]): Vector[] {
  const present = keys.filter(Number.isFinite)
  if (present.length === 0) return []
  const levels = Array.from({ length: 40 }, (_, i) => 1e-5 + (i * (1 - 1e-5 - 1e-5)) / 39)
  return levels.map((level) => byRule(keys, (key) => !(key > quantile(present, level))))
}
const sorted = (vectors: Iterable<Vector>) => [...new Set(vectors)].toSorted()

describe("FrugalGPT's thresholds", () => {
  test('escalate the rows at or below one of forty quantiles', () => {
    fc.assert(
      fc.property(shareRows(60), (rows) => {
        const outcomes = outcomesOn(rows, 'probability')
        const vectors = vectorsOf(outcomes, frugalThresholds(certaintyOf(outcomes.signals[0])))
        expect(sorted(vectors)).toEqual(sorted(definition(rows.map(({ signal }) => signal))))
      }),
    )
  })
  test('are those of the negated values where lower ones are certain', () => {
    fc.assert(
      fc.property(anyRows(60), fc.constantFrom('higher' as const, 'lower' as const), (rows, direction) => {
        const outcomes = outcomesOn(rows, 'unbounded', direction)
        const keys = rows.map(({ signal }) => (direction === 'higher' ? signal : -signal))
        const vectors = vectorsOf(outcomes, frugalThresholds(certaintyOf(outcomes.signals[0])))
        expect(sorted(vectors)).toEqual(sorted(definition(keys)))
      }),
    )
  })
  test('never keep everything nor, of two values or more, lose the most certain one', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ small: 0, large: 1, signal: i / 100 }))
    const outcomes = outcomesOn(rows, 'probability')
    const counts = vectorsOf(outcomes, frugalThresholds(certaintyOf(outcomes.signals[0]))).map(
      (vector) => vector.replaceAll('0', '').length,
    )
    expect(counts).toHaveLength(40)
    expect(Math.min(...counts)).toBe(1)
    expect(Math.max(...counts)).toBe(99)
  })
  test('one value leaves one threshold, which escalates all; no value leaves none', () => {
    const policies = (signals: number[]) => {
      const outcomes = outcomesOn(
        signals.map((signal) => ({ small: 0, large: 1, signal })),
        'logprob',
      )
      return vectorsOf(outcomes, frugalThresholds(certaintyOf(outcomes.signals[0])))
    }
    expect(policies([-0.3, -0.3, NaN])).toEqual(['111'])
    expect(policies([NaN, NaN])).toEqual([])
  })
})
