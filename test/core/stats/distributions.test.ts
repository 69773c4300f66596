import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binomialCdf, normalCdf, normalQuantile, tCdf, tQuantile } from '../../../src/core/stats/distributions.ts'
import { expectNear } from './near.ts'

// The tables are from mpmath with 45 digits, and agree with scipy.stats where that is precise.

const level = fc.double({ min: 1e-300, max: 1 - 1e-12, noNaN: true })
const freedom = fc.double({ min: -0.7, max: 16.1, noNaN: true }).map(Math.exp)

describe('the normal distribution', () => {
  test.each([
    [-38, 2.88542835e-316],
    [-30, 4.906713927148187e-198],
    [-20, 2.7536241186062337e-89],
    [-10, 7.619853024160525e-24],
    [-6, 9.86587645037698e-10],
    [-5.5, 1.8989562465887718e-8],
    [-3, 0.0013498980316300946],
    [-1, 0.15865525393145705],
    [-0.7, 0.24196365222307303],
    [-0.67, 0.2514288950953101],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [1e-5, 0.500003989422804],
    [0.5, 0.6914624612740131],
    [1.96, 0.9750021048517795],
    [3, 0.9986501019683699],
    [8, 0.9999999999999993],
  ])('has %d at or below it with probability %d', (z, p) => expectNear(normalCdf(z), p, z < -37.5 ? 1e-7 : 1e-15))

  test.each([
    [1e-310, -37.663060331949524],
    [1e-100, -21.273453560965326],
    [1e-20, -9.262340089798407],
    [1e-12, -7.034483825301132],
    [1e-10, -6.361340902404057],
    [1e-5, -4.264890793922825],
    [0.001, -3.0902323061678136],
    [0.025, -1.9599639845400543],
    [0.07, -1.4757910281791706],
    [0.08, -1.4050715603096327],
    [0.25, -0.6744897501960817],
    [0.4999, -0.00025066283008800747],
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.9, 1.2815515655446006],
    [0.975, 1.9599639845400538],
    [0.999, 3.090232306167813],
  ])('has its quantile of level %d at %d', (p, z) => expectNear(normalQuantile(p), z, 1e-15))

  test('the quantile undoes the distribution function', () => {
    fc.assert(fc.property(level, (p) => expectNear(normalCdf(normalQuantile(p)), p, 3e-12)))
  })
  test('both end in infinity', () => {
    expect(normalQuantile(0)).toBe(-Infinity)
    expect(normalQuantile(1)).toBe(Infinity)
    expect(normalCdf(-Infinity)).toBe(0)
    expect(normalCdf(Infinity)).toBe(1)
    expect(normalCdf(NaN)).toBeNaN()
    expect(normalQuantile(NaN)).toBeNaN()
  })
  test('does not decrease, also across the joints of its approximations', () => {
    for (let z = -39.5; z < 9; z += 1 / 512) expect(normalCdf(z)).toBeLessThanOrEqual(normalCdf(z + 1 / 512))
  })
})

