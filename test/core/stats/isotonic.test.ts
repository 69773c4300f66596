import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isotonic } from '../../../src/core/stats/isotonic.ts'

/** The min-max formula: the largest, over starts, of the smallest mean, over ends, of a run that holds the row. */
const naive = (y: readonly number[], weights: readonly number[]): number[] =>
  y.map((_, i) => {
    let fit = -Infinity
    for (let from = 0; from <= i; from++) {
      let least = Infinity
      let [total, mass] = [0, 0]
      for (let to = from; to < y.length; to++) {
        total += weights[to] * y[to]
        mass += weights[to]
        if (to >= i) least = Math.min(least, total / mass)
      }
      fit = Math.max(fit, least)
    }
    return fit
  })

const rows = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.double({ min: 0.1, max: 20, noNaN: true })), { maxLength: 25 })
  .map((list) => ({ y: list.map(([value]) => value), weights: list.map(([, weight]) => weight) }))

describe('isotonic', () => {
  test('pools neighbours that go down', () => {
    expect([...isotonic([1, 3, 2, 4], [1, 1, 1, 1])]).toEqual([1, 2.5, 2.5, 4])
    expect([...isotonic([3, 2, 1], [1, 1, 1])]).toEqual([2, 2, 2])
    expect([...isotonic([4, 1], [1, 3])]).toEqual([1.75, 1.75])
  })
  test('is the min-max formula', () => {
    fc.assert(
      fc.property(rows, ({ y, weights }) => {
        const expected = naive(y, weights)
        isotonic(y, weights).forEach((fit, i) => expect(fit).toBeCloseTo(expected[i], 10))
      }),
    )
  })
  test('does not decrease, not even by rounding', () => {
    const noisy = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 })
    fc.assert(
      fc.property(noisy, (y) => {
        const fits = isotonic(
          y,
          y.map(() => 1),
        )
        for (let i = 1; i < fits.length; i++) expect(fits[i]).toBeGreaterThanOrEqual(fits[i - 1])
      }),
    )
  })
  test('keeps the weighted mean and leaves what ascends alone', () => {
    fc.assert(
      fc.property(rows, ({ y, weights }) => {
        const dot = (values: ArrayLike<number>): number => weights.reduce((total, w, i) => total + w * values[i], 0)
        expect(dot(isotonic(y, weights))).toBeCloseTo(dot(y), 8)
        const ascending = y.toSorted((a, b) => a - b)
        expect([...isotonic(ascending, weights)]).toEqual(ascending)
      }),
    )
  })
  test('takes linear time on a long descent', () => {
    const y = Float64Array.from({ length: 300_000 }, (_, i) => -i)
    expect(isotonic(y, new Float64Array(y.length).fill(1))[0]).toBeCloseTo(-(y.length - 1) / 2, 6)
  })
  test('of nothing is nothing', () => expect(isotonic([], [])).toHaveLength(0))
})
