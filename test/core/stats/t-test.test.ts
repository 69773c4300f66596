import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalQuantile } from '../../../src/core/stats/distributions.ts'
import { moments, tTestPValue } from '../../../src/core/stats/t-test.ts'
import { expectNear, uniforms } from './near.ts'

describe('moments', () => {
  test('are the mean and the sample variance', () => {
    expect(moments([1, 2, 3, 4])).toEqual({ mean: 2.5, variance: 5 / 3 })
  })
  test('keep the variance beside a large mean', () => {
    expect(moments([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toEqual({ mean: 1e9 + 10, variance: 30 })
  })
  test('equal values have exactly no variance', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 2, max: 99 }), (value, n) => {
        const found = moments(Array<number>(n).fill(value))
        expect(found?.variance).toBe(0)
        expect(found!.mean === value).toBe(true)
      }),
    )
  })
  test('need two values', () => {
    expect(moments([])).toBeUndefined()
    expect(moments([1])).toBeUndefined()
  })
})

describe('tTestPValue', () => {
  const values = [0.1, 0.4, 0.35, 0.8, 0.05, 0.6, 0.2, 0.55]

  // scipy.stats.ttest_1samp(values, bound, alternative='less')
  test.each([
    [0.2, 0.9551651749359403],
    [0.4, 0.42220916604019776],
    [0.5, 0.11904671861225849],
    [0.7, 0.005258779972099432],
  ])('against a bound of %d is %d', (bound, p) => expectNear(tTestPValue(values, bound), p, 1e-12))

  test('is one half at the mean and falls as the bound rises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 30 }),
        fc.integer({ min: 0, max: 20 }),
        (values, bound) => {
          const { mean } = moments(values)!
          if (moments(values)!.variance > 0) expect(tTestPValue(values, mean)).toBe(0.5)
          expect(tTestPValue(values, bound + 1)).toBeLessThanOrEqual(tTestPValue(values, bound)!)
        },
      ),
    )
  })
  test('is uniform on normal values whose mean is the bound', () => {
    const next = uniforms(3)
    const rejected = [0.05, 0.5, 0.9].map(() => 0)
    for (let trial = 0; trial < 4000; trial++) {
      const p = tTestPValue(
        Array.from({ length: 5 }, () => normalQuantile(next())),
        0,
      )!
      ;[0.05, 0.5, 0.9].forEach((delta, i) => (rejected[i] += p <= delta ? 1 / 4000 : 0))
    }
    ;[0.05, 0.5, 0.9].forEach((delta, i) => expect(Math.abs(rejected[i] - delta)).toBeLessThan(0.025))
  })
  test('equal values decide by which side of the bound they are on', () => {
    expect(tTestPValue([0.1, 0.1, 0.1], 0.2)).toBe(0)
    expect(tTestPValue([0.1, 0.1, 0.1], 0.1)).toBe(1)
    expect(tTestPValue([0.3, 0.3], 0.1)).toBe(1)
  })
  test('needs two values', () => {
    expect(tTestPValue([], 0.5)).toBeUndefined()
    expect(tTestPValue([0.5], 0.5)).toBeUndefined()
  })
})
