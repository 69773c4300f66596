import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sortSignal } from '../../../src/core/sweep/curve.ts'
import { edgesOf, histogram } from '../../../src/report/figures/histogram.ts'
import { latticeStep, niceAtLeast } from '../../../src/report/figures/steps.ts'
import { anyDirection, outcomesOf, type TestRow } from '../../support/outcomes.ts'

const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -2, max: 0, noNaN: true }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(NaN, -0, -1, -1.0000000000000002, 5e-324, 1e-300, 1e308, -1e308),
)
const rows = fc.array(fc.record({ small: fc.constantFrom(0, 0.4, 0.5, 1), large: fc.constant(1), signal: value }), {
  minLength: 1,
  maxLength: 60,
})
const histogramOf = (list: TestRow[], direction: 'higher' | 'lower') =>
  histogram(sortSignal(outcomesOf(list, direction).signals[0]), (row) => list[row].small < 0.5)

describe('a histogram', () => {
  test('counts each row in the bin whose edges hold its value, right and wrong apart', () => {
    fc.assert(
      fc.property(rows, anyDirection, (list, direction) => {
        const { edges, right, wrong } = histogramOf(list, direction)
        const present = list.filter(({ signal }) => Number.isFinite(signal))
        const inBin = (bin: number, { signal }: TestRow) =>
          signal >= edges[bin] && (bin === right.length - 1 ? signal <= edges[bin + 1] : signal < edges[bin + 1])
        right.forEach((count, bin) => {
          const held = present.filter((row) => inBin(bin, row))
          expect(count).toBe(held.filter(({ small }) => small >= 0.5).length)
          expect(wrong[bin]).toBe(held.filter(({ small }) => small < 0.5).length)
        })
        const total = [...right, ...wrong].reduce((a, b) => a + b, 0)
        expect(total).toBe(present.length)
      }),
      { numRuns: 500 },
    )
  })

  test('has ascending edges of equal bins, at most 40', () => {
    fc.assert(
      fc.property(rows, anyDirection, (list, direction) => {
        const { edges, right } = histogramOf(list, direction)
        expect(right.length === 0).toBe(list.every(({ signal }) => Number.isNaN(signal)))
        if (right.length === 0) return
        expect(right.length).toBeLessThanOrEqual(40)
        expect(edges).toHaveLength(right.length + 1)
        const widths = edges.slice(1).map((edge, i) => edge - edges[i])
        for (const width of widths) {
          expect(width).toBeGreaterThan(0)
          if (widths.length > 1) expect(width / widths[0]).toBeCloseTo(1, 4)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('has no bin without values, and one for one value', () => {
    expect(histogramOf([{ small: 1, large: 1, signal: NaN }], 'higher')).toEqual({ edges: [], right: [], wrong: [] })
    const same = { small: 1, large: 1, signal: -0.25 }
    expect(histogramOf([same, same, same], 'lower')).toEqual({ edges: [-0.375, -0.125], right: [3], wrong: [0] })
    expect(histogramOf([{ ...same, signal: 0 }], 'lower')).toEqual({ edges: [-0.5, 0.5], right: [1], wrong: [0] })
  })

  test('puts values that come in steps in the middle of their bins', () => {
    expect(edgesOf(Float64Array.of(1, 1, 2, 3, 3, 3, 5))).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5])
    expect(edgesOf(Float64Array.of(0, 0.25, 0.5, 0.75, 1))).toEqual([-0.125, 0.125, 0.375, 0.625, 0.875, 1.125])
  })

  test('has round edges, from 20 bins on, whatever the humps', () => {
    const humps = Float64Array.from({ length: 1000 }, (_, i) =>
      i < 500 ? i / 5000 : 0.9 + (i - 500) / 5000.5,
    ).toSorted()
    const edges = edgesOf(humps)
    expect(edges.slice(0, 3)).toEqual([0, 0.05, 0.1])
    expect(edges).toHaveLength(21)
  })
})

describe('steps', () => {
  test('are found where all values are whole steps apart', () => {
    expect(latticeStep(Float64Array.of(0, 0.25, 0.25, 1))).toBe(0.25)
    expect(latticeStep(Float64Array.of(3, 5, 9))).toBe(2)
    expect(latticeStep(Float64Array.of(0, 0.3, 1))).toBeUndefined()
    expect(latticeStep(Float64Array.of(2, 2))).toBeUndefined()
    expect(latticeStep(Float64Array.of(0, 1, 1e9))).toBeUndefined()
  })

  test('are made round upwards', () => {
    expect([0.03, 1, 1.1, 2.2, 3, 7, 120].map(niceAtLeast)).toEqual([0.05, 1, 2, 2.5, 5, 10, 200])
  })
})
