import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  areaNames,
  curveIntervals,
  followCurve,
  MAX_BAND_POINTS,
  worthNames,
} from '../../../src/core/intervals/curve-intervals.ts'
import { cutsOf } from '../../../src/core/intervals/ordered-rows.ts'
import { pairedDifference } from '../../../src/core/intervals/paired.ts'
import { quantities } from '../../../src/core/intervals/policy-intervals.ts'
import { route, routedPoint } from '../../../src/core/intervals/routed.ts'
import { curveMetrics } from '../../../src/core/metrics/metrics.ts'
import { seeded, drawCounts } from '../../../src/core/stats/random.ts'
import { finish } from '../../../src/core/stats/work.ts'
import { baselines } from '../../../src/core/sweep/baselines.ts'
import { exactCurve, policyAt, sortSignal } from '../../../src/core/sweep/curve.ts'
import { plainCosts } from '../../support/outcomes.ts'
import {
  anyCosts,
  expanded,
  expandedCosts,
  groupedOutcomes,
  groupedRows,
  type GroupedRow,
} from '../../support/grouped.ts'

const shapes = fc.record({
  direction: fc.constantFrom('higher' as const, 'lower' as const),
  verification: fc.boolean(),
})
/** Weights of up to seven groups, none of them included. */
const anyWeights = fc.array(fc.constantFrom(0, 0, 1, 1, 2, 5), { minLength: 7, maxLength: 7 })

/** A curve and its statistic under weights, beside the same outcomes with every group copied as often. */
function weighedAndExpanded(
  rows: GroupedRow[],
  shape: { direction: 'higher' | 'lower'; verification: boolean },
  costsOf: (rows: readonly GroupedRow[]) => ReturnType<typeof plainCosts>,
  weightList: number[],
  points: number,
) {
  const outcomes = groupedOutcomes(rows, shape)
  const costs = costsOf(rows)
  const sorted = sortSignal(outcomes.signals[0])
  const curve = exactCurve(outcomes, sorted, costs)
  const followed = followCurve(outcomes, curve, sorted, costs, { points, worth: true })
  const weights = Uint8Array.from(weightList.slice(0, outcomes.groups.count))
  const values = new Float64Array(followed.statistic.size)
  followed.statistic.compute(weights, values)
  const copies = expanded(outcomes, weights)
  return { curve, followed, values, copies: copies.outcomes, copiedCosts: expandedCosts(costs, copies.rows) }
}

describe('a weighed curve', () => {
  test('has the areas of the outcomes with every group copied as often as it weighs', () => {
    fc.assert(
      fc.property(groupedRows(), shapes, anyCosts, anyWeights, (rows, shape, costsOf, weightList) => {
        const { values, copies, copiedCosts } = weighedAndExpanded(rows, shape, costsOf, weightList, MAX_BAND_POINTS)
        if (copies.rows === 0) return
        const sorted = sortSignal(copies.signals[0])
        const metrics = curveMetrics(copies, exactCurve(copies, sorted, copiedCosts), sorted)
        const expected = [metrics.apgr, metrics.routeLlm?.apgr, metrics.aiq, metrics.cascadeRoutingAuc]
        areaNames.forEach((name, k) => {
          if (expected[k] === undefined) expect(values[k], name).toBeNaN()
          else expect(values[k], name).toBeCloseTo(expected[k], 9)
        })
      }),
      { numRuns: 1000 },
    )
  })

  test('has quality, cost and kept share of each policy replayed on those copies', () => {
    fc.assert(
      fc.property(
        groupedRows(20),
        shapes,
        anyCosts,
        anyWeights,
        fc.integer({ min: 2, max: 12 }),
        (rows, shape, costsOf, weightList, points) => {
          const { curve, followed, values, copies, copiedCosts } = weighedAndExpanded(
            rows,
            shape,
            costsOf,
            weightList,
            points,
          )
          if (copies.rows === 0) return
          const { length } = followed.points
          const base = baselines(copies, copiedCosts, copies.signals[0].verification === true)
          followed.points.forEach((i, k) => {
            const policy = policyAt(curve, i)
            const point = routedPoint(copies, route(copies, policy, copiedCosts), copiedCosts, policy)
            worthNames.forEach((name, w) => {
              const value = values[areaNames.length + (3 + w) * length + k]
              const expected = quantities[name](point, base)
              if (expected === undefined) expect(value, name).toBeNaN()
              else expect(Math.abs(value - expected), name).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)))
            })
            expect(values[areaNames.length + k]).toBeCloseTo(point.quality, 10)
            expect(values[areaNames.length + length + k]).toBeCloseTo(point.cost, 9)
            expect(values[areaNames.length + 2 * length + k]).toBeCloseTo(point.keptShare, 12)
          })
        },
      ),
      { numRuns: 300 },
    )
  })

  test('has no areas where the gap in quality is only the rounding of a sum', () => {
    const rows = [0.1, 0.2].map((gain, group) => ({ group, small: 0, large: gain, signal: group }))
    rows.push({ group: 2, small: 0.3, large: 0, signal: 2 })
    const outcomes = groupedOutcomes(rows)
    const sorted = sortSignal(outcomes.signals[0])
    const { areas } = finish(curveIntervals(outcomes, sorted, plainCosts(20), { resamples: 50 }))
    expect(areas.apgr.value).toBeUndefined()
    expect(areas.routeLlmApgr.value).toBeUndefined()
    expect(areas.aiq.value).toBeGreaterThan(0)
  })

  test('of no group has no value anywhere', () => {
    const rows = [0, 1, 2].map((group) => ({ group, small: 0, large: 1, signal: group }))
    const { values } = weighedAndExpanded(
      rows,
      { direction: 'higher', verification: false },
      () => plainCosts(20),
      [0, 0, 0],
      5,
    )
    expect(values.every(Number.isNaN)).toBe(true)
  })
})

