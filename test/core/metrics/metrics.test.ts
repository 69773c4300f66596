import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hull, aiq } from '../../../src/core/metrics/aiq.ts'
import { apgr } from '../../../src/core/metrics/apgr.ts'
import { auroc } from '../../../src/core/metrics/auroc.ts'
import { curveMetrics } from '../../../src/core/metrics/metrics.ts'
import { predictionRejectionRatio } from '../../../src/core/metrics/rejection.ts'
import { routeLlm, routeLlmCurve } from '../../../src/core/metrics/routellm.ts'
import { exactCurve, points, sortSignal } from '../../../src/core/sweep/curve.ts'
import { anyDirection, outcomesOf, plainCosts, testRows, type TestRow } from '../../support/outcomes.ts'

const measured = (rows: TestRow[], direction: 'higher' | 'lower' = 'higher') => {
  const outcomes = outcomesOf(rows, direction)
  const sorted = sortSignal(outcomes.signals[0])
  return { outcomes, sorted, curve: exactCurve(outcomes, sorted, plainCosts(20)) }
}
/** Certainty of a row, missing ones left out. */
const certain = (rows: TestRow[], direction: 'higher' | 'lower') =>
  rows
    .filter((row) => Number.isFinite(row.signal))
    .map((row) => ({ ...row, certainty: direction === 'higher' ? row.signal : -row.signal }))

describe('AUROC', () => {
  test('is the share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(testRows(), anyDirection, (rows, direction) => {
        const { outcomes, sorted } = measured(rows, direction)
        const list = certain(rows, direction)
        const pairs = list
          .filter((r) => r.small < 0.5)
          .flatMap((wrong) => list.filter((r) => r.small >= 0.5).map((right) => [wrong, right]))
        const wins = pairs.map(([wrong, right]) =>
          wrong.certainty < right.certainty ? 1 : wrong.certainty === right.certainty ? 0.5 : 0,
        )
        const expected = pairs.length === 0 ? undefined : wins.reduce<number>((a, b) => a + b, 0) / pairs.length
        const actual = auroc(sorted, (row) => outcomes.small.quality[row] < 0.5)
        if (expected === undefined) expect(actual).toBeUndefined()
        else expect(actual).toBeCloseTo(expected, 12)
      }),
    )
  })
})

describe('PRR', () => {
  /** Area under "error removed" over the number of rejected rows, averaged over the orders inside a tie. */
  const removedArea = (errors: number[], scores: number[]) => {
    const order = [...errors.keys()].toSorted((a, b) => scores[a] - scores[b])
    const smoothed = order.map((row) => {
      const tied = order.filter((other) => scores[other] === scores[row])
      return tied.reduce((sum, other) => sum + errors[other], 0) / tied.length
    })
    let [removed, area] = [0, 0]
    for (const error of smoothed) {
      area += removed + error / 2
      removed += error
    }
    return area - (errors.length * removed) / 2
  }
  test('is the area over random against that of rejecting the worst answers first', () => {
    fc.assert(
      fc.property(testRows(), anyDirection, (rows, direction) => {
        const { outcomes, sorted } = measured(rows, direction)
        const list = certain(rows, direction)
        const errors = list.map((row) => 1 - row.small)
        const best = removedArea(
          errors,
          errors.map((error) => -error),
        )
        const actual = predictionRejectionRatio(outcomes, sorted)
        if (best <= 1e-9) return
        expect(actual).toBeCloseTo(
          removedArea(
            errors,
            list.map((row) => row.certainty),
          ) / best,
          6,
        )
      }),
    )
  })
  test('is 1 for a perfect order, -1 for the reverse, and has no value without differences in error', () => {
    const rows = [0, 0.3, 0.6, 1].map((small) => ({ small, large: 1, signal: small }))
    expect(predictionRejectionRatio(measured(rows).outcomes, measured(rows).sorted)).toBeCloseTo(1, 12)
    const reverse = measured(rows, 'lower')
    expect(predictionRejectionRatio(reverse.outcomes, reverse.sorted)).toBeCloseTo(-1, 12)
    const equal = measured(rows.map((row) => ({ ...row, small: 0.5 })))
    expect(predictionRejectionRatio(equal.outcomes, equal.sorted)).toBeUndefined()
  })
})

describe('APGR', () => {
  test('is what random tie-breaking gives on average', () => {
    fc.assert(
      fc.property(testRows(8), anyDirection, (rows, direction) => {
        const { curve, outcomes } = measured(rows, direction)
        const gap = rows.reduce((sum, row) => sum + row.large - row.small, 0)
        const value = apgr(curve)
        if (gap <= 1e-9) return
        // Escalate one row at a time in the order of certainty (missing first), each tie at its mean gain.
        const key = (row: TestRow) =>
          Number.isFinite(row.signal) ? (direction === 'higher' ? row.signal : -row.signal) : -Infinity
        const gains = rows
          .toSorted((a, b) => key(a) - key(b) || 0)
          .map((row) => {
            const tied = rows.filter((other) => key(other) === key(row))
            return tied.reduce((sum, other) => sum + other.large - other.small, 0) / tied.length
          })
        let [recovered, area] = [0, 0]
        for (const gain of gains) {
          area += recovered + gain / 2
          recovered += gain
        }
        const expected = area / (outcomes.rows * gap)
        expect(Math.abs(value! - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)))
      }),
    )
  })
  test('is 0.5 for a signal that knows nothing, and has no value where large is no better', () => {
    const rows = [0, 1, 0, 1].map((small) => ({ small, large: 1, signal: 7 }))
    expect(apgr(measured(rows).curve)).toBeCloseTo(0.5, 12)
    expect(apgr(measured(rows.map((row) => ({ ...row, large: row.small }))).curve)).toBeUndefined()
  })
})

