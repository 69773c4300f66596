import fc from 'fast-check'
import type { Costs } from '../../src/core/outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../../src/core/outcomes/outcomes.ts'
import type { Direction } from '../../src/core/signals/signals.ts'

/** One recorded query as the tests write it; NaN: the signal is missing. */
export interface TestRow {
  small: number
  large: number
  signal: number
  second?: number
  cost?: number
}

const column = (name: string, values: ArrayLike<number>, direction: Direction = 'higher'): SignalColumn => ({
  name,
  direction,
  unit: 'none',
  scale: 'unbounded',
  values: Float64Array.from(values),
})

/** Outcomes with a signal `s` and, where rows have one, a second signal `t` of the other direction. */
export function outcomesOf(rows: readonly TestRow[], direction: Direction = 'higher'): Outcomes {
  const other = direction === 'higher' ? 'lower' : 'higher'
  const numbers = (of: (row: TestRow) => number) => Float64Array.from(rows, of)
  return {
    rows: rows.length,
    small: { quality: numbers((row) => row.small) },
    large: { quality: numbers((row) => row.large), cost: numbers((row) => row.cost ?? 1) },
    signals: [
      column(
        's',
        numbers((row) => row.signal),
        direction,
      ),
      ...(rows.some((row) => row.second !== undefined)
        ? [
            column(
              't',
              numbers((row) => row.second ?? NaN),
              other,
            ),
          ]
        : []),
    ],
    groups: { codes: Uint32Array.from(rows.keys()), count: rows.length, from: 'row' },
    datasets: ['test'],
    place: (row) => `test:${row + 1}`,
  }
}

export const plainCosts = (large: Costs['large'], small: Costs['small'] = 1): Costs => ({
  small,
  verify: 0,
  large,
  verifyCost: 'used',
  counted: false,
})

const quality = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }))
/** Values with many ties, both zeros, extremes and missing ones. */
const signalValue = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 3, arbitrary: fc.double({ min: -2, max: 0, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324, -1e308, 1e308) },
)

const testRow: fc.Arbitrary<TestRow> = fc.record({
  small: quality,
  large: quality,
  signal: signalValue,
  second: signalValue,
  cost: fc.constantFrom(0, 1, 2.5, 20),
})

export const testRows = (maxLength = 40): fc.Arbitrary<TestRow[]> => fc.array(testRow, { minLength: 1, maxLength })
/** The same with qualities in 64ths, whose sums are exact in any order: a gap is none, or no rounding. */
export const exactRows = (maxLength = 40): fc.Arbitrary<TestRow[]> =>
  testRows(maxLength).map((rows) =>
    rows.map((row) => ({ ...row, small: Math.round(row.small * 64) / 64, large: Math.round(row.large * 64) / 64 })),
  )
export const anyDirection: fc.Arbitrary<Direction> = fc.constantFrom('higher', 'lower')
