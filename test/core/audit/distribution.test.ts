import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binOf, distributionOf } from '../../../src/core/audit/distribution.ts'

const most = 20
/** Continuous values, few values with many ties, and missing ones. */
const value = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -10, max: 0, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: -6, max: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, -Infinity) },
)
const values = fc.array(value, { maxLength: 400, size: 'max' }).map((list) => Float64Array.from(list))
const threshold = fc.oneof(fc.integer({ min: -6, max: 2 }), fc.double({ min: -12, max: 3, noNaN: true }))
/** Distinct as numbers: -0 is 0. */
const thresholds = fc
  .uniqueArray(
    threshold.map((each) => each + 0),
    { maxLength: 4 },
  )
  .map((list) => list.toSorted((a, b) => a - b))

/** The definition: as many edges as are not above the value. */
const naiveBin = (edges: readonly number[], each: number) => edges.filter((edge) => edge <= each).length

describe('the distribution of a signal', () => {
  test('counts every value in its bin, and what is missing apart', () => {
    fc.assert(
      fc.property(values, thresholds, (list, cuts) => {
        const { rows, missing, edges, shares } = distributionOf(list, cuts)
        const present = list.filter(Number.isFinite)
        expect([rows, missing]).toEqual([list.length, list.length - present.length])
        const counts = shares.map((_, i) => present.filter((each) => naiveBin(edges, each) === i).length)
        expect(shares).toEqual(counts.map((count) => (present.length === 0 ? 0 : count / present.length)))
      }),
    )
  })

  test('has distinct ascending edges, the thresholds among them, and at most 20 bins', () => {
    fc.assert(
      fc.property(values, thresholds, (list, cuts) => {
        const { edges, shares } = distributionOf(list, cuts)
        expect(edges).toEqual([...new Set(edges)].toSorted((a, b) => a - b))
        expect(edges).toEqual(expect.arrayContaining(cuts))
        expect(shares.length).toBe(edges.length + 1)
        expect(shares.length).toBeLessThanOrEqual(most)
      }),
    )
  })

  test('has no bin of more than an equal share, but for one value that many rows have', () => {
    fc.assert(
      fc.property(values, thresholds, (list, cuts) => {
        const { rows, missing, shares } = distributionOf(list, cuts)
        const present = rows - missing
        fc.pre(present > 0)
        const counts = new Map<number, number>()
        for (const each of list) if (Number.isFinite(each)) counts.set(each + 0, (counts.get(each + 0) ?? 0) + 1)
        const equal = present / (most - cuts.length - 1)
        expect(Math.max(...shares) * present).toBeLessThanOrEqual(equal + Math.max(...counts.values()) + 1)
      }),
    )
  })

  test('has twenty equal bins where values are many and continuous', () => {
    const list = Float64Array.from({ length: 10_000 }, (_, i) => Math.log((i + 0.5) / 10_000))
    const { edges, shares } = distributionOf(list, [])
    expect(shares).toEqual(Array.from({ length: 20 }, () => 0.05))
    // Edges are between values, so that they can be plain numbers.
    expect(
      edges
        .slice(-3)
        .map(String)
        .every((edge) => edge.length <= 9),
    ).toBe(true)
  })

  test('has no edge that a little rounding carries values over', () => {
    const list = Float64Array.from([-3, -3, -2, -2, -1, -1])
    const { edges, shares } = distributionOf(list, [])
    const rounded = list.map((each, i) => each + (i % 2 === 0 ? 1e-9 : -1e-9))
    expect(shares.map((_, bin) => rounded.filter((each) => binOf(edges, each) === bin).length)).toEqual([2, 2, 2])
  })

  test('has thresholds where there are no values, and more than 20 of them', () => {
    const list = Float64Array.from([1, 2, 3])
    expect(distributionOf(list, [-5, 10])).toMatchObject({
      edges: expect.arrayContaining([-5, 10]),
      shares: [0, 1 / 3, 1 / 3, 1 / 3, 0],
    })
    const many = Array.from({ length: 30 }, (_, i) => i)
    expect(distributionOf(list, many).edges).toEqual(many)
  })

  test('of nothing is nothing', () => {
    expect(distributionOf(new Float64Array(0), [])).toEqual({ rows: 0, missing: 0, edges: [], shares: [0] })
    expect(distributionOf(Float64Array.of(NaN), [])).toEqual({ rows: 1, missing: 1, edges: [], shares: [0] })
  })
})
