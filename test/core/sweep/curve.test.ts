import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replay } from '../../../src/core/policy/replay.ts'
import { exactCurve, pointAt, points, sortSignal } from '../../../src/core/sweep/curve.ts'
import { curveAt, gridThresholds, indexOfThreshold, parseGrid } from '../../../src/core/sweep/grid.ts'
import { anyDirection, outcomesOf, plainCosts, testRows, type TestRow } from '../../support/outcomes.ts'

const curveOf = (rows: TestRow[], direction: 'higher' | 'lower' = 'higher', large: number | 'per row' = 20) => {
  const outcomes = outcomesOf(rows, direction)
  const costs = plainCosts(large === 'per row' ? outcomes.large.cost! : large)
  const sorted = sortSignal(outcomes.signals[0])
  return { outcomes, costs, sorted, curve: exactCurve(outcomes, sorted, costs) }
}
const anyCost = fc.constantFrom(20 as const, 'per row' as const)

describe('the exact curve', () => {
  test('replaying decide() over the outcomes gives each operating point', () => {
    fc.assert(
      fc.property(testRows(), anyDirection, anyCost, (rows, direction, cost) => {
        const { outcomes, costs, curve } = curveOf(rows, direction, cost)
        for (const point of points(curve)) {
          const replayed = [...replay(outcomes, point.policy, costs)]
          expect(replayed.filter(({ decision }) => decision.action === 'keep')).toHaveLength(point.kept)
          expect(replayed.reduce((sum, each) => sum + each.quality, 0) / rows.length).toBeCloseTo(point.quality, 12)
          expect(replayed.reduce((sum, each) => sum + each.cost, 0)).toBeCloseTo(point.totalCost, 9)
        }
      }),
    )
  })

  test('with a verification signal, points and replay agree on who pays for verification', () => {
    fc.assert(
      fc.property(testRows(12), fc.constantFrom('used' as const, 'always' as const), (rows, verifyCost) => {
        const outcomes = outcomesOf(rows)
        outcomes.signals[0].verification = true
        const costs = { small: 1, verify: 4, large: 20, verifyCost, counted: false }
        for (const point of points(exactCurve(outcomes, sortSignal(outcomes.signals[0]), costs))) {
          const replayed = [...replay(outcomes, point.policy, costs)].reduce((sum, row) => sum + row.cost, 0)
          expect(replayed).toBeCloseTo(point.totalCost, 9)
        }
      }),
    )
  })

  test('has a point for each distinct value, one more, and one where the signal is missing somewhere', () => {
    fc.assert(
      fc.property(testRows(), anyDirection, (rows, direction) => {
        const { curve } = curveOf(rows, direction)
        const present = rows.map((row) => row.signal).filter(Number.isFinite)
        const distinct = new Set(present.map((value) => value + 0)).size
        const missing = rows.length - present.length
        expect(curve).toMatchObject({ distinct, missing })
        expect(curve.length).toBe(distinct === 0 ? 2 : distinct + 1 + (missing > 0 ? 1 : 0))
      }),
    )
  })

  test('runs from keeping everything to escalating everything, without a jump back', () => {
    fc.assert(
      fc.property(testRows(), anyDirection, anyCost, (rows, direction, cost) => {
        const all = [...points(curveOf(rows, direction, cost).curve)]
        expect(all[0]).toMatchObject({ policy: { always: 'keep' }, kept: rows.length, totalCost: rows.length })
        expect(all[all.length - 1]).toMatchObject({ policy: { always: 'escalate' }, kept: 0 })
        for (let i = 1; i < all.length; i++) {
          expect(all[i].kept).toBeLessThan(all[i - 1].kept)
          expect(all[i].totalCost).toBeGreaterThanOrEqual(all[i - 1].totalCost - 1e-9)
        }
      }),
    )
  })

  test('one row and a signal that is equal everywhere leave the two ends', () => {
    const row = { small: 0, large: 1, signal: -0.3 }
    for (const rows of [[row], [row, row, row]]) {
      const all = [...points(curveOf(rows).curve)]
      expect(all.map((point) => point.kept)).toEqual([rows.length, 0])
      expect(all[0].cascade).toEqual({ ibc: undefined, deltaIbc: undefined })
      expect(all[1].cascade.deltaIbc).toBeCloseTo(0, 12)
    }
  })

  test('both zeros are one value', () => {
    expect(
      curveOf([
        { small: 0, large: 1, signal: 0 },
        { small: 0, large: 1, signal: -0 },
      ]).curve.distinct,
    ).toBe(1)
  })
})

