import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conformalRiskThreshold, type RiskCurve } from '../../../src/core/stats/conformal-risk.ts'
import { mean } from '../../../src/core/stats/sum.ts'
import { hasSharedData, sharedJson } from '../../support/shared.ts'

/** The risk curve of a matrix of losses, a row of it for each row of data. */
const curveOf = (losses: readonly number[][], lambdas: readonly number[]): RiskCurve => ({
  lambdas,
  risks: lambdas.map((_, k) => mean(losses.map((row) => row[k])) ?? 0),
  n: losses.length,
})

describe.skipIf(!hasSharedData)('the oracle of conformal risk control', () => {
  test('is matched', () => {
    const { loss, lambdas, lhat } = sharedJson('oracles/statistics.json').crc
    const curve = curveOf(loss, lambdas)
    for (const [alpha, expected] of Object.entries(lhat)) {
      expect(conformalRiskThreshold(curve, Number(alpha))).toBe(expected)
    }
  })
})

describe('conformalRiskThreshold', () => {
  const lambdas = [0.1, 0.2, 0.3]

  test('is the last lambda before the risk, with one worst row more, exceeds alpha', () => {
    const curve = { lambdas, risks: [0, 0.1, 0.5], n: 9 }
    expect(conformalRiskThreshold(curve, 0.15)).toBe(0.1)
    expect(conformalRiskThreshold(curve, 0.2)).toBe(0.2)
    expect(conformalRiskThreshold(curve, 0.9)).toBe(0.3)
  })
  test('a risk of exactly alpha is allowed', () => {
    expect(conformalRiskThreshold({ lambdas, risks: [0, 1 / 19, 1 / 19], n: 19 }, 0.05)).toBe(0.1)
    expect(conformalRiskThreshold({ lambdas, risks: [0, 0, 0.5], n: 9 }, 0.1)).toBe(0.2)
  })
  test('no lambda qualifies with too few rows, whatever their losses', () => {
    expect(conformalRiskThreshold({ lambdas, risks: [0, 0, 0], n: 8 }, 0.1)).toBeUndefined()
    expect(conformalRiskThreshold({ lambdas: [], risks: [], n: 8 }, 0.5)).toBeUndefined()
    expect(conformalRiskThreshold({ lambdas, risks: [0, 0, 0], n: 0 }, 0.5)).toBeUndefined()
  })
  test('does not come back after the first lambda that exceeds alpha', () => {
    expect(conformalRiskThreshold({ lambdas, risks: [0, 0.9, 0], n: 99 }, 0.1)).toBe(0.1)
  })
  test('a smaller largest loss allows more', () => {
    const curve = { lambdas, risks: [0, 0.05, 0.08], n: 9 }
    expect(conformalRiskThreshold(curve, 0.1)).toBe(0.1)
    expect(conformalRiskThreshold({ ...curve, maxLoss: 0.1 }, 0.1)).toBe(0.3)
  })
  test('each row left out in turn loses at most alpha on average at the threshold from the others', () => {
    const row = fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
      .map((losses) => losses.toSorted((a, b) => a - b))
    const rows = fc.array(row, { minLength: 2, maxLength: 25 })
    fc.assert(
      fc.property(rows, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (losses, alpha) => {
        const order = [0, 1, 2, 3, 4, 5]
        const lost = losses.map((left, i) => {
          const chosen = conformalRiskThreshold(curveOf(losses.toSpliced(i, 1), order), alpha)
          return chosen === undefined ? 0 : left[chosen]
        })
        expect(mean(lost)).toBeLessThanOrEqual(alpha + 1e-12)
      }),
    )
  })
})
