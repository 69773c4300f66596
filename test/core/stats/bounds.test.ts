import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clopperPearsonUpper, dkwRadius, empiricalBernsteinUpper } from '../../../src/core/stats/bounds.ts'
import { binomialCdf } from '../../../src/core/stats/distributions.ts'
import { hasSharedData, sharedJson } from '../../support/shared.ts'
import { expectNear, uniforms } from './near.ts'

const deltas = fc.double({ min: 1e-12, max: 0.5, noNaN: true })

describe.skipIf(!hasSharedData)('the oracle of confidence bounds', () => {
  test('is matched', () => {
    const oracle = sharedJson('oracles/statistics.json')
    for (const { n, delta, eps } of oracle.dkw_eps) expectNear(dkwRadius(n, delta), eps, 1e-9)
    for (const { k, n, delta, upper } of oracle.clopper_pearson_upper) {
      expectNear(clopperPearsonUpper(k, n, delta), upper, 1e-9)
    }
    const { x, delta, upper } = oracle.empirical_bernstein_upper
    expectNear(empiricalBernsteinUpper(x, delta), upper, 1e-9)
  })
})

describe('dkwRadius', () => {
  test('is where the bound 2 exp(-2 n ε²) equals delta', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), deltas, (n, delta) => {
        expectNear(2 * Math.exp(-2 * n * dkwRadius(n, delta) ** 2), delta, 1e-12)
      }),
    )
  })
  test('halves with four times the values and is infinite without any', () => {
    expectNear(dkwRadius(400, 0.05), dkwRadius(100, 0.05) / 2)
    expect(dkwRadius(0, 0.05)).toBe(Infinity)
  })
})

describe('clopperPearsonUpper', () => {
  // scipy.stats.beta.isf(delta, k + 1, n - k)
  test.each([
    [0, 10, 0.05, 0.2588655508930523],
    [1, 10, 0.05, 0.39416330243650477],
    [9, 10, 0.1, 0.9895192582062144],
    [3, 50, 0.01, 0.18720925616529485],
    [0, 1000, 1e-6, 0.013720514368789528],
    [200, 1000, 0.05, 0.22195143319958585],
    [12_345, 1_000_000, 0.001, 0.012690005352071558],
  ])('of %d in %d at %d is %d', (k, n, delta, upper) => expectNear(clopperPearsonUpper(k, n, delta), upper, 1e-12))

  test('is the proportion that makes so few successes as rare as delta', () => {
    const trials = fc
      .integer({ min: 1, max: 5000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.constant(n)))
    fc.assert(
      fc.property(trials, deltas, ([k, n], delta) => {
        const upper = clopperPearsonUpper(k, n, delta)
        expect(upper).toBeGreaterThan(k / n)
        // Near 1 the spacing of doubles is all that p can hold.
        expectNear(binomialCdf(k, n, upper), delta, 1e-12 + (n * 1e-15) / (1 - upper))
      }),
    )
  })
  test('without a success has a closed form, and with nothing else is 1', () => {
    expectNear(clopperPearsonUpper(0, 100, 1e-20), -Math.expm1(Math.log(1e-20) / 100))
    expect(clopperPearsonUpper(7, 7, 0.05)).toBe(1)
    expect(clopperPearsonUpper(0, 0, 0.05)).toBe(1)
  })
})

describe('empiricalBernsteinUpper', () => {
  test('is the formula written out', () => {
    const values = [0, 1, 0.5, 0.25]
    const variance = (0.4375 ** 2 + 0.5625 ** 2 + 0.0625 ** 2 + 0.1875 ** 2) / 3
    const log = Math.log(2 / 0.1)
    const expected = 0.4375 + Math.sqrt((2 * variance * log) / 4) + (7 * log) / (3 * 3)
    expectNear(empiricalBernsteinUpper(values, 0.1), expected, 1e-14)
  })
  test('misses the mean at most as often as it says', () => {
    const next = uniforms(17)
    let missed = 0
    for (let trial = 0; trial < 2000; trial++) {
      const values = Array.from({ length: 200 }, () => next() ** 3)
      if (empiricalBernsteinUpper(values, 0.2)! < 0.25) missed++
    }
    expect(missed / 2000).toBeLessThan(0.2)
  })
  test('of equal values keeps only the term that falls with n', () => {
    expectNear(empiricalBernsteinUpper(Array<number>(101).fill(0.3), 0.1), 0.3 + (7 * Math.log(20)) / 300)
  })
  test('needs two values', () => expect(empiricalBernsteinUpper([0.5], 0.1)).toBeUndefined())
})
