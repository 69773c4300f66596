import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bootstrap } from '../../../src/core/stats/bootstrap.ts'
import { normalCdf, normalQuantile } from '../../../src/core/stats/distributions.ts'
import { estimateOf, shownRange, widening } from '../../../src/core/stats/interval.ts'
import { finish } from '../../../src/core/stats/work.ts'
import { expectNear } from './near.ts'

/** Linear interpolation between order statistics, written out. */
function naiveQuantile(values: readonly number[], level: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = level * (sorted.length - 1)
  const share = place % 1
  return share === 0 ? sorted[place] : sorted[Math.floor(place)] * (1 - share) + sorted[Math.ceil(place)] * share
}

/** BCa from its textbook form: bias from the share below, acceleration from the influences of the blocks left out. */
function naiveBca(estimate: number, replicates: number[], jackknife: number[], confidence: number): [number, number] {
  const share =
    replicates.reduce((total, each) => total + (each < estimate ? 1 : each === estimate ? 0.5 : 0), 0) /
    replicates.length
  const bias = normalQuantile(share)
  const n = jackknife.length
  const center = jackknife.reduce((a, b) => a + b, 0) / n
  const influence = jackknife.map((each) => (n - 1) * (center - each))
  const squares = influence.reduce((total, u) => total + u * u, 0)
  const acceleration = squares === 0 ? 0 : influence.reduce((total, u) => total + u ** 3, 0) / (6 * squares ** 1.5)
  return [(1 - confidence) / 2, (1 + confidence) / 2].map((level) => {
    const z = bias + normalQuantile(level)
    if (acceleration * z >= 1) return naiveQuantile(replicates, z > 0 ? 1 : 0)
    return naiveQuantile(replicates, normalCdf(bias + z / (1 - acceleration * z)))
  }) as [number, number]
}

const columns = (...lists: number[][]) => lists.map((list) => Float64Array.from(list))

describe('estimateOf', () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -3e6, max: 3e6 }).map((whole) => whole / 1e6),
  )
  const list = fc.array(value, { minLength: 2, maxLength: 60 })
  const confidences = fc.constantFrom(0.5, 0.8, 0.9, 0.95)

  test('reads both intervals off the sorted replicates', () => {
    fc.assert(
      fc.property(value, list, list, confidences, (estimate, replicates, jackknife, confidence) => {
        const [r, j] = columns(replicates, jackknife)
        const found = estimateOf(estimate, r, j, confidence)
        expect(found.percentile!.low).toBeCloseTo(naiveQuantile(replicates, (1 - confidence) / 2), 10)
        expect(found.percentile!.high).toBeCloseTo(naiveQuantile(replicates, (1 + confidence) / 2), 10)
        const inside = replicates.some((each) => each <= estimate) && replicates.some((each) => each >= estimate)
        if (!inside) expect(found.bca).toBeUndefined()
        else if (new Set(replicates.map((each) => each + 0)).size > 1) {
          const [low, high] = naiveBca(estimate, replicates, jackknife, confidence)
          expect(found.bca!.low).toBeCloseTo(low, 9)
          expect(found.bca!.high).toBeCloseTo(high, 9)
        }
        expect([...r]).toEqual(replicates) // left as they were
      }),
    )
  })

  /** scipy 1.17.1, `stats.bootstrap` on these very replicates (`bootstrap_result`, `n_resamples=0`). */
  test("agrees with scipy's BCa and percentile intervals of a mean and a variance", () => {
    const data = [0.2, 1.7, 3.1, 0.4, 9.5, 2.2, 0.1, 0.9, 5.3, 1.1, 0.6, 2.8]
    const { estimates, replicates, jackknife } = finish(
      bootstrap(
        data.length,
        {
          size: 2,
          compute(weights, into) {
            const mean = data.reduce((total, x, i) => total + weights[i] * x, 0) / weights.reduce((a, b) => a + b, 0)
            into[0] = mean
            into[1] =
              data.reduce((total, x, i) => total + weights[i] * (x - mean) ** 2, 0) / weights.reduce((a, b) => a + b, 0)
          },
        },
        { resamples: 999, seed: 5 },
      ),
    )
    const expected = [
      [0, 0.9, 1.375, 3.9926197203481357, 1.2325, 3.6599999999999984],
      [0, 0.95, 1.2583333333333335, 4.327617577445735, 1.107916666666667, 3.9345833333333324],
      [1, 0.9, 2.013437926523136, 15.699102204061782, 1.0180833333333332, 12.626187499999999],
      [1, 0.95, 1.608389128368848, 18.85597603068942, 0.8132083333333336, 13.566045138888883],
    ]
    for (const [k, confidence, low, high, percentileLow, percentileHigh] of expected) {
      const { bca, percentile } = estimateOf(estimates[k], replicates[k], jackknife[k], confidence)
      expectNear(bca!.low, low, 1e-9)
      expectNear(bca!.high, high, 1e-9)
      expectNear(percentile!.low, percentileLow, 1e-9)
      expectNear(percentile!.high, percentileHigh, 1e-9)
    }
  })

  test('is between low and high, however skewed the data and far off the estimate', () => {
    const spike = (n: number, at: number) => Float64Array.from({ length: n }, (_, i) => (i === at ? 1000 : 0))
    const replicates = Float64Array.from({ length: 2000 }, (_, i) => i)
    for (const estimate of [0.5, 1, 3, 1000, 1996, 1998.5])
      for (const jackknife of [spike(200, 3), spike(200, 3).map((each) => -each)])
        for (const confidence of [0.9, 0.99, 0.999]) {
          const { bca } = estimateOf(estimate, replicates, jackknife, confidence)
          expect(bca!.low).toBeLessThanOrEqual(bca!.high)
          expect(bca!.low).toBeGreaterThanOrEqual(0)
          expect(bca!.high).toBeLessThanOrEqual(1999)
        }
  })

  test('where all replicates are the estimate, has no length; where they are another number, no BCa', () => {
    const [two, jackknife] = columns([2, 2, 2], [2, 2])
    expect(estimateOf(2, two, jackknife, 0.9)).toMatchObject({
      bca: { low: 2, high: 2 },
      percentile: { low: 2, high: 2 },
    })
    expect(estimateOf(3, two, jackknife, 0.9).bca).toBeUndefined()
  })

  test('has no interval where more resamples than a tail holds have no value, and says how many', () => {
    const replicates = Float64Array.from({ length: 100 }, (_, i) => i)
    const jackknife = Float64Array.of(1, NaN, 2, 4)
    replicates.fill(NaN, 0, 5)
    const few = estimateOf(50, replicates, jackknife, 0.89)
    expect(few.undefinedShare).toBeCloseTo(0.05, 12)
    expect(few.percentile!.low).toBeGreaterThanOrEqual(5)
    replicates.fill(NaN, 0, 6)
    const many = estimateOf(50, replicates, jackknife, 0.89)
    expect(many).toEqual({ value: 50, undefinedShare: 1 - 94 / 100 })
    expect(shownRange(many)).toBeUndefined()
    expect(estimateOf(NaN, replicates, jackknife, 0.5)).toEqual({ value: undefined, undefinedShare: 1 - 94 / 100 })
    expect(estimateOf(1, Float64Array.of(NaN), jackknife, 0.5).percentile).toBeUndefined()
  })

  test('blocks without a value do not count in the acceleration', () => {
    const replicates = Float64Array.from({ length: 50 }, (_, i) => i)
    const some = estimateOf(20, replicates, Float64Array.of(1, 2, 9), 0.9)
    expect(estimateOf(20, replicates, Float64Array.of(1, NaN, 2, 9), 0.9)).toEqual(some)
  })
})

