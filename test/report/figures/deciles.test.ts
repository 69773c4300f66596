import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finish } from '../../../src/core/stats/work.ts'
import { sortSignal } from '../../../src/core/sweep/curve.ts'
import { binEnds, binMeans, decilesOf } from '../../../src/report/figures/deciles.ts'
import { expanded, groupedOutcomes, groupedRows, type GroupedRow } from '../../support/grouped.ts'

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
const options = { confidence: 0.9, resamples: 60, seed: 3 }

/** Rows from the least certain on, those without the signal left out. */
const inOrder = (rows: GroupedRow[], direction: 'higher' | 'lower') =>
  rows
    .filter(({ signal }) => !Number.isNaN(signal))
    .toSorted((a, b) => (direction === 'higher' ? 1 : -1) * (a.signal - b.signal))

describe('deciles', () => {
  test('hold every row that has the signal once, and never part rows of one value', () => {
    fc.assert(
      fc.property(groupedRows(50), fc.constantFrom('higher' as const, 'lower' as const), (rows, direction) => {
        const { keys } = sortSignal(groupedOutcomes(rows, { direction }).signals[0])
        const ends = binEnds(keys)
        expect(ends.at(-1) ?? 0).toBe(keys.length)
        expect(ends.length).toBeLessThanOrEqual(10)
        ends.forEach((end, k) => {
          expect(end).toBeGreaterThan(ends[k - 1] ?? 0)
          if (end < keys.length) expect(keys[end]).toBeGreaterThan(keys[end - 1])
        })
        // Each end is as near to a tenth of the rows as the end of any run.
        const runs = Array.from(keys.keys(), (i) => i).filter((i) => i > 0 && keys[i] !== keys[i - 1])
        for (const end of ends.slice(0, -1))
          expect(
            [1, 2, 3, 4, 5, 6, 7, 8, 9].some((k) => {
              const wanted = (keys.length * k) / 10
              return [...runs, 0, keys.length].every((run) => Math.abs(run - wanted) >= Math.abs(end - wanted))
            }),
          ).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('are the naive means of their rows', () => {
    fc.assert(
      fc.property(groupedRows(40), fc.constantFrom('higher' as const, 'lower' as const), (rows, direction) => {
        const outcomes = groupedOutcomes(rows, { direction })
        const isWrong = (row: number) => rows[row].small < 0.5
        const deciles = finish(decilesOf(outcomes, sortSignal(outcomes.signals[0]), isWrong, options))
        const order = inOrder(rows, direction)
        let at = 0
        for (const decile of deciles) {
          const held = order.slice(at, (at += decile.rows))
          expect(decile.right.value).toBeCloseTo(mean(held.map(({ small }) => Number(small >= 0.5))), 12)
          expect(decile.gain.value).toBeCloseTo(mean(held.map(({ small, large }) => large - small)), 12)
          expect([decile.from, decile.to]).toEqual([
            Math.min(...held.map(({ signal }) => signal)),
            Math.max(...held.map(({ signal }) => signal)),
          ])
        }
        expect(at).toBe(order.length)
      }),
      { numRuns: 300 },
    )
  })

  test('weigh whole groups as if every one were copied as often', () => {
    const anyWeights = fc.array(fc.constantFrom(0, 1, 2, 5), { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(groupedRows(40), anyWeights, (rows, weightList) => {
        const outcomes = groupedOutcomes(rows)
        const sorted = sortSignal(outcomes.signals[0])
        const ends = binEnds(sorted.keys)
        const statistic = binMeans(outcomes, sorted.rows, ends, (row) => rows[row].small < 0.5)
        const values = new Float64Array(statistic.size)
        const weights = Uint8Array.from(weightList.slice(0, outcomes.groups.count))
        statistic.compute(weights, values)
        const copies = expanded(outcomes, weights).rows
        ends.forEach((end, bin) => {
          const inBin = new Set(sorted.rows.subarray(ends[bin - 1] ?? 0, end))
          const held = copies.filter((row) => inBin.has(row)).map((row) => rows[row])
          if (held.length === 0) return expect(values[bin]).toBeNaN()
          expect(values[bin]).toBeCloseTo(mean(held.map(({ small }) => Number(small >= 0.5))), 12)
          expect(values[ends.length + bin]).toBeCloseTo(mean(held.map(({ small, large }) => large - small)), 12)
        })
      }),
      { numRuns: 300 },
    )
  })

  test('have no interval from a single group, and none where no row has the signal', () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({ group: 0, small: i % 2, large: 1, signal: i }))
    const outcomes = groupedOutcomes(rows)
    const deciles = finish(decilesOf(outcomes, sortSignal(outcomes.signals[0]), () => false, options))
    expect(deciles).toHaveLength(10)
    for (const { right } of deciles) expect(right).toEqual({ value: 1 })
    const none = groupedOutcomes([{ group: 0, small: 0, large: 1, signal: NaN }])
    expect(finish(decilesOf(none, sortSignal(none.signals[0]), () => false, options))).toEqual([])
  })

  test('of one value are one bin', () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ group: i, small: i % 2, large: 1, signal: 7 }))
    const outcomes = groupedOutcomes(rows)
    const [only, ...more] = finish(
      decilesOf(outcomes, sortSignal(outcomes.signals[0]), (row) => rows[row].small < 0.5, options),
    )
    expect(more).toEqual([])
    expect(only).toMatchObject({ from: 7, to: 7, rows: 30, right: { value: 0.5 }, gain: { value: 0.5 } })
    expect(only.right.low).toBeLessThan(0.5)
    expect(only.right.high).toBeGreaterThan(0.5)
  })
})
