import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import {
  DEFAULT_SHARES,
  effectiveGroups,
  folds,
  groupSizes,
  repeatedFolds,
  splitOutcomes,
  type SplitShares,
} from '../../../src/core/tune/splits.ts'
import { groupedOutcomes } from '../../support/grouped.ts'

/** Rows whose quality is their own number, so that they can be told apart later, in groups of unequal size. */
const outcomesOf = (groups: readonly number[]): Outcomes =>
  groupedOutcomes(groups.map((group, i) => ({ group, small: i, large: i, signal: i })))
/** The rows and the groups that a part was made from. */
const rowsOf = (part: Outcomes): number[] => [...part.small.quality]
const groupsIn = (part: Outcomes, groups: readonly number[]) => new Set(rowsOf(part).map((row) => groups[row]))

const someGroups = fc.array(fc.nat(12), { minLength: 1, maxLength: 60 })
const seeds = fc.nat(500)
const someShares: fc.Arbitrary<SplitShares> = fc.record({
  select: fc.double({ min: 0.01, max: 1, noNaN: true }),
  certify: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1, noNaN: true })),
  report: fc.double({ min: 0.01, max: 1, noNaN: true }),
})

describe('splitOutcomes', () => {
  test('puts every row into one part and every group into one part', () => {
    fc.assert(
      fc.property(someGroups, seeds, someShares, (groups, seed, shares) => {
        const wanted = shares.certify > 0 ? 3 : 2
        if (new Set(groups).size < wanted) return
        const split = splitOutcomes(outcomesOf(groups), seed, shares)
        const parts = [split.select, split.certify, split.report]
        expect(parts.flatMap(rowsOf).toSorted((a, b) => a - b)).toEqual([...groups.keys()])
        const sets = parts.map((part) => groupsIn(part, groups))
        expect(sets.reduce((count, set) => count + set.size, 0)).toBe(new Set(groups).size)
        parts.forEach((part, i) => expect(part.groups.count).toBe(sets[i].size))
        for (const [i, name] of (['select', 'certify', 'report'] as const).entries())
          expect(sets[i].size > 0, name).toBe(shares[name] > 0)
      }),
    )
  })

  test('deals groups out by the shares, to the nearest group', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), seeds, (count, seed) => {
        const split = splitOutcomes(outcomesOf(Array.from({ length: count }, (_, i) => i)), seed)
        for (const name of ['select', 'certify', 'report'] as const)
          expect(Math.abs(split[name].groups.count - DEFAULT_SHARES[name] * count)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('follows from the seed, and other seeds deal otherwise', () => {
    const outcomes = outcomesOf(Array.from({ length: 100 }, (_, i) => i % 50))
    const of = (seed: number) => rowsOf(splitOutcomes(outcomes, seed).select)
    expect(of(7)).toEqual(of(7))
    expect(of(7)).not.toEqual(of(8))
  })

  test('puts each group into each part as often as its share says', () => {
    const outcomes = outcomesOf([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const seen = { select: 0, certify: 0, report: 0 }
    for (let seed = 0; seed < 1000; seed++) {
      const split = splitOutcomes(outcomes, seed)
      for (const name of ['select', 'certify', 'report'] as const) if (rowsOf(split[name]).includes(0)) seen[name]++
    }
    expect(Math.abs(seen.select - 400)).toBeLessThan(5 * Math.sqrt(240))
    expect(Math.abs(seen.certify - 300)).toBeLessThan(5 * Math.sqrt(210))
  })

  test('says how many groups there are where there are too few', () => {
    expect(() => splitOutcomes(outcomesOf([0, 0, 0]), 1)).toThrow(
      'all rows are one group; at least 3 are needed to select, certify and report',
    )
    expect(() => splitOutcomes(outcomesOf([0, 1, 1]), 1)).toThrow(
      'there are 2 groups; at least 3 are needed to select, certify and report',
    )
    expect(() => splitOutcomes(outcomesOf([0]), 1, { select: 0.5, certify: 0, report: 0.5 })).toThrow(
      'all rows are one group; at least 2 are needed to select and report',
    )
    expect(splitOutcomes(outcomesOf([0, 1, 2]), 1).report.groups.count).toBe(1)
  })
})

describe('folds', () => {
  test('hold every row out once, and break no group', () => {
    fc.assert(
      fc.property(someGroups, fc.integer({ min: 2, max: 8 }), seeds, (groups, k, seed) => {
        const count = new Set(groups).size
        if (count < 2) return
        const found = folds(outcomesOf(groups), k, seed)
        expect(found).toHaveLength(Math.min(k, count))
        expect(found.flatMap(({ test }) => [...test]).toSorted((a, b) => a - b)).toEqual([...groups.keys()])
        const sizes = found.map(({ train, test }) => {
          expect([...train, ...test].toSorted((a, b) => a - b)).toEqual([...groups.keys()])
          const held = new Set([...test].map((row) => groups[row]))
          expect([...train].some((row) => held.has(groups[row]))).toBe(false)
          return held.size
        })
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })
  test('repeated have other seeds; of one group there are none', () => {
    const outcomes = outcomesOf(Array.from({ length: 40 }, (_, i) => i))
    const [first, second] = repeatedFolds(outcomes, 5, 2, 3)
    expect(first).toEqual(folds(outcomes, 5, 3))
    expect(second).not.toEqual(first)
    expect(() => folds(outcomesOf([4, 4]), 5, 1)).toThrow('cross-validation needs at least two groups')
  })
})

describe('effectiveGroups', () => {
  const of = (groups: number[]) => effectiveGroups(outcomesOf(groups).groups)
  test('is (Σ n)² / Σ n²', () => {
    fc.assert(
      fc.property(someGroups, (groups) => {
        const sizes = [...groupSizes(outcomesOf(groups).groups)]
        const naive = [...new Set(groups)].map((group) => groups.filter((each) => each === group).length)
        expect(sizes).toEqual(naive)
        expect(of(groups)).toBeCloseTo(groups.length ** 2 / naive.reduce((sum, n) => sum + n * n, 0), 9)
      }),
    )
  })
  test('is their number where groups are of one size, and less where one holds nearly all', () => {
    expect(of([0, 0, 1, 1, 2, 2])).toBe(3)
    expect(of([0, 0, 0, 0, 0, 0, 0, 0, 1, 2])).toBeCloseTo(100 / 66, 12)
    expect(effectiveGroups({ codes: new Uint32Array(0), count: 0, from: 'row' })).toBe(0)
  })
})
