import fc from 'fast-check'
import type { Amount, Costs } from '../../src/core/outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../../src/core/outcomes/outcomes.ts'
import { selectRows } from '../../src/core/outcomes/select.ts'
import type { Direction } from '../../src/core/signals/signals.ts'

/** One recorded query in a group; NaN: the signal is missing. */
export interface GroupedRow {
  group: number
  small: number
  large: number
  /** The signal `s`, and a second one, `t`, that is read the other way round. */
  signal: number
  second?: number
  costs?: readonly [small: number, verify: number, large: number]
}

/** Outcomes with groups of whatever size; groups are numbered anew, in order of appearance. */
export function groupedOutcomes(
  rows: readonly GroupedRow[],
  { direction = 'higher', verification = false }: { direction?: Direction; verification?: boolean } = {},
): Outcomes {
  const numbers = (of: (row: GroupedRow) => number) => Float64Array.from(rows, of)
  const signal = (name: string, values: Float64Array, read: Direction): SignalColumn => ({
    name,
    direction: read,
    unit: 'none',
    scale: 'unbounded',
    ...(verification ? { verification } : {}),
    values,
  })
  const names = [...new Set(rows.map(({ group }) => group))]
  const first = signal(
    's',
    numbers((row) => row.signal),
    direction,
  )
  const second = signal(
    't',
    numbers((row) => row.second ?? NaN),
    direction === 'higher' ? 'lower' : 'higher',
  )
  return {
    rows: rows.length,
    small: { quality: numbers((row) => row.small) },
    large: { quality: numbers((row) => row.large) },
    signals: rows.some((row) => row.second !== undefined) ? [first, second] : [first],
    groups: { codes: Uint32Array.from(rows, ({ group }) => names.indexOf(group)), count: names.length, from: 'group' },
    datasets: ['test'],
    place: (row) => `test:${row + 1}`,
  }
}

/** Groups as they are drawn into a resample: each as often as its weight says, every copy a group of its own. */
export function expanded(outcomes: Outcomes, weights: ArrayLike<number>): { outcomes: Outcomes; rows: number[] } {
  const rows: number[] = []
  const codes: number[] = []
  let count = 0
  for (let group = 0; group < weights.length; group++)
    for (let copy = 0; copy < weights[group]; copy++, count++)
      outcomes.groups.codes.forEach((code, row) => {
        if (code !== group) return
        rows.push(row)
        codes.push(count)
      })
  const picked = selectRows(outcomes, rows)
  return { outcomes: { ...picked, groups: { codes: Uint32Array.from(codes), count, from: 'group' } }, rows }
}

/** Costs on the rows of a resample. */
export function expandedCosts(costs: Costs, rows: readonly number[]): Costs {
  const pick = (amount: Amount): Amount =>
    typeof amount === 'number' ? amount : Float64Array.from(rows, (row) => amount[row])
  return { ...costs, small: pick(costs.small), verify: pick(costs.verify), large: pick(costs.large) }
}

/** Qualities of which sums are often equal but for their rounding. */
const quality = fc.constantFrom(0, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 1)
const signal = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 2, arbitrary: fc.integer({ min: -1000, max: 1000 }).map((value) => value / 256) },
  { weight: 1, arbitrary: fc.constant(NaN) },
)

export const groupedRows = (maxLength = 30): fc.Arbitrary<GroupedRow[]> =>
  fc.array(
    fc.record({
      group: fc.nat(6),
      small: quality,
      large: quality,
      signal,
      second: signal,
      costs: fc.tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(0, 4), fc.constantFrom(0, 3, 20, 20.5)),
    }),
    { minLength: 1, maxLength },
  )

/** Costs of all kinds: flat or by row, verification paid where it is read or always. */
export const anyCosts: fc.Arbitrary<(rows: readonly GroupedRow[]) => Costs> = fc
  .record({
    flat: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    verifyCost: fc.constantFrom('used' as const, 'always' as const),
  })
  .map(({ flat, verifyCost }) => (rows: readonly GroupedRow[]): Costs => {
    const amount = (k: 0 | 1 | 2, cost: number): Amount =>
      flat[k] ? cost : Float64Array.from(rows, ({ costs }) => costs?.[k] ?? cost)
    return { small: amount(0, 1), verify: amount(1, 4), large: amount(2, 20), verifyCost, counted: false }
  })