test('a gap that is only rounding is none: nothing is divided by it', () => {
  // 0.3 + 0 against 0.1 + 0.2, which differ in the last bit.
  const rows = [
    { small: 0.3, large: 0.1, signal: -1 },
    { small: 0, large: 0.2, signal: -2 },
  ]
  const { outcomes, curve, sorted } = measured(rows)
  expect(curveMetrics(outcomes, curve, sorted)).toMatchObject({ apgr: undefined, routeLlm: undefined })
  for (const point of points(curve)) {
    expect(point.qualityGapRecovered).toBeUndefined()
    expect(point.cascade.deltaIbc).toBeUndefined()
  }
})

test('the AIQ of a signal that is nowhere below another is not below it', () => {
  const gains = [0.5, 0.4, ...Array.from({ length: 8 }, () => 0)]
  const of = (signals: number[]) => {
    const { outcomes, curve, sorted } = measured(
      gains.map((gain, i) => ({ small: gain > 0 ? 0 : 0.5, large: gain > 0 ? gain : 0.5, signal: signals[i] })),
    )
    return curveMetrics(outcomes, curve, sorted).aiq!
  }
  expect(of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toBeGreaterThan(of([0, 9, 1, 2, 3, 4, 5, 6, 7, 8]))
})

describe('AIQ', () => {
  const cloud = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 1,
    maxLength: 12,
  })
  test('its hull lies on points, over all of them, and bends only downwards', () => {
    fc.assert(
      fc.property(cloud, (points) => {
        const sorted = points.toSorted((a, b) => a[0] - b[0])
        const { x, y } = hull({ x: sorted.map((p) => p[0]), y: sorted.map((p) => p[1]) })
        for (let i = 0; i < x.length; i++) expect(points.some((p) => p[0] === x[i] && p[1] === y[i])).toBe(true)
        for (let i = 2; i < x.length; i++)
          expect((y[i] - y[i - 1]) / (x[i] - x[i - 1])).toBeLessThan((y[i - 1] - y[i - 2]) / (x[i - 1] - x[i - 2]))
        for (const [px, py] of points) {
          const right = x.findIndex((value) => value >= px)
          const roof =
            right < 0
              ? y[y.length - 1]
              : right === 0
                ? y[0]
                : y[right - 1] + ((y[right] - y[right - 1]) * (px - x[right - 1])) / (x[right] - x[right - 1])
          expect(py).toBeLessThanOrEqual(roof + 1e-9)
        }
      }),
    )
  })
  test('one point has no area', () => expect(aiq({ x: [3, 3], y: [1, 0.5] })).toBeUndefined())
})

describe('CPT', () => {
  /** numpy's interp over quality, which RouteLLM's code calls with qualities that may fall. */
  const numpyInterp = (at: number, xp: number[], fp: number[]) => {
    let low = 0
    let high = xp.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (at >= xp[middle]) low = middle + 1
      else high = middle
    }
    const j = low - 1
    return j < 0
      ? fp[0]
      : j >= xp.length - 1
        ? fp[fp.length - 1]
        : fp[j] + ((at - xp[j]) / (xp[j + 1] - xp[j])) * (fp[j + 1] - fp[j])
  }
  const rowsOf = (gains: number[]) =>
    gains.map((gain, i) => ({ small: gain < 0 ? 1 : 0, large: gain > 0 ? 1 : 0, signal: i }))

  test('equals the interpolating form where quality only rises', () => {
    const { curve, sorted } = measured(rowsOf(Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? 1 : 0))))
    const line = routeLlmCurve(curve, sorted)
    const [xs, ys] = [Array.from(line.x), Array.from(line.y)]
    for (const [share, cpt] of [
      [0.2, 'cpt20'],
      [0.5, 'cpt50'],
      [0.8, 'cpt80'],
    ] as const)
      expect(routeLlm(curve, sorted)![cpt]).toBeCloseTo(numpyInterp(ys[0] + share * (ys[10] - ys[0]), ys, xs), 12)
  })
  test('is the first crossing where quality rises, falls and rises again', () => {
    // 200 rows: 60 gains, then 40 losses, then 60 gains: half of the gap of 80 is reached at once, lost, and reached again.
    const gains = [
      ...Array.from({ length: 60 }, () => 1),
      ...Array.from({ length: 40 }, () => -1),
      ...Array.from({ length: 60 }, () => 1),
      ...Array.from({ length: 40 }, () => 0),
    ]
    const { curve, sorted } = measured(rowsOf(gains))
    const result = routeLlm(curve, sorted)!
    expect(result.cpt50).toBeCloseTo(40 / 200, 2)
    const line = routeLlmCurve(curve, sorted)
    const ys = Array.from(line.y)
    expect(numpyInterp(ys[0] + 0.5 * (ys[10] - ys[0]), ys, Array.from(line.x))).toBeGreaterThan(0.5)
  })
})

test('one row has no ranking: every metric that needs two kinds of rows has no value', () => {
  const { outcomes, curve, sorted } = measured([{ small: 0, large: 1, signal: -0.2 }])
  expect(curveMetrics(outcomes, curve, sorted)).toMatchObject({
    apgr: 0.5,
    prr: undefined,
    aurocWrong: undefined,
    aurocBenefit: undefined,
  })
})