describe('shownRange', () => {
  test('is BCa where there is one, else the percentile interval', () => {
    const percentile = { low: 0, high: 1 }
    expect(shownRange({ percentile, bca: { low: 2, high: 3 }, undefinedShare: 0 })).toEqual({ low: 2, high: 3 })
    expect(shownRange({ percentile, undefinedShare: 0 })).toEqual(percentile)
  })
})

describe('with few groups', () => {
  const replicates = Float64Array.from({ length: 1001 }, (_, i) => (i - 500) / 100)
  const jackknife = Float64Array.from({ length: 9 }, (_, i) => i - 4)
  const width = (groups?: number) => {
    const { low, high } = estimateOf(0, replicates, jackknife, 0.9, groups).percentile!
    return high - low
  }
  test("an interval is as much wider as Student's t and the missing degree of freedom ask", () => {
    expect(width(10)).toBeGreaterThan(width(100))
    expect(width(100)).toBeGreaterThan(width())
    // √(10 / 9) t(0.95; 9) = 1.9323 standard errors instead of 1.6449
    expect(widening(0.05, 10)).toBeCloseTo(1.9323 / 1.6449, 3)
    expect(widening(0.05, Infinity)).toBe(1)
  })
  test('of fewer than five there is none, and never one that is not a number', () => {
    for (const groups of [1, 2, 4])
      expect(shownRange(estimateOf(0, replicates, jackknife, 0.95, groups))).toBeUndefined()
    for (const groups of [5, 6, 8]) {
      const { low, high } = shownRange(estimateOf(0, replicates, jackknife, 0.95, groups))!
      expect(low).toBeLessThan(0)
      expect(high).toBeGreaterThan(0)
    }
  })
  test('what differs from the estimate by rounding alone is the estimate', () => {
    const noisy = Float64Array.from({ length: 100 }, (_, i) => 0.0003 + (i % 2) * 5e-20)
    expect(shownRange(estimateOf(0.00029999999999999927, noisy, noisy, 0.9, 50))).toEqual({
      low: 0.00029999999999999927,
      high: 0.00029999999999999927,
    })
  })
})