describe('the thresholds that are followed', () => {
  test('are all there are up to the number asked for, else spread over the rows, ends included', () => {
    fc.assert(
      fc.property(groupedRows(60), fc.integer({ min: 2, max: 20 }), (rows, count) => {
        const outcomes = groupedOutcomes(rows)
        const curve = exactCurve(outcomes, sortSignal(outcomes.signals[0]), plainCosts(20))
        const { points, cuts } = cutsOf(curve, count)
        expect(points.length).toBeLessThanOrEqual(count)
        if (curve.length <= count) expect(points).toHaveLength(curve.length)
        expect([points[0], points[points.length - 1]]).toEqual([0, curve.length - 1])
        points.forEach((point, k) => {
          if (k > 0) expect(point).toBeGreaterThan(points[k - 1])
          expect(cuts[k]).toBe(rows.length - curve.kept[point])
        })
        // No step over the rows is longer than asked for, but where a run of equal values is.
        for (let k = 1; k < points.length; k++)
          if (points[k] - points[k - 1] > 1) {
            const previous = curve.kept[points[k - 1]] - curve.kept[points[k] - 1]
            expect(previous).toBeLessThanOrEqual(Math.ceil(rows.length / (count - 1)))
          }
      }),
    )
  })
})

describe('curveIntervals', () => {
  const rows = Array.from({ length: 120 }, (_, i) => ({
    group: i % 40,
    small: (i * 7) % 5 > 1 ? 1 : 0,
    large: (i * 11) % 13 > 1 ? 1 : 0,
    signal: ((i * 37) % 101) / 100 + ((i * 7) % 5),
    second: (i * 53) % 17,
  }))
  const outcomes = groupedOutcomes(rows)
  const costs = plainCosts(20)
  const of = (signal: number, seed: number) =>
    finish(curveIntervals(outcomes, sortSignal(outcomes.signals[signal]), costs, { resamples: 200, seed, points: 512 }))

  test('estimates what the sweep says of the whole curve', () => {
    const sorted = sortSignal(outcomes.signals[0])
    const metrics = curveMetrics(outcomes, exactCurve(outcomes, sorted, costs), sorted)
    const { areas, confidence } = of(0, 1)
    expect(confidence).toBe(0.95)
    expect(areas.apgr.value).toBeCloseTo(metrics.apgr!, 12)
    expect(areas.routeLlmApgr.value).toBeCloseTo(metrics.routeLlm!.apgr, 12)
    expect(areas.aiq.value).toBeCloseTo(metrics.aiq!, 12)
    expect(areas.cascadeRoutingAuc.value).toBeCloseTo(metrics.cascadeRoutingAuc!, 12)
  })

  test('draws the resamples that the seed says, the same for every signal', () => {
    const { bootstrapped, points } = of(0, 9)
    const random = seeded(9)
    const weights = new Uint8Array(outcomes.groups.count)
    const quality = bootstrapped.replicates[areaNames.length]
    const other = of(1, 9).bootstrapped.replicates[areaNames.length]
    for (let resample = 0; resample < 200; resample++) {
      drawCounts(random, weights)
      const copies = expanded(outcomes, weights).outcomes.small.quality
      expect(quality[resample]).toBeCloseTo(copies.reduce((a, b) => a + b, 0) / copies.length, 12)
      expect(other[resample]).toBeCloseTo(quality[resample], 12)
    }
    expect(points[0]).toBe(0)
  })

  test('a point is surest at the ends, which read no signal: kept share and cost there are known', () => {
    const { keptShare, cost, quality } = of(0, 1)
    const last = keptShare.each.length - 1
    expect(keptShare.each[0].bca).toEqual({ low: 1, high: 1 })
    expect(keptShare.each[last].bca).toEqual({ low: 0, high: 0 })
    expect([cost.band.low[0], cost.band.high[0]]).toEqual([1, 1])
    quality.each.forEach(({ percentile }, k) => {
      expect(quality.band.low[k]).toBeLessThanOrEqual(percentile!.low)
      expect(quality.band.high[k]).toBeGreaterThanOrEqual(percentile!.high)
    })
  })

  test('a signal differs from itself by exactly nothing, and from another by what their areas differ', () => {
    const [first, second] = [of(0, 3), of(1, 3)]
    const none = pairedDifference([first.bootstrapped, 0], [of(0, 3).bootstrapped, 0], 0.9)
    expect(none).toMatchObject({ value: 0, bca: { low: 0, high: 0 }, verdict: 'not-established' })
    const difference = pairedDifference([first.bootstrapped, 0], [second.bootstrapped, 0], 0.9)
    expect(difference.value).toBeCloseTo(first.areas.apgr.value! - second.areas.apgr.value!, 12)
    const back = pairedDifference([second.bootstrapped, 0], [first.bootstrapped, 0], 0.9)
    expect(back.value).toBe(-difference.value!)
    expect([difference.verdict, back.verdict]).toEqual(['first', 'second'])
  })
})
