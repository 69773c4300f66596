import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  binomialDeviance,
  incompleteBeta,
  incompleteBetaOdds,
  inverseIncompleteBeta,
  logGamma,
} from '../../../src/core/stats/special.ts'
import { expectNear } from './near.ts'

const share = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })
/** 0.5 to about a million, evenly by magnitude. */
const parameter = fc.double({ min: -0.69, max: 13.8, noNaN: true }).map(Math.exp)

describe('logGamma', () => {
  // mpmath, 45 digits
  test.each([
    [1e-300, 690.7755278982137],
    [1e-10, 23.025850929882736],
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [0.9, 0.06637623973474295],
    [1.5, -0.12078223763524522],
    [3, Math.LN2],
    [5.5, 3.9578139676187165],
    [11.99, 17.477885575426185],
    [12, 17.502307845873887],
    [50, 144.5657439463449],
    [1000, 5905.220423209181],
    [1e6, 12815504.569147611],
    [1e15, 3.3538776394910668e16],
  ])('of %d is %d', (z, expected) => expectNear(logGamma(z), expected, 1e-14))

  test('is next to nothing at its zeros 1 and 2', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14)
    expect(logGamma(2)).toBeCloseTo(0, 14)
  })
  test('satisfies Γ(z + 1) = z Γ(z)', () => {
    fc.assert(
      fc.property(parameter, (z) => {
        expect(logGamma(z + 1) - logGamma(z) - Math.log(z)).toBeCloseTo(0, 7)
      }),
    )
  })
})

describe('binomialDeviance', () => {
  test('is the Kullback-Leibler divergence times the number of trials', () => {
    expectNear(binomialDeviance(0.5, 30, 70), 30 * Math.log(0.6) + 70 * Math.log(1.4), 1e-14)
  })
  test('is the surprise of the only outcome left at no successes or no failures', () => {
    expectNear(binomialDeviance(0.1, 0, 50), -50 * Math.log(0.9), 1e-14)
    expectNear(binomialDeviance(0.1, 50, 0), -50 * Math.log(0.1), 1e-14)
  })
  test('is zero where the share is met and never negative', () => {
    expect(binomialDeviance(0.25, 250_000, 750_000)).toBe(0)
    fc.assert(
      fc.property(share, parameter, parameter, (x, a, b) => {
        expect(binomialDeviance(x, a, b)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('incompleteBeta', () => {
  // mpmath, 45 digits: the power series, and for large parameters the continued fraction DLMF 8.17.22
  test.each([
    [0.5, 0.5, 0.5, 0.5],
    [1e-12, 0.5, 0.5, 6.366197723676875e-7],
    [0.999, 0.5, 3, 0.9999999996873827],
    [0.25, 1, 1, 0.25],
    [0.02, 2.5, 7, 0.00258766301089724],
    [0.3, 10, 20, 0.3640040810719442],
    [0.9, 10, 20, 0.9999999999999593],
    [1e-5, 3, 500, 2.088021884514659e-8],
    [0.05, 50, 1000, 0.6554901770084424],
    [0.49, 1000, 1000, 0.18555265943151145],
    [0.5, 1e6, 1e6, 0.5],
    [0.499, 1e6, 1e6, 0.0023388494069315046],
    [0.49, 1e6, 1e6, 2.4904536576103943e-176],
    [1e-6, 0.5, 1e6, 0.8427008448381964],
    [0.9999995, 1e6, 0.5, 0.3173105078828051],
    [0.00995, 10000, 1e6, 0.691441598372534],
    [0.009321024747335012, 12345.6, 1e6, 8.919178321878891e-182],
  ])('at %d with %d and %d is %d', (x, a, b, expected) => {
    const relative = expected < 1e-100 ? 2e-13 : 1e-14
    expectNear(incompleteBeta(x, a, b), expected, relative)
  })

  test('is x^a where b is 1', () => {
    fc.assert(
      fc.property(share, fc.double({ min: 0.5, max: 9, noNaN: true }), (x, a) => {
        expectNear(incompleteBeta(x, a, 1), x ** a)
      }),
    )
  })
  test('mirrors itself', () => {
    fc.assert(
      fc.property(share, parameter, parameter, (x, a, b) => {
        expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a, x)).toBeCloseTo(1, 13)
      }),
    )
  })
  test('does not decrease in x', () => {
    fc.assert(
      fc.property(share, share, parameter, parameter, (x, other, a, b) => {
        const low = incompleteBeta(Math.min(x, other), a, b)
        expect(low).toBeLessThanOrEqual(incompleteBeta(Math.max(x, other), a, b) * (1 + 1e-12))
      }),
    )
  })
  test('is 0 and 1 at the ends and not a number without a number', () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0)
    expect(incompleteBeta(1, 2, 3)).toBe(1)
    expect(incompleteBeta(NaN, 2, 3)).toBeNaN()
  })
})

describe('inverseIncompleteBeta', () => {
  test('undoes the incomplete beta function', () => {
    fc.assert(
      fc.property(share, parameter, parameter, (p, a, b) => {
        const odds = incompleteBetaOdds(p, a, b)
        expectNear(incompleteBeta(odds / (1 + odds), a, b, 1 / (1 + odds)), p, 1e-11)
      }),
    )
  })
  test('keeps its precision in tails of 1e-300', () => {
    expectNear(inverseIncompleteBeta(1e-300, 1, 1), 1e-300)
    expectNear(inverseIncompleteBeta(1e-300, 2, 1), 1e-150)
    expectNear(incompleteBeta(inverseIncompleteBeta(1e-250, 1000, 1000), 1000, 1000), 1e-250, 1e-11)
  })
  test('takes the complement from a caller who knows it better', () => {
    expectNear(inverseIncompleteBeta(1 - 1e-30, 1, 1000, 1e-30), -Math.expm1(Math.log(1e-30) / 1000))
  })
  test('ends at 0 and 1, and below the smallest double at 0', () => {
    expect(inverseIncompleteBeta(0, 2, 3)).toBe(0)
    expect(inverseIncompleteBeta(1, 2, 3)).toBe(1)
    expect(inverseIncompleteBeta(1e-200, 0.5, 0.5)).toBeCloseTo(0, 300)
    expect(inverseIncompleteBeta(NaN, 2, 3)).toBeNaN()
  })
})
