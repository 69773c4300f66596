import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bettingPValue } from '../../../src/core/stats/betting.ts'
import { hasSharedData, sharedJson } from '../../support/shared.ts'
import { expectNear, uniforms } from './near.ts'

/** ln K after each value, every mean and variance from its definition over all values so far. */
function naiveLogs(values: readonly number[], bound: number, delta: number): number[] {
  const means = values.map((_, t) => (0.5 + values.slice(0, t + 1).reduce((a, x) => a + x, 0)) / (t + 2))
  const squares = values.map((x, i) => (x - means[i]) ** 2)
  let log = 0
  return values.map((x, i) => {
    const variance = (0.25 + squares.slice(0, i).reduce((a, s) => a + s, 0)) / (i + 1)
    const bet = Math.min(Math.sqrt((2 * Math.log(1 / delta)) / (values.length * variance)), 0.75 / (1 - bound))
    log += Math.log1p(bet * (bound - x))
    return log
  })
}

const naive = (values: readonly number[], bound: number, delta: number): number =>
  Math.min(1, Math.exp(-Math.max(...naiveLogs(values, bound, delta))))

describe.skipIf(!hasSharedData)('the betting oracle', () => {
  test('is matched', () => {
    const cases = sharedJson('oracles/statistics.json').wsr_p_value
    for (const { x, alpha, delta, p } of cases) expectNear(bettingPValue(x, alpha, delta), p, 1e-9)
  })
})

describe('bettingPValue', () => {
  const value = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1))
  const bounds = fc.double({ min: 0, max: 0.99, noNaN: true })
  const deltas = fc.double({ min: 0.001, max: 0.5, noNaN: true })

  test('is one over the largest product of bets', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), bounds, deltas, (values, bound, delta) => {
        expectNear(bettingPValue(values, bound, delta), naive(values, bound, delta), 1e-11)
      }),
    )
  })
  test('keeps its precision down to the smallest doubles', () => {
    const values = Array.from({ length: 830 }, (_, i) => (i % 40 === 0 ? 1 : 0))
    const p = bettingPValue(values, 0.6, 1e-300)
    expect(p).toBeGreaterThan(0)
    expect(p).toBeLessThan(1e-200)
    expectNear(p, naive(values, 0.6, 1e-300), 1e-9)
  })
  test('comes back from a capital below the smallest double', () => {
    const values = Array.from({ length: 3600 }, (_, i) => (i < 700 ? 1 : 0))
    const logs = naiveLogs(values, 0.5, 1e-200)
    expect(Math.min(...logs)).toBeLessThan(-750)
    expect(logs[logs.length - 1]).toBeGreaterThan(5)
    expectNear(bettingPValue(values, 0.5, 1e-200), naive(values, 0.5, 1e-200), 1e-9)
  })
  test('does not overflow over a million values', () => {
    expect(bettingPValue(new Float64Array(1_000_000), 0.5, 1e-300)).toBe(0)
    expect(bettingPValue(new Float64Array(1_000_000).fill(1), 0.5, 0.05)).toBe(1)
  })
  test('does not increase in the bound, whether or not bets reach their limit', () => {
    const values = fc.array(value, { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(values, bounds, bounds, deltas, (list, one, other, delta) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        expect(bettingPValue(list, high, delta)).toBeLessThanOrEqual(bettingPValue(list, low, delta) * (1 + 1e-12))
      }),
    )
  })
  test('rejects a true hypothesis at most as often as it says', () => {
    const next = uniforms(11)
    let rejected = 0
    for (let trial = 0; trial < 2000; trial++) {
      const values = Array.from({ length: 120 }, () => (next() < 0.2 ? 1 : 0))
      if (bettingPValue(values, 0.2, 0.1) <= 0.1) rejected++
    }
    expect(rejected / 2000).toBeLessThan(0.1 + 0.015)
    expect(rejected).toBeGreaterThan(20)
  })
  test('says nothing without values, at a bound of 0 or by losses alone', () => {
    expect(bettingPValue([], 0.5, 0.1)).toBe(1)
    expect(bettingPValue([0, 0, 0], 0, 0.1)).toBe(1)
    expect(bettingPValue([1, 1, 1, 1], 0.9, 0.1)).toBe(1)
  })
  test('at a bound of 1 bets without a limit', () => {
    const bet = Math.sqrt((2 * Math.log(10)) / 0.25)
    expectNear(bettingPValue([0], 1, 0.1), 1 / (1 + bet))
    expect(bettingPValue([1, 1], 1, 0.1)).toBe(1)
  })
})