describe('ibc', () => {
  const rows = [
    { small: 0, large: 1, signal: -3 },
    { small: 0.5, large: 0.5, signal: -2 },
    { small: 1, large: 1, signal: -1 },
    { small: 1, large: 0.5, signal: 0 },
  ]
  test('has the values worked out by hand', () => {
    const outcomes = outcomesOf(rows)
    const costs = { small: 1, verify: 4, large: 20, verifyCost: 'always' as const, counted: false }
    const curve = exactCurve(outcomes, sortSignal(outcomes.signals[0]), costs)
    // Escalating the least certain row: quality 2.5/4 -> 3.5/4, cost 5 -> 10; always: quality 3/4, cost 25.
    const point = pointAt(curve, 1)
    expect(point).toMatchObject({ escalated: 1, quality: 0.875, cost: 10, qualityGapRecovered: 2, unstable: true })
    expect(point.cascade.ibc).toBeCloseTo(0.25 / 5, 12)
    expect(point.cascade.deltaIbc).toBeCloseTo((100 * (0.05 - 0.125 / 20)) / (0.125 / 20), 9)
    expect(point.standalone.ibc).toBeCloseTo(0.25 / 9, 12)
    expect(point.standalone.deltaIbc).toBeCloseTo((100 * (0.25 / 9 - 0.125 / 19)) / (0.125 / 19), 9)
  })
  test('has no value without extra cost, nor delta_ibc where the large model is no better', () => {
    const worse = rows.map((row) => ({ ...row, large: row.small / 2 }))
    const all = [...points(curveOf(worse).curve)]
    expect(all[0].cascade.ibc).toBeUndefined()
    expect(all.every((point) => point.cascade.deltaIbc === undefined && point.standalone.deltaIbc === undefined)).toBe(
      true,
    )
    const equal = rows.map((row) => ({ ...row, large: row.small }))
    expect([...points(curveOf(equal).curve)].every((point) => point.qualityGapRecovered === undefined)).toBe(true)
  })
})

describe('grids', () => {
  test('a point on a grid keeps the rows that its threshold keeps', () => {
    const grid = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { maxLength: 8 })
    fc.assert(
      fc.property(testRows(), anyDirection, grid, fc.boolean(), (rows, direction, thresholds, strict) => {
        const { curve } = curveOf(rows, direction)
        for (const threshold of thresholds) {
          const keeps = (s: number) => {
            if (!Number.isFinite(s)) return false
            const [value, limit] = direction === 'higher' ? [s, threshold] : [-s, -threshold]
            return strict ? value > limit : value >= limit
          }
          const kept = rows.filter((row) => keeps(row.signal)).length
          expect(curve.kept[indexOfThreshold(curve, threshold, strict)]).toBe(kept)
        }
      }),
    )
  })

  test('linspace:N spaces N values from minimum to maximum and leaves out the ends', () => {
    const { sorted } = curveOf([0, 4, 1, 8].map((signal) => ({ small: 0, large: 1, signal })))
    expect(gridThresholds({ kind: 'linspace', count: 5 }, sorted)).toEqual([2, 4, 6])
  })

  test('quantile:N stands at the N-quantiles, in either direction', () => {
    const rows = Array.from({ length: 101 }, (_, i) => ({ small: 0, large: 1, signal: i }))
    expect(gridThresholds({ kind: 'quantile', count: 4 }, curveOf(rows).sorted)).toEqual([25, 50, 75])
    expect(gridThresholds({ kind: 'quantile', count: 4 }, curveOf(rows, 'lower').sorted)).toEqual([75, 50, 25])
  })

  test('a curve on a grid keeps both ends and the order of escalation', () => {
    const { curve } = curveOf([-3, -2, -1].map((signal) => ({ small: 0, large: 1, signal })))
    const shown = curveAt(curve, [-1.5, -2.5, -9])
    expect([...shown.kept]).toEqual([3, 3, 2, 1, 0])
    expect([...shown.thresholds]).toEqual([NaN, -9, -2.5, -1.5, NaN])
  })

  test.each(['linspace:2', 'quantile:1', 'linspace:', 'every', '1,,2', '', '1,x', 'linspace:11.5'])(
    'refuses the grid %j',
    (text) => {
      expect(() => parseGrid(text)).toThrow(/is none of: exact, linspace:N/)
    },
  )
  test('reads the grids it offers', () => {
    expect(parseGrid('exact')).toEqual({ kind: 'exact' })
    expect(parseGrid('linspace:11')).toEqual({ kind: 'linspace', count: 11 })
    expect(parseGrid('quantile:100')).toEqual({ kind: 'quantile', count: 100 })
    expect(parseGrid('-0.5, -1e-3')).toEqual({ kind: 'values', values: [-0.5, -0.001] })
  })
})
