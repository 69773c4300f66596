import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hoeffdingBentkusPValue } from '../../../src/core/stats/hoeffding-bentkus.ts'
import { hasSharedData, sharedJson } from '../../support/shared.ts'
import { expectNear } from './near.ts'

/** The probabilities of 0 to n successes, one from the other. */
function binomial(n: number, p: number): number[] {
  const probabilities = [(1 - p) ** n]
  for (let k = 0; k < n; k++) probabilities.push(probabilities[k] * ((n - k) / (k + 1)) * (p / (1 - p)))
  return probabilities
}

/** The two bounds as they are written, for a mean of k / n. */
function naive(k: number, n: number, bound: number): number {
  const mean = Math.min(k / n, bound)
  const one = mean === 0 ? 0 : mean * Math.log(mean / bound)
  const other = mean === 1 ? 0 : (1 - mean) * Math.log((1 - mean) / (1 - bound))
  const atMost = binomial(n, bound).slice(0, k + 1)
  return Math.min(Math.exp(-n * (one + other)), Math.E * atMost.reduce((total, p) => total + p, 0), 1)
}

describe.skipIf(!hasSharedData)('the Hoeffding-Bentkus oracle', () => {
  test('is matched', () => {
    const cases = sharedJson('oracles/statistics.json').hb_p_value
    for (const { r_hat, n, alpha, p } of cases) expectNear(hoeffdingBentkusPValue(r_hat, n, alpha), p, 1e-9)
  })
})

describe('hoeffdingBentkusPValue', () => {
  const trials = fc.integer({ min: 1, max: 80 })
  const bounds = fc.double({ min: 0.01, max: 0.99, noNaN: true })

  test('is the smaller of the two bounds', () => {
    fc.assert(
      fc.property(trials, bounds, fc.double({ min: 0, max: 1, noNaN: true }), (n, bound, share) => {
        const k = Math.round(n * share)
        expectNear(hoeffdingBentkusPValue(k / n, n, bound), naive(k, n, bound), 1e-11)
      }),
    )
  })
  test('rejects a true hypothesis at most as often as it says', () => {
    fc.assert(
      fc.property(trials, bounds, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (n, bound, delta) => {
        let rejected = 0
        binomial(n, bound).forEach((probability, k) => {
          if (hoeffdingBentkusPValue(k / n, n, bound) <= delta) rejected += probability
        })
        expect(rejected).toBeLessThanOrEqual(delta * (1 + 1e-9))
      }),
    )
  })
  test('does not decrease in the mean', () => {
    fc.assert(
      fc.property(trials, bounds, (n, bound) => {
        let last = 0
        for (let k = 0; k <= 4 * n; k++) {
          const p = hoeffdingBentkusPValue(k / (4 * n), n, bound)
          expect(p).toBeGreaterThanOrEqual(last * (1 - 1e-12))
          last = p
        }
      }),
    )
  })
  test('takes a whole sum for whole, whatever its mean is rounded to', () => {
    expect(0.07 * 100).toBeGreaterThan(7)
    expectNear(hoeffdingBentkusPValue(0.07, 100, 0.2), naive(7, 100, 0.2), 1e-11)
    for (let n = 1; n <= 2000; n++) {
      expect(hoeffdingBentkusPValue(1 / n, n, 0.9)).toBeLessThanOrEqual(hoeffdingBentkusPValue(1.5 / n, n, 0.9))
    }
  })
  test('says nothing without values, at a mean on the bound or at a bound of 0', () => {
    expect(hoeffdingBentkusPValue(0, 0, 0.5)).toBe(1)
    expect(hoeffdingBentkusPValue(0.3, 100, 0.3)).toBe(1)
    expect(hoeffdingBentkusPValue(0, 100, 0)).toBe(1)
  })
  test('at a bound of 1 rules out what is impossible', () => {
    expect(hoeffdingBentkusPValue(0.5, 10, 1)).toBe(0)
    expect(hoeffdingBentkusPValue(0, 10, 1)).toBe(0)
    expect(hoeffdingBentkusPValue(1, 10, 1)).toBe(1)
  })
  test('without losses is the chance of none', () => {
    expectNear(hoeffdingBentkusPValue(0, 50, 0.1), 0.9 ** 50)
  })
})
