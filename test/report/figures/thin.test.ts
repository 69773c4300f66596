import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactCurve, qualityOverCost, sortSignal } from '../../../src/core/sweep/curve.ts'
import { DRAWN_POINTS, drawnPoints, forDrawing, hull, thinned } from '../../../src/report/figures/thin.ts'
import { anyDirection, outcomesOf, plainCosts, testRows, type TestRow } from '../../support/outcomes.ts'

const lineOf = (rows: TestRow[], direction: 'higher' | 'lower' = 'higher') => {
  const outcomes = outcomesOf(rows, direction)
  const curve = exactCurve(outcomes, sortSignal(outcomes.signals[0]), plainCosts(outcomes.large.cost!))
  return { curve, line: qualityOverCost(curve) }
}

/** Corners by the definition: no segment between two other points, and no point of the same x, is as far out. */
function corners({ x, y }: { x: Float64Array; y: Float64Array }, side: 1 | -1): Set<string> {
  const found = new Set<string>()
  for (let i = 0; i < x.length; i++) {
    let isCorner = true
    for (let a = 0; a < x.length; a++) {
      if (x[a] === x[i] && side * (y[a] - y[i]) > 0) isCorner = false
      for (let b = 0; b < x.length; b++) {
        if (!(x[a] < x[i] && x[i] < x[b])) continue
        const onSegment = y[a] + ((y[b] - y[a]) * (x[i] - x[a])) / (x[b] - x[a])
        if (side * (onSegment - y[i]) > 1e-9) isCorner = false
      }
    }
    if (isCorner) found.add(`${x[i]} ${y[i]}`)
  }
  return found
}

const bigRows = (count: number): TestRow[] =>
  Array.from({ length: count }, (_, i) => ({
    small: (Math.imul(i, 2654435761) >>> 8) % 2,
    large: (Math.imul(i, 40503) >>> 4) % 2,
    signal: -((Math.imul(i, 2246822519) >>> 0) / 2 ** 32),
  }))

describe('the hull of a line', () => {
  test('has every corner that the definition gives, and none besides', () => {
    fc.assert(
      fc.property(testRows(14), anyDirection, fc.constantFrom(1 as const, -1 as const), (rows, direction, side) => {
        const { line } = lineOf(rows, direction)
        const outermost = corners(line, side)
        const found = hull(line, side).map((i) => `${line.x[i]} ${line.y[i]}`)
        for (const corner of found) expect(outermost).toContain(corner)
        // Points on an edge are no corners, and a corner that stands twice is found once.
        for (const corner of outermost) {
          const [x, y] = corner.split(' ').map(Number)
          const onHull = hull(line, side).some((i, k, all) => {
            const j = all[k + 1] ?? i
            const width = line.x[j] - line.x[i]
            if (x < line.x[i] || x > line.x[j]) return false
            const height = width === 0 ? line.y[i] : line.y[i] + ((line.y[j] - line.y[i]) * (x - line.x[i])) / width
            return Math.abs(height - y) < 1e-9
          })
          expect(onHull).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a thinned line', () => {
  test('keeps the farthest point in every direction', () => {
    const { curve, line } = lineOf(bigRows(20_000))
    const drawn = drawnPoints(curve, line)
    for (let angle = 0; angle < 40; angle++) {
      const [dx, dy] = [Math.cos(angle), Math.sin(angle)]
      const reach = (i: number) => dx * line.x[i] + dy * line.y[i]
      const farthest = Array.from(line.x, (_, i) => reach(i)).reduce((a, b) => Math.max(a, b))
      expect(Math.max(...drawn.map(reach))).toBeCloseTo(farthest, 12)
    }
  })

  test('has the hull and at most 2,000 points more, none of them farther apart than their share of the rows', () => {
    const { curve, line } = lineOf(bigRows(20_000))
    const drawn = drawnPoints(curve, line)
    expect(drawn.length).toBeLessThanOrEqual(DRAWN_POINTS + hull(line, 1).length + hull(line, -1).length)
    expect(drawn.length).toBeGreaterThanOrEqual(DRAWN_POINTS)
    const gaps = drawn.slice(1).map((point, k) => curve.kept[drawn[k]] - curve.kept[point])
    expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(20_000 / (DRAWN_POINTS - 1)) + 1)
  })

  test('is the whole line where that is short, its x never falling', () => {
    fc.assert(
      fc.property(testRows(), (rows) => {
        const { curve, line } = lineOf(rows)
        const { x, y } = thinned(curve)
        expect(x).toHaveLength(line.x.length)
        const span = Math.max(...line.y) - Math.min(...line.y)
        y.forEach((each, i) => expect(Math.abs(each - line.y[i])).toBeLessThanOrEqual(1e-5 * span + 1e-99))
        expect(x.every((each, i) => i === 0 || each >= x[i - 1])).toBe(true)
      }),
    )
  })

  test('is rounded by its span and not by its size', () => {
    expect(forDrawing([1_000_000, 1_000_000.123456789, 1_000_001])).toEqual([1_000_000, 1_000_000.12346, 1_000_001])
    expect(forDrawing([0.1234567, 0.1234567])).toEqual([0.1234567, 0.1234567])
    expect(forDrawing([])).toEqual([])
    expect(forDrawing([0, 1e-9])).toEqual([0, 1e-9])
  })
})