describe("Student's t", () => {
  test.each([
    [-1e10, 1, 3.1830988618379065e-11],
    [-1000, 2, 4.9999925000125e-7],
    [-40, 3.5, 4.38322055468651e-6],
    [-12.706204736432095, 1, 0.02499999999949565],
    [-6, 30, 6.971384383602371e-7],
    [-2.5, 4, 0.03338327240599407],
    [-1.5, 0.5, 0.25395089532405424],
    [-0.7, 9, 0.2508095196080726],
    [-0.001, 5, 0.4996203933860988],
    [0, 7, 0.5],
    [0.3, 1.7, 0.601598540801275],
    [1.96, 100, 0.9736105493168852],
    [2.5, 12, 0.9860423002143374],
    [-20, 1000, 2.0311442497623856e-75],
    [-5, 1e5, 2.8713508393208365e-7],
    [-1.96, 1e7, 0.024997909012657096],
    [-20, 1e7, 2.7647156034788506e-89],
  ])('at %d with %d degrees of freedom is %d', (t, df, p) => expectNear(tCdf(t, df), p, 4e-14))

  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.95, 5, 2.0150483733330233],
    [0.995, 10, 3.169272672616951],
    [0.9, 30, 1.3104150253913958],
    [0.025, 120, -1.979930405082441],
    [0.6, 3, 0.27667066233268983],
    [0.999, 4, 7.173182219782307],
    [1e-10, 3, -2225.7692846830932],
    [1e-5, 50, -4.7110081125447465],
    [1e-100, 8, -6974667417300.681],
    [0.975, 1e7, 1.959964221767205],
    [0.3, 0.5, -1.0095258786071661],
  ])('has its quantile of level %d with %d degrees of freedom at %d', (p, df, t) =>
    expectNear(tQuantile(p, df), t, 1e-14),
  )

  test('with one degree of freedom is the Cauchy distribution', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (t) => {
        expectNear(tCdf(t, 1), t < 0 ? Math.atan(-1 / t) / Math.PI : 0.5 + Math.atan(t) / Math.PI)
      }),
    )
  })
  test('with two degrees of freedom has a closed form', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (t) => {
        expectNear(tCdf(-t, 2), 1 / (Math.sqrt(t * t + 2) * (Math.sqrt(t * t + 2) + t)))
      }),
    )
  })
  test('the quantile undoes the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-100, max: 1 - 1e-12, noNaN: true }), freedom, (p, df) => {
        const t = tQuantile(p, df)
        if (Number.isFinite(t)) expectNear(tCdf(t, df), p, 1e-12)
      }),
    )
  })
  test('ends in infinity', () => {
    expect(tQuantile(0, 3)).toBe(-Infinity)
    expect(tQuantile(1, 3)).toBe(Infinity)
    expect(tQuantile(0.5, 3)).toBe(0)
    expect(tCdf(-Infinity, 3)).toBe(0)
    expect(tCdf(Infinity, 3)).toBe(1)
    expect(tCdf(NaN, 3)).toBeNaN()
  })
})

describe('binomialCdf', () => {
  test.each([
    [0, 1, 0.3, 0.7],
    [0, 100, 0.05, 0.0059205292203340235],
    [5, 10, 0.5, 0.623046875],
    [3, 20, 0.001, 0.99999999521663],
    [10, 500, 0.05, 0.0004600071542669931],
    [25, 500, 0.1, 3.540113222886187e-5],
    [490, 1000, 0.51, 0.10869862144489933],
    [999, 1000, 0.999, 0.6323045752290363],
    [100, 100_000, 0.002, 3.5400358333315156e-15],
    [499_000, 1_000_000, 0.5, 0.02280414993269104],
    [50, 1_000_000, 0.0001, 2.3985360747521685e-8],
    [0, 1_000_000, 1e-9, 0.9990004998328755],
    [9500, 10_000, 0.96, 4.7440331153962744e-7],
  ])('of %d in %d at %d is %d', (k, n, p, expected) => expectNear(binomialCdf(k, n, p), expected, 2e-14))

  test('is the sum of the probabilities', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (n, p) => {
        let probability = (1 - p) ** n
        let total = 0
        for (let k = 0; k < n; k++) {
          total += probability
          expectNear(binomialCdf(k, n, p), total, 1e-12)
          probability *= ((n - k) / (k + 1)) * (p / (1 - p))
        }
      }),
    )
  })
  test('is settled outside the possible counts and at the ends of p', () => {
    expect(binomialCdf(-1, 5, 0.3)).toBe(0)
    expect(binomialCdf(5, 5, 0.3)).toBe(1)
    expect(binomialCdf(0, 0, 0.3)).toBe(1)
    expect(binomialCdf(2, 5, 0)).toBe(1)
    expect(binomialCdf(2, 5, 1)).toBe(0)
  })
})
