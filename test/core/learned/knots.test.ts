import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hats, knotsOf } from '../../../src/core/learned/knots.ts'

const weightsAt = (knots: Float64Array, value: number): number[] => {
  const into = new Float64Array(knots.length + 2).fill(9)
  hats(knots, value, into, 1)
  expect([into[0], into[knots.length + 1]]).toEqual([9, 9])
  return Array.from(into).slice(1, -1)
}

const value = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ min: -3, max: 3, noNaN: true }))
const knots = fc
  .uniqueArray(
    fc.double({ min: -3, max: 3, noNaN: true }).map((x) => x + 0),
    { minLength: 2, maxLength: 7 },
  )
  .map((list) => Float64Array.from(list).toSorted())

describe('knots', () => {
  test('stand at every value where there are seven or fewer', () => {
    expect([...knotsOf(Float64Array.of(3, 1, NaN, 2, 1, Infinity))]).toEqual([1, 2, 3])
    expect(knotsOf(Float64Array.of(0, -0, 1))).toHaveLength(2)
  })
  test('stand at seven quantiles else, two in a hundred rows lying outside on either side', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => (i * 37) % 101)
    expect([...knotsOf(values)].map((knot) => Math.round(knot * 1e9) / 1e9)).toEqual([2, 18, 34, 50, 66, 82, 98])
  })
  test('ascend strictly, lie among the values and are none for less than two of them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(value, fc.constant(NaN)), { maxLength: 40 }), (values) => {
        const found = knotsOf(Float64Array.from(values))
        const present = values.filter(Number.isFinite)
        expect(found.length).toBeLessThanOrEqual(7)
        if (new Set(present).size < 2) expect(found).toHaveLength(0)
        for (let k = 0; k < found.length; k++) {
          expect(found[k]).toBeGreaterThanOrEqual(Math.min(...present))
          expect(found[k]).toBeLessThanOrEqual(Math.max(...present))
          if (k > 0) expect(found[k]).toBeGreaterThan(found[k - 1])
        }
      }),
    )
  })
  test('of a signal that is one value for nearly all rows are fewer than two: it says next to nothing', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i < 990 ? 0 : i))
    expect(knotsOf(values).length).toBeLessThan(2)
  })
})

describe('the weights of knots', () => {
  test('are one at a knot, shared between two neighbours elsewhere, and sum to 1', () => {
    fc.assert(
      fc.property(knots, value, (at, x) => {
        const weights = weightsAt(at, x)
        expect(weights.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12)
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
        expect(weights.filter((each) => each > 0).length).toBeLessThanOrEqual(2)
        at.forEach((knot, k) => expect(weightsAt(at, knot)).toEqual([...at].map((_, i) => (i === k ? 1 : 0))))
      }),
    )
  })
  test('make any straight line out of its values at the knots, flat outside', () => {
    fc.assert(
      fc.property(knots, value, (at, x) => {
        const inside = Math.min(Math.max(x, at[0]), at[at.length - 1])
        const line = (t: number) => 0.5 - 2 * t
        const made = weightsAt(at, x).reduce((sum, weight, k) => sum + weight * line(at[k]), 0)
        expect(made).toBeCloseTo(line(inside), 9)
      }),
    )
  })
  test('have values also between knots further apart than a number can say', () => {
    expect(weightsAt(Float64Array.of(-1e308, 1e308), 0)).toEqual([0.5, 0.5])
  })
})
