import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chiSquaredTail, normalCdf } from '../../../src/core/stats/distributions.ts'
import { upperGamma } from '../../../src/core/stats/incomplete-gamma.ts'
import { expectNear } from './near.ts'

const size = fc.double({ min: -3, max: 10, noNaN: true }).map(Math.exp)

describe('the upper incomplete gamma function', () => {
  // mpmath, 45 digits
  test.each([
    [0.5, 1e-10, 0.9999887162083294],
    [0.5, 0.1, 0.654720846018577],
    [0.5, 2, 0.04550026389635842],
    [0.5, 300, 1.674167984691788e-132],
    [1, 1, 0.36787944117144233],
    [1, 50, 1.9287498479639178e-22],
    [2.5, 0.2, 0.9953295932358704],
    [2.5, 3, 0.3062189184132784],
    [2.5, 30, 1.215456977718304e-11],
    [9.5, 9.5, 0.4568361255919624],
    [9.5, 9, 0.522438273986263],
    [9.5, 60, 1.1092173716436198e-16],
    [10, 10.9, 0.35146108369142126],
    [10, 11.1, 0.3297574768649414],
    [100, 70, 0.9995696274050201],
    [100, 100, 0.48670120172085135],
    [100, 150, 5.924540335483916e-6],
    [1e4, 9700, 0.9987658244155315],
    [1e4, 10300, 0.0014704948963856813],
    [1e6, 1e6, 0.4998670192391274],
    [1e6, 1010000, 1.0606997477586902e-23],
  ])('of %d at %d is %d', (a, x, expected) => expectNear(upperGamma(a, x), expected, 1e-13))

  test('falls from 1 to 0', () => {
    expect([upperGamma(3, 0), upperGamma(3, Infinity)]).toEqual([1, 0])
    fc.assert(
      fc.property(size, size, size, (a, x, step) => {
        expect(upperGamma(a, x + step)).toBeLessThanOrEqual(upperGamma(a, x) + 1e-15)
      }),
    )
  })
  test('of shape 1 is exp(-x), and steps up in shape by the Poisson term', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 600, noNaN: true }), (x) => expectNear(upperGamma(1, x), Math.exp(-x))),
    )
    for (let a = 1, sum = 0, term = 1; a <= 20; term *= 7 / a, a++) {
      sum += term
      expectNear(upperGamma(a, 7), sum * Math.exp(-7))
    }
  })
  test('is the square of a normal variable at shape 1/2', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 30, noNaN: true }), (z) =>
        expectNear(upperGamma(0.5, (z * z) / 2), 2 * normalCdf(-z), 1e-12),
      ),
    )
  })
})

// Abramowitz & Stegun, table 26.8: percentage points of χ².
test.each([
  [1, 3.841, 0.05],
  [1, 10.828, 0.001],
  [2, 5.991, 0.05],
  [5, 15.086, 0.01],
  [10, 3.94, 0.95],
  [10, 29.588, 0.001],
  [19, 30.144, 0.05],
  [19, 43.82, 0.001],
  [30, 14.953, 0.99],
  [100, 135.807, 0.01],
])('χ² with %d degrees of freedom is above %d with probability %d', (df, x, p) =>
  expectNear(chiSquaredTail(x, df), p, 5e-4),
)
