import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asymptoticMean } from '../../../src/core/stats/asymptotic-mean.ts'
import { runningMean, type RunningMean } from '../../../src/core/stats/running-mean.ts'
import { stitchedBoundary } from '../../../src/core/stats/stitched.ts'
import { draws, lossOf } from '../../support/draws.ts'

describe('the stitched boundary', () => {
  test.each([1, 3, 17, 250, 4000, 1e6])('is that of the paper for values without a range, at a variance of %d', (v) => {
    for (const alpha of [0.1, 0.025, 0.001]) {
      // Howard et al. 2021, eq. 2, whose constants are rounded up.
      const published = 1.7 * Math.sqrt(v * (Math.log(Math.log(2 * v)) + 0.72 * Math.log(5.2 / alpha)))
      const ours = stitchedBoundary(v, alpha, 0, 1)
      expect(ours).toBeLessThanOrEqual(published)
      expect(ours).toBeGreaterThan(0.985 * published)
    }
  })

  test('grows with the variance, the range and the confidence, and is flat before its start', () => {
    const positive = fc.double({ min: 0.01, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 1.001, max: 10, noNaN: true }), (v, c, factor) => {
        const one = stitchedBoundary(v, 0.05, c, 1)
        expect(stitchedBoundary(v * factor, 0.05, c, 1)).toBeGreaterThanOrEqual(one)
        expect(stitchedBoundary(v, 0.05, c * factor, 1)).toBeGreaterThan(one)
        expect(stitchedBoundary(v, 0.05 / factor, c, 1)).toBeGreaterThan(one)
        if (v <= 1) expect(one).toBe(stitchedBoundary(1, 0.05, c, 1))
      }),
    )
  })
})

const pairs = fc.array(
  fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true })),
  { minLength: 1, maxLength: 60 },
)

describe('the range of a running mean', () => {
  test('is that of the definition, at every moment', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const running = runningMean(-1, 1, 0.05)
        for (const [i, [value, weight]] of list.entries()) {
          running.add(value, weight)
          const seen = list.slice(0, i + 1)
          const weights = sum(seen.map(([, w]) => w))
          const mean = sum(seen.map(([x, w]) => x * w)) / weights
          // Each value about the weighted mean of those before it; the first about the middle.
          const squares = sum(
            seen.map(([x, w], j) => {
              const before = seen.slice(0, j)
              const expected = j === 0 ? 0 : sum(before.map(([y, u]) => y * u)) / sum(before.map(([, u]) => u))
              return (w * (x - expected)) ** 2
            }),
          )
          const radius = stitchedBoundary(squares, 0.05, 2, 1) / weights
          expect(running.mean()).toBeCloseTo(mean, 9)
          expect(running.range().low).toBeCloseTo(Math.max(-1, mean - radius), 9)
          expect(running.range().high).toBeCloseTo(Math.min(1, mean + radius), 9)
        }
      }),
    )
  })

  test('holds the mean of what was to be expected at all times, though that moves', () => {
    const next = draws(1)
    let missed = 0
    for (let stream = 0; stream < 300; stream++)
      missed += misses(runningMean(-1, 1, 0.05), 1500, (i) => {
        const worse = i < 700 ? 0.02 : 0.3
        return { value: lossOf(next(), worse, 0.02), expected: worse - 0.02, weight: i % 3 === 0 ? 0.2 : 1 }
      })
    // At most 10 % of the streams may be missed ever; the boundary is known to be careful.
    expect(missed).toBeLessThanOrEqual(30)
  })

  test('is all that values can be before the first', () => {
    expect(runningMean(-1, 1, 0.05).range()).toEqual({ low: -1, high: 1 })
    expect(runningMean(-1, 1, 0.05).mean()).toBeUndefined()
  })
})

describe('the range of a mean without bounds', () => {
  test('is that of the definition', () => {
    const running = asymptoticMean(0.05)
    const values = [3, 1, 4, 1, 5, 9, 2, 6]
    for (const value of values) running.add(value)
    const n = values.length
    const mean = sum(values) / n
    const sd = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (n - 1))
    const rho = Math.sqrt((-2 * Math.log(0.1) + Math.log(-2 * Math.log(0.1) + 1)) / 500)
    const t = n * rho * rho
    const radius = sd * Math.sqrt(((2 * (t + 1)) / (n * t)) * Math.log(Math.sqrt(t + 1) / 0.1))
    expect(running.mean()).toBeCloseTo(mean, 12)
    expect(running.range().low).toBeCloseTo(mean - radius, 9)
    expect(running.range().high).toBeCloseTo(mean + radius, 9)
  })

  test('holds the mean at all times once there are some hundred values', () => {
    const next = draws(2)
    let missed = 0
    for (let stream = 0; stream < 300; stream++)
      missed += misses(
        asymptoticMean(0.05),
        2000,
        () => ({ value: -Math.log(1 - next()), expected: 1, weight: 1 }),
        100,
      )
    expect(missed).toBeLessThanOrEqual(30)
  })
})

/** Whether the range ever misses the weighted mean of expectations. */
function misses(
  running: RunningMean,
  count: number,
  make: (i: number) => { value: number; expected: number; weight: number },
  from = 1,
): number {
  let [total, weights] = [0, 0]
  for (let i = 0; i < count; i++) {
    const { value, expected, weight } = make(i)
    running.add(value, weight)
    total += weight * expected
    weights += weight
    const { low, high } = running.range()
    if (i >= from && (low > total / weights || high < total / weights)) return 1
  }
  return 0
}

const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0)
