import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalQuantile, tQuantile } from '../../../src/core/stats/distributions.ts'
import { fieller, type FiellerSet } from '../../../src/core/stats/fieller.ts'
import { moments } from '../../../src/core/stats/t-test.ts'
import { expectNear, uniforms } from './near.ts'

/** How far N - θ D is from a mean of 0, in standard errors. */
function distance(above: readonly number[], below: readonly number[], theta: number): number {
  const { mean, variance } = moments(above.map((value, g) => value - theta * below[g]))!
  return Math.abs(mean) / Math.sqrt(variance / above.length)
}

/** The distance up to which a ratio is in the set. */
const allowedBy = (confidence: number, groups: number): number => tQuantile((1 + confidence) / 2, groups - 1)

function holds(set: FiellerSet, theta: number): boolean {
  if (set.kind === 'bounded') return set.low <= theta && theta <= set.high
  return set.excluded === undefined || theta <= set.excluded.low || theta >= set.excluded.high
}

const pairs = fc
  .array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 2, maxLength: 12 })
  .map((list) => ({ above: list.map(([n]) => n), below: list.map(([, d]) => d) }))
const confidences = fc.constantFrom(0.5, 0.8, 0.9, 0.95, 0.99)

describe('fieller', () => {
  test('holds exactly the ratios that a t-test of N - θ D does not reject', () => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(pairs, confidences, ({ above, below }, confidence) => {
        const set = fieller(above, below, confidence)
        if (set === undefined) return
        kinds.add(set.kind === 'bounded' ? 'bounded' : set.excluded === undefined ? 'line' : 'complement')
        const allowed = allowedBy(confidence, above.length)
        for (let theta = -12.03; theta < 12; theta += 0.173) {
          const at = distance(above, below, theta) / allowed
          if (Math.abs(at - 1) > 1e-6) expect(holds(set, theta)).toBe(at < 1)
        }
      }),
      { numRuns: 500 },
    )
    expect([...kinds].toSorted()).toEqual(['bounded', 'complement', 'line'])
  })
  test('its ends lie on the edge of rejection', () => {
    fc.assert(
      fc.property(pairs, confidences, ({ above, below }, confidence) => {
        const set = fieller(above, below, confidence)
        const ends = set?.kind === 'bounded' ? set : set?.excluded
        if (ends === undefined || ends.low === ends.high) return
        for (const end of [ends.low, ends.high]) {
          if (Math.abs(end) < 1e6)
            expect(distance(above, below, end) / allowedBy(confidence, above.length)).toBeCloseTo(1, 6)
        }
      }),
    )
  })
  test('holds the observed ratio', () => {
    fc.assert(
      fc.property(pairs, confidences, ({ above, below }, confidence) => {
        const total = (values: number[]): number => values.reduce((a, value) => a + value, 0)
        const set = fieller(above, below, confidence)
        if (set !== undefined && total(below) !== 0) expect(holds(set, total(above) / total(below))).toBe(true)
      }),
    )
  })
  test('with equal denominators is the t interval of the mean', () => {
    const set = fieller([1, 2, 3, 6], [2, 2, 2, 2], 0.95)
    const half = (tQuantile(0.975, 3) * Math.sqrt(14 / 3 / 4)) / 2
    expect(set?.kind).toBe('bounded')
    if (set?.kind !== 'bounded') return
    expectNear(set.low, 1.5 - half, 1e-12)
    expectNear(set.high, 1.5 + half, 1e-12)
  })
  test('is the textbook quadratic on unequal groups', () => {
    const above = [3, 10, 4, 8, 1, 6]
    const below = [5, 21, 7, 14, 3, 11]
    const set = fieller(above, below, 0.95)
    expect(set?.kind).toBe('bounded')
    if (set?.kind !== 'bounded') return
    for (const end of [set.low, set.high]) expectNear(distance(above, below, end), allowedBy(0.95, 6), 1e-9)
    expect(set.low).toBeLessThan(32 / 61)
    expect(set.high).toBeGreaterThan(32 / 61)
  })
  test('is a point where every group has the same ratio and the denominator is clear', () => {
    expect(fieller([4, 5, 4], [8, 10, 8], 0.95)).toEqual({ kind: 'bounded', low: 0.5, high: 0.5 })
    expect(fieller([0, 0, 0], [8, 10, 8], 0.95)).toEqual({ kind: 'bounded', low: 0, high: 0 })
    expect(fieller([0, 0, 0], [-1, 10, 1], 0.95)).toEqual({ kind: 'unbounded', excluded: undefined })
  })
  test('does not depend on the units, however far apart', () => {
    const above = [3, 10, 4, 8, 1, 6]
    const below = [5, 21, 7, 14, 3, 11]
    const plain = fieller(above, below, 0.9)
    const scaled = fieller(
      above.map((value) => value * 1e-160),
      below.map((value) => value * -1e-200),
      0.9,
    )
    if (plain?.kind !== 'bounded' || scaled?.kind !== 'bounded') throw new Error('The set should be bounded')
    expectNear(scaled.low, -plain.high * 1e40)
    expectNear(scaled.high, -plain.low * 1e40)
  })
  test('covers the true ratio as often as it says, also where the denominator is weak', () => {
    const next = uniforms(23)
    const normal = (): number => normalQuantile(next())
    for (const center of [5, 0.7]) {
      let covered = 0
      for (let trial = 0; trial < 4000; trial++) {
        const groups = Array.from({ length: 6 }, () => {
          const below = center + normal()
          return { below, above: 0.4 * below + 0.5 * normal() }
        })
        const set = fieller(
          groups.map((group) => group.above),
          groups.map((group) => group.below),
          0.9,
        )
        if (holds(set!, 0.4)) covered++
      }
      expect(Math.abs(covered / 4000 - 0.9)).toBeLessThan(0.02)
    }
  })
  test('a denominator without a mean rules out nothing, or only what lies near 0', () => {
    expect(fieller([1, -1, 2, -2], [1, -1, -2, 2], 0.95)).toEqual({ kind: 'unbounded', excluded: undefined })
    const set = fieller([9, 10, 11, 10], [1, -1, 1, -1], 0.95)
    expect(set?.kind).toBe('unbounded')
    expect(holds(set!, 0)).toBe(false)
    expect(holds(set!, 1e9)).toBe(true)
    expect(holds(set!, -1e9)).toBe(true)
  })
  test('has no value for fewer than two groups or denominators of 0 only', () => {
    expect(fieller([1], [2], 0.95)).toBeUndefined()
    expect(fieller([], [], 0.95)).toBeUndefined()
    expect(fieller([1, 2], [0, 0], 0.95)).toBeUndefined()
  })
})
