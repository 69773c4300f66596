import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { curveIntervals } from '../../../src/core/intervals/curve-intervals.ts'
import { shownRange } from '../../../src/core/stats/interval.ts'
import { finish } from '../../../src/core/stats/work.ts'
import { exactCurve, pointAt, sortSignal } from '../../../src/core/sweep/curve.ts'
import { openingStop, stopPoint, stopsOf } from '../../../src/report/figures/stops.ts'
import { anyCosts, groupedOutcomes, groupedRows, type GroupedRow } from '../../support/grouped.ts'
import { plainCosts } from '../../support/outcomes.ts'

const shapes = fc.record({
  direction: fc.constantFrom('higher' as const, 'lower' as const),
  verification: fc.boolean(),
})
const options = { resamples: 20, worth: true, seed: 2 }

function figureOf(
  rows: GroupedRow[],
  shape: { direction?: 'higher' | 'lower'; verification?: boolean },
  costs: ReturnType<typeof plainCosts>,
  more: { points?: number; also?: number[] } = {},
) {
  const outcomes = groupedOutcomes(rows, shape)
  const sorted = sortSignal(outcomes.signals[0])
  const curve = exactCurve(outcomes, sorted, costs)
  const intervals = finish(curveIntervals(outcomes, sorted, costs, { ...options, ...more }))
  const { signal, direction, base } = curve
  return { curve, intervals, of: { signal, direction, base, stops: stopsOf(curve, intervals) } }
}

describe('a stop', () => {
  test('gives to the last digit what its point of the exact curve gives', () => {
    fc.assert(
      fc.property(groupedRows(), shapes, anyCosts, fc.integer({ min: 2, max: 9 }), (rows, shape, costsOf, points) => {
        const { curve, intervals, of } = figureOf(rows, shape, costsOf(rows), { points })
        expect(intervals.points[0]).toBe(0)
        expect(intervals.points.at(-1)).toBe(curve.length - 1)
        intervals.points.forEach((i, stop) => expect(stopPoint(of, stop)).toEqual(pointAt(curve, i)))
      }),
      { numRuns: 200 },
    )
  })

  test('survives being written as JSON', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ group: i >> 1, small: i % 2, large: 1, signal: -i / 7 }))
    const { of } = figureOf([...rows, { group: 99, small: 0, large: 1, signal: NaN }], {}, plainCosts(20.1))
    expect(JSON.parse(JSON.stringify(of.stops))).toEqual(of.stops)
  })

  test('has the intervals of the whole curve, to six digits, in the order of its points', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ group: i >> 1, small: i % 2, large: 1, signal: -i / 7 }))
    const { intervals, of } = figureOf(rows, {}, plainCosts(20), { points: 11 })
    const rounded = (value: number | undefined) => (value === undefined ? null : Number(value.toPrecision(6)))
    const { stops } = of
    for (const [columns, estimates] of [
      [stops.quality, intervals.quality.each],
      [stops.cost, intervals.cost.each],
      [stops.keptShare, intervals.keptShare.each],
      [stops.ibc, intervals.worth!.ibc],
      [stops.deltaIbc, intervals.worth!.deltaIbc],
      [stops.deltaIbcStandalone, intervals.worth!.deltaIbcStandalone],
      [stops.saving, intervals.worth!.saving],
    ] as const) {
      expect(columns.low).toEqual(estimates.map((estimate) => rounded(shownRange(estimate)?.low)))
      expect(columns.high).toEqual(estimates.map((estimate) => rounded(shownRange(estimate)?.high)))
    }
    expect(stops.band.low).toEqual(Array.from(intervals.quality.band.low, rounded))
  })

  test('has no interval without resamples', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ group: i, small: i % 2, large: 1, signal: -i }))
    const outcomes = groupedOutcomes(rows)
    const sorted = sortSignal(outcomes.signals[0])
    const curve = exactCurve(outcomes, sorted, plainCosts(20))
    const none = finish(curveIntervals(outcomes, sorted, plainCosts(20), { resamples: 0, worth: true, points: 5 }))
    const { quality, deltaIbc, band } = stopsOf(curve, none)
    for (const { low, high } of [quality, deltaIbc, band]) expect([...low, ...high]).toEqual(Array(10).fill(null))
  })
})

describe('a threshold asked for', () => {
  test('is a stop beside the others, with the interval that it has among all points', () => {
    fc.assert(
      fc.property(groupedRows(), anyCosts, fc.nat(), (rows, costsOf, any) => {
        const costs = costsOf(rows)
        const all = figureOf(rows, {}, costs, { points: 512 })
        const asked = any % all.curve.length
        const { intervals } = figureOf(rows, {}, costs, { points: 2, also: [asked] })
        const at = intervals.points.indexOf(asked)
        expect([...new Set([0, asked, all.curve.length - 1])]).toEqual([...intervals.points])
        expect(intervals.quality.each[at]).toEqual(all.intervals.quality.each[asked])
        expect(intervals.worth!.deltaIbc[at]).toEqual(all.intervals.worth!.deltaIbc[asked])
      }),
      { numRuns: 100 },
    )
  })
})

describe('the stop to open with', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    group: i,
    small: Number(i % 200 > 120 || i % 3 === 0),
    large: Number(i % 7 !== 0),
    signal: i,
  }))

  test('has the highest ΔIBC of those that escalate 30 rows or more', () => {
    const { of } = figureOf(rows, {}, plainCosts(20), { points: 201 })
    const points = of.stops.kept.map((_, stop) => stopPoint(of, stop))
    const best = Math.max(
      ...points.filter(({ escalated }) => escalated >= 30).map(({ cascade }) => cascade.deltaIbc ?? -Infinity),
    )
    const chosen = points[openingStop(of)]
    expect(chosen.cascade.deltaIbc).toBe(best)
    expect(chosen.escalated).toBeGreaterThanOrEqual(30)
  })

  test('is the middle where nothing has a ΔIBC, or too few rows can escalate', () => {
    const worse = figureOf(
      rows.map((row) => ({ ...row, small: 1, large: 0 })),
      {},
      plainCosts(20),
      { points: 101 },
    )
    expect(openingStop(worse.of)).toBe(50)
    const few = figureOf(rows.slice(0, 20), {}, plainCosts(20), { points: 101 })
    expect(openingStop(few.of)).toBe(Math.floor(few.of.stops.kept.length / 2))
  })
})
