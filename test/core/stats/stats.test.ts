import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstCrossing, trapezoid, trapezoidBetween } from '../../../src/core/stats/area.ts'
import { quantileSorted, spacedBetween } from '../../../src/core/stats/quantile.ts'
import { mean, sum } from '../../../src/core/stats/sum.ts'

describe('sum', () => {
  test('keeps what a plain sum loses', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2)
  })
  test('equals the sum over exact integers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (list) => {
        expect(BigInt(sum(list))).toBe(list.reduce((total, value) => total + BigInt(value), 0n))
      }),
    )
  })
  test('the mean of nothing has no value', () => expect(mean([])).toBeUndefined())
})

describe('quantileSorted', () => {
  test('interpolates as numpy does (R-7)', () => {
    expect(quantileSorted([1, 2, 3, 4], 0.25)).toBeCloseTo(1.75, 12)
    expect(quantileSorted([1, 2, 3, 4], 0.9)).toBeCloseTo(3.7, 12)
    expect(quantileSorted([7], 0.3)).toBe(7)
    expect(quantileSorted([1, 5], 1)).toBe(5)
  })
  test('no values have no quantile', () => expect(quantileSorted([], 0.5)).toBeUndefined())
})

test('spacedBetween leaves out both ends', () => {
  expect(spacedBetween(0, 1, 3)).toEqual([0.25, 0.5, 0.75])
})

describe('areas', () => {
  const line = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 12,
    })
    .map((points) => points.toSorted((a, b) => a[0] - b[0]))
    .map((points) => ({ x: points.map((p) => p[0]), y: points.map((p) => p[1]) }))

  test('the whole range gives the trapezoid area', () => {
    fc.assert(
      fc.property(line, (l) => {
        expect(trapezoidBetween(l, l.x[0], l.x[l.x.length - 1])).toBeCloseTo(trapezoid(l), 9)
      }),
    )
  })
  test('areas of adjoining ranges add up, also outside the line', () => {
    fc.assert(
      fc.property(line, fc.double({ min: -5, max: 25, noNaN: true }), (l, cut) => {
        expect(trapezoidBetween(l, -5, cut) + trapezoidBetween(l, cut, 25)).toBeCloseTo(trapezoidBetween(l, -5, 25), 9)
      }),
    )
  })
  test('outside the line its nearest end is carried on', () => {
    expect(trapezoidBetween({ x: [1, 2], y: [3, 5] }, 0, 4)).toBe(3 + 4 + 10)
    expect(trapezoidBetween({ x: [1], y: [3] }, 2, 4)).toBe(6)
  })
  test('the first crossing is inside the segment that crosses', () => {
    expect(firstCrossing({ x: [0, 1, 2, 3], y: [0, 0.6, 0.2, 1] }, 0.3)).toBeCloseTo(0.5, 12)
    expect(firstCrossing({ x: [0, 1], y: [0.4, 1] }, 0.3)).toBe(0)
    expect(firstCrossing({ x: [0, 1], y: [0, 0.2] }, 0.3)).toBeUndefined()
  })
})
