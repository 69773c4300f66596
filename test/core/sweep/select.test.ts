import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestThreshold, type BoundableTarget } from '../../../src/core/sweep/best-threshold.ts'
import { exactCurve, points, qualityOverCost, sortSignal } from '../../../src/core/sweep/curve.ts'
import { oracleCurve } from '../../../src/core/sweep/oracle.ts'
import { selectPoint } from '../../../src/core/sweep/target.ts'
import { sweep } from '../../../src/core/sweep.ts'
import { anyDirection, outcomesOf, plainCosts, testRows } from '../../support/outcomes.ts'

// On a grid: a target within 1e-12 of a point's own quality counts as met, or not, by rounding.
const upTo = (max: number, min = 0) => fc.integer({ min: min * 1000, max: max * 1000 }).map((n) => n / 1000)
const target: fc.Arbitrary<BoundableTarget> = fc.oneof(
  upTo(1).map((minQuality) => ({ minQuality })),
  upTo(0.5, -0.1).map((maxQualityLoss) => ({ maxQualityLoss })),
  upTo(20).map((maxCost) => ({ maxCost })),
  upTo(0.2).map((qualityMinusCost) => ({ qualityMinusCost })),
)

describe('the best threshold for a target', () => {
  test('is the best of all operating points, and the histogram search finds one as good', () => {
    fc.assert(
      fc.property(testRows(120), anyDirection, fc.boolean(), target, (rows, direction, perRow, asked) => {
        const outcomes = outcomesOf(rows, direction)
        const costs = plainCosts(perRow ? outcomes.large.cost! : 7)
        const curve = exactCurve(outcomes, sortSignal(outcomes.signals[0]), costs)
        const selected = selectPoint(curve, asked)
        const found = bestThreshold(outcomes, outcomes.signals[0], costs, asked)
        const allowed = [...points(curve)].filter(
          (p) =>
            !('minQuality' in asked && p.quality < asked.minQuality - 1e-11) &&
            !(
              'maxQualityLoss' in asked && p.quality < [...points(curve)].at(-1)!.quality - asked.maxQualityLoss - 1e-11
            ) &&
            !('maxCost' in asked && p.cost > asked.maxCost + 1e-9),
        )
        if (selected === undefined || found === undefined) {
          expect([selected, found]).toEqual([undefined, undefined])
          return
        }
        const value = (p: { quality: number; cost: number }) =>
          'qualityMinusCost' in asked
            ? p.quality - asked.qualityMinusCost * p.cost
            : 'maxCost' in asked
              ? p.quality
              : -p.cost
        const best = Math.max(...allowed.map(value))
        expect(value(selected)).toBeCloseTo(best, 9)
        expect(value(found)).toBeCloseTo(best, 9)
        expect(allowed.some((p) => p.kept === found.kept)).toBe(true)
      }),
    )
  })

  test('of ΔIBC is the highest among the points that at least 30 escalated rows make', () => {
    fc.assert(
      fc.property(testRows(120), anyDirection, (rows, direction) => {
        const outcomes = outcomesOf(rows, direction)
        const curve = exactCurve(outcomes, sortSignal(outcomes.signals[0]), plainCosts(outcomes.large.cost!))
        const values = [...points(curve)]
          .filter(({ escalated }) => escalated >= 30)
          .flatMap(({ cascade }) => cascade.deltaIbc ?? [])
        const selected = selectPoint(curve, { maximize: 'delta-ibc' })
        if (values.length === 0) expect(selected).toBeUndefined()
        else expect(selected!.cascade.deltaIbc).toBeCloseTo(Math.max(...values), 6)
      }),
    )
  })

  test('where nothing is good enough there is none', () => {
    const outcomes = outcomesOf([{ small: 0, large: 0.5, signal: 1 }])
    const curve = exactCurve(outcomes, sortSignal(outcomes.signals[0]), plainCosts(1))
    expect(selectPoint(curve, { minQuality: 0.6 })).toBeUndefined()
    expect(bestThreshold(outcomes, outcomes.signals[0], plainCosts(1), { minQuality: 0.6 })).toBeUndefined()
  })
})

describe('the oracle', () => {
  test('has the highest APGR of any order, also where calls cost differently', () => {
    fc.assert(
      fc.property(testRows(), anyDirection, (rows, direction) => {
        const result = sweep(outcomesOf([...rows, { small: 0, large: 1, signal: 0 }], direction), {
          costs: { small: 1 },
        })
        const [{ metrics }] = result.signals
        if (metrics.apgr !== undefined) expect(result.oracleApgr).toBeGreaterThanOrEqual(metrics.apgr - 1e-9)
      }),
    )
  })

  test('lies on or above every curve at every cost', () => {
    fc.assert(
      fc.property(testRows(), anyDirection, fc.boolean(), (rows, direction, perRow) => {
        const outcomes = outcomesOf(rows, direction)
        const costs = plainCosts(perRow ? outcomes.large.cost! : 3)
        const ceiling = qualityOverCost(oracleCurve(outcomes, costs))
        const at = (cost: number) => {
          const right = ceiling.x.findIndex((x) => x >= cost - 1e-12)
          // Of several points at one cost the best counts.
          if (Math.abs(ceiling.x[right] - cost) < 1e-9)
            return Math.max(...ceiling.y.filter((_, i) => Math.abs(ceiling.x[i] - cost) < 1e-9))
          const share = (cost - ceiling.x[right - 1]) / (ceiling.x[right] - ceiling.x[right - 1])
          return ceiling.y[right - 1] + share * (ceiling.y[right] - ceiling.y[right - 1])
        }
        for (const point of points(exactCurve(outcomes, sortSignal(outcomes.signals[0]), costs)))
          expect(point.quality).toBeLessThanOrEqual(at(point.cost) + 1e-9)
      }),
    )
  })
})
