import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sweepStatistics, type StatisticsOptions } from '../../../src/core/sweep-statistics.ts'
import { sweep, type SweepOptions } from '../../../src/core/sweep.ts'
import { pointAt, type Curve } from '../../../src/core/sweep/curve.ts'
import { indexOfThreshold } from '../../../src/core/sweep/grid.ts'
import { edgeOf } from '../../../src/core/statistics/bin-key.ts'
import type { Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import { memorySource } from '../../../src/data/engines/memory.ts'
import { anyDirection, outcomesOf, exactRows, type TestRow } from '../../support/outcomes.ts'
import { expectSameSweep } from '../../support/same-sweep.ts'

const statistics = async (outcomes: Outcomes, options?: StatisticsOptions) =>
  (await sweepStatistics(memorySource({ outcomes, findings: [] }), options)).result

const hasSignal = (rows: TestRow[]) =>
  rows.some(({ signal, second }) => Number.isFinite(signal) || Number.isFinite(second))
/** The rows say what the large model costs. */
const perRow = { costs: { small: 1 } }
const anySettings: fc.Arbitrary<SweepOptions> = fc.record({
  costs: fc.constantFrom(
    { small: 1, large: 20 },
    { small: 1, verify: 4, large: 20, verifyCost: 'always' },
    { small: 1 },
    { small: 0, large: 0 },
  ),
  grid: fc.constantFrom(
    undefined,
    { kind: 'linspace', count: 5 },
    { kind: 'quantile', count: 4 },
    { kind: 'values', values: [-1, 0.3] },
  ),
  target: fc.constantFrom(
    undefined,
    { minQuality: 0.6 },
    { maxCost: 8 },
    { qualityMinusCost: 0.01 },
    { maximize: 'delta-ibc' },
  ),
  wrongBelow: fc.constantFrom(undefined, 0.3),
})

describe('a sweep from sums', () => {
  test('is the sweep of the rows where the distinct values fit', () =>
    fc.assert(
      fc.asyncProperty(exactRows(), anyDirection, anySettings, async (rows, direction, options) => {
        fc.pre(hasSignal(rows))
        const outcomes = outcomesOf(rows, direction)
        expectSameSweep(await statistics(outcomes, options), sweep(outcomes, options))
      }),
    ))

  test('over bins that each hold one value is exact too', () =>
    fc.assert(
      fc.asyncProperty(exactRows(), anyDirection, async (rows, direction) => {
        const coarse = rows.map((row) => ({ ...row, signal: edgeOf(row.signal || 0, 14), second: undefined }))
        fc.pre(hasSignal(coarse))
        const outcomes = outcomesOf(coarse, direction)
        expectSameSweep(await statistics(outcomes, { ...perRow, exactValues: 0, bits: 24 }), sweep(outcomes, perRow), {
          oracle: false,
        })
      }),
    ))

  const within = (value: number | undefined, exact: number | undefined, most: number | undefined) => {
    if (value === undefined || exact === undefined || most === undefined) return expect(value).toBe(exact)
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(most + 1e-9)
  }
  const keeps = (curve: Curve, threshold: number) => pointAt(curve, indexOfThreshold(curve, threshold))

  test('over bins has bin edges, or single values, as thresholds, each with its exact figures, and keeps within its bound', () =>
    fc.assert(
      fc.asyncProperty(exactRows(120), anyDirection, fc.constantFrom(12, 13, 14), async (rows, direction, bits) => {
        const outcomes = outcomesOf(rows, direction)
        fc.pre(rows.some(({ signal }) => Number.isFinite(signal)))
        const [binned, exact] = [
          await statistics(outcomes, { ...perRow, exactValues: 0, bits }),
          sweep(outcomes, perRow),
        ]
        for (const { signal, exact: all, metrics } of exact.signals) {
          const found = binned.signals.find((each) => each.signal === signal)!
          const sign = all.direction === 'higher' ? 1 : -1
          const values = new Set(outcomes.signals.find(({ name }) => name === signal)!.values.map((value) => value + 0))
          for (let i = 1; i < found.exact.length - 1; i++) {
            const threshold = found.exact.thresholds[i]
            expect(values.has(threshold) || edgeOf(sign * threshold, bits) === sign * threshold + 0).toBe(true)
            const [here, there] = [pointAt(found.exact, i), keeps(all, threshold)]
            expect(here.kept).toBe(there.kept)
            expect(here.quality).toBeCloseTo(there.quality, 10)
            expect(here.totalCost).toBeCloseTo(there.totalCost, 8)
          }
          within(found.metrics.apgr, metrics.apgr, found.binned?.apgr ?? 0)
          within(found.metrics.aurocWrong, metrics.aurocWrong, found.binned?.aurocWrong ?? 0)
          within(found.metrics.aurocBenefit, metrics.aurocBenefit, found.binned?.aurocBenefit ?? 0)
          for (let i = 0; i < all.length; i++) {
            const point = pointAt(all, i)
            const ends = [...found.exact.kept.keys()].map((k) => pointAt(found.exact, k))
            const near = Math.min(...ends.map((end) => Math.abs(end.quality - point.quality)))
            expect(near).toBeLessThanOrEqual((found.binned?.quality ?? 0) + 1e-9)
          }
        }
      }),
    ))

  test('over bins, what grid, deciles and target ask for is exact', () =>
    fc.assert(
      fc.asyncProperty(exactRows(120), anyDirection, anySettings, async (rows, direction, options) => {
        const outcomes = outcomesOf(
          rows.map((row) => ({ ...row, second: undefined })),
          direction,
        )
        fc.pre(hasSignal(rows.map(({ signal, small, large }) => ({ signal, small, large }))))
        const binned = (await statistics(outcomes, { ...options, exactValues: 0, bits: 13 })).signals[0]
        const exact = sweep(outcomes, options).signals[0]
        if (options.grid !== undefined) {
          expect([...binned.curve.thresholds]).toEqual([...exact.curve.thresholds])
          expect([...binned.curve.kept]).toEqual([...exact.curve.kept])
        }
        expect(binned.metrics.routeLlm?.apgr ?? 0).toBeCloseTo(exact.metrics.routeLlm?.apgr ?? 0, 9)
        expect(binned.selected?.kept).toBe(exact.selected?.kept)
        expect(binned.selected?.quality ?? 0).toBeCloseTo(exact.selected?.quality ?? 0, 10)
      }),
    ))
})
