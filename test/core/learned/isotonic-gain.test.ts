import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitIsotonicGain } from '../../../src/core/learned/isotonic-gain.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import { predictGain } from '../../../src/core/policy/gain.ts'
import { sortSignal } from '../../../src/core/sweep/curve.ts'
import { anyDirection, outcomesOf, testRows, type TestRow } from '../../support/outcomes.ts'

const fit = (rows: readonly TestRow[], direction: 'higher' | 'lower' = 'higher') => {
  const outcomes = outcomesOf(rows, direction)
  return fitIsotonicGain(outcomes, sortSignal(outcomes.signals[0]))
}
const at = (gain: ReturnType<typeof fit>, value: number) => predictGain(gain!, { s: value }).low

/** Row by row, by the min-max formula over all runs of values: the gain at most as high as at any less certain value. */
function naive(rows: readonly TestRow[], direction: 'higher' | 'lower'): { value: number; gain: number }[] {
  const present = rows.filter(({ signal }) => Number.isFinite(signal))
  const sign = direction === 'higher' ? 1 : -1
  const values = [...new Set(present.map(({ signal }) => signal + 0))].toSorted((a, b) => sign * (a - b))
  const mean = (from: number, to: number) => {
    const run = present.filter(({ signal }) => values.slice(from, to + 1).includes(signal + 0))
    return run.reduce((sum, { small, large }) => sum + large - small, 0) / run.length
  }
  return values.map((value, i) => {
    let gain = Infinity
    for (let from = 0; from <= i; from++) {
      let most = -Infinity
      for (let to = i; to < values.length; to++) most = Math.max(most, mean(from, to))
      gain = Math.min(gain, most)
    }
    return { value, gain }
  })
}

describe('the isotonic gain', () => {
  test('is the min-max formula at every value that was seen, ties merged', () => {
    fc.assert(
      fc.property(testRows(14), anyDirection, (rows, direction) => {
        const gain = fit(rows, direction)
        const expected = naive(rows, direction)
        if (expected.length === 0) expect(gain).toBeUndefined()
        for (const each of expected) expect(at(gain, each.value)).toBeCloseTo(each.gain, 9)
      }),
    )
  })
  test('never rises with certainty, seen or not, and averages the mean gain', () => {
    const some = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(testRows(30), anyDirection, some, (rows, direction, values) => {
        const gain = fit(rows, direction)
        if (gain === undefined) return
        const ascending = values.toSorted((a, b) => a - b).map((value) => at(gain, value))
        const falling = direction === 'higher' ? ascending : ascending.toReversed()
        for (let i = 1; i < falling.length; i++) expect(falling[i]).toBeLessThanOrEqual(falling[i - 1])
        const present = rows.filter(({ signal }) => Number.isFinite(signal))
        const mean = (of: (row: TestRow) => number) => present.reduce((sum, row) => sum + of(row), 0) / present.length
        expect(gain.constant).toBeCloseTo(
          mean(({ large, small }) => large - small),
          9,
        )
        expect(mean(({ signal }) => at(gain, signal))).toBeCloseTo(gain.constant, 9)
      }),
    )
  })
  test('survives a policy file', () => {
    fc.assert(
      fc.property(testRows(20), anyDirection, (rows, direction) => {
        const predictedGain = fit(rows, direction)
        if (predictedGain === undefined) return
        const text = JSON.stringify({ version: 1, predictedGain, escalateAbove: 0, onMissing: 'escalate' })
        expect(parsePolicy(text, 'p.json')).toEqual(JSON.parse(text))
      }),
    )
  })
  test('needs only the two ends of a run of equal levels', () => {
    // Levels 1, 1, 1, 0, 0 of five values: the middle of the first three says nothing.
    const rows = [1, 1, 1, 0, 0].map((large, i) => ({ small: 0, large, signal: i }))
    const { constant, terms } = fit(rows)!
    expect(constant).toBeCloseTo(0.6, 12)
    expect(terms[0].points.map(([x]) => x)).toEqual([0, 2, 3, 4])
    expect(terms[0].points.map(([, y]) => Math.round(1e9 * (y + constant)) / 1e9)).toEqual([1, 1, 0, 0])
  })
  test('has points that ascend where lower is more certain too', () => {
    const rows = [0, 0.5, 1].map((large, i) => ({ small: 0, large, signal: i }))
    expect(fit(rows, 'lower')!.terms[0].points.map(([x, y]) => [x, y + 0.5])).toEqual([
      [0, 0],
      [1, 0.5],
      [2, 1],
    ])
  })
  test('of one row, or of a signal that is equal everywhere, is the mean gain', () => {
    expect(fit([{ small: 0.25, large: 1, signal: 3 }])).toEqual({
      constant: 0.75,
      terms: [{ signal: 's', points: [[3, 0]] }],
    })
    const equal = fit([0, 1].map((large) => ({ small: 0, large, signal: 3 })))
    expect(at(equal, -9)).toBe(0.5)
  })
  test('of no row with the signal is none', () => expect(fit([{ small: 0, large: 1, signal: NaN }])).toBeUndefined())
})
