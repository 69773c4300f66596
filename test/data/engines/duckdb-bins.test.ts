import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { edgeOf } from '../../../src/core/statistics/bin-key.ts'
import { duckdbBins, duckdbNumber } from '../../../src/data/engines/duckdb-bins.ts'

const bitsOf = fc.constantFrom(12, 13, 14, 17, 24, 25, 32, 40, 51)
const LIMIT = 2 ** 60

/** Doubles of every size beside the edges of bins, where a wrong rounding would show. */
const hostile = fc
  .record({
    exponent: fc.integer({ min: -1074, max: 59 }),
    fraction: fc.oneof(
      fc.constantFrom(0, 1 / 3, 2 / 3, 0.5, 0.25, 1 - 2 ** -12),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
    bits: fc.integer({ min: 0, max: 52 }),
    nudge: fc.integer({ min: -2, max: 2 }),
    sign: fc.constantFrom(1, -1),
  })
  .map(({ exponent, fraction, bits, nudge, sign }) => {
    const cut = Math.trunc((1 + fraction) * 2 ** bits) / 2 ** bits
    return sign * cut * (1 + nudge * 2 ** -52) * 2 ** exponent
  })
const values = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: hostile },
    { weight: 2, arbitrary: fc.double({ min: -LIMIT, max: LIMIT, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 5e-324, -5e-324, 2 ** -1022, LIMIT, -LIMIT, 1 / 3, 4 / 3, -8 / 3) },
  ),
  { minLength: 1, maxLength: 400 },
)

let connection: DuckDBConnection
let instance: DuckDBInstance
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

/** What DuckDB makes of values: of each group what it shows, and the least and greatest value in truth. */
async function groupsOf(list: readonly (number | null)[], bits: number, largest: number, edges: boolean) {
  const { by, selected, ends } = duckdbBins('x', { bits, largest, edges })
  await connection.run('CREATE OR REPLACE TABLE t (x DOUBLE)')
  const written = (value: number | null) =>
    value === null ? 'NULL' : Number.isFinite(value) ? duckdbNumber(value) : `'${value}'::DOUBLE`
  await connection.run(`INSERT INTO t VALUES ${list.map((value) => `(${written(value)})`).join(', ')}`)
  const answer = await connection.runAndReadAll(
    `SELECT ${[...selected, 'min(x)', 'max(x)', 'CAST(count(*) AS DOUBLE)'].join(', ')} FROM t GROUP BY ${by}`,
  )
  const columns = Array.from({ length: selected.length + 3 }, (_, i) =>
    Float64Array.from(answer.getRows(), (row) => Number(row[i] ?? NaN)),
  )
  const [low, high] = ends(columns.slice(0, selected.length))
  const [min, max, rows] = columns.slice(selected.length)
  return Array.from(low, (_, i) => ({ low: low[i], high: high[i], min: min[i], max: max[i], rows: rows[i] }))
}

test('a group is of one bin, and shows a value of it', async () => {
  await fc.assert(
    fc.asyncProperty(values, bitsOf, async (list, bits) => {
      const groups = await groupsOf(list, bits, LIMIT, true)
      expect(groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(list.length)
      for (const { low, high, min, max } of groups) {
        expect(edgeOf(min, bits)).toBe(edgeOf(max, bits))
        expect([edgeOf(low, bits), edgeOf(high, bits)]).toEqual([edgeOf(min, bits), edgeOf(min, bits)])
      }
    }),
    { numRuns: 200 },
  )
})

test('where values count, it shows the least and the greatest', async () => {
  await fc.assert(
    fc.asyncProperty(values, bitsOf, async (list, bits) => {
      for (const { low, high, min, max } of await groupsOf(list, bits, LIMIT, false)) {
        expect(edgeOf(min, bits)).toBe(edgeOf(max, bits))
        expect([low + 0, high + 0]).toEqual([min + 0, max + 0])
      }
    }),
    { numRuns: 100 },
  )
})

test('values that are none, and values beyond all arithmetic, are told from the others', async () => {
  const list = [null, NaN, Infinity, -Infinity, 0, -0, 1, 1e300, -1e300, Number.MAX_VALUE, 5e-324]
  const known = (await groupsOf(list, 24, Infinity, false)).filter(({ low }) => Number.isFinite(low))
  expect(known.map(({ min, rows }) => [min + 0, rows]).toSorted(([a], [b]) => a - b)).toEqual([
    [-1e300, 1],
    [0, 3],
    [1, 1],
    [1e300, 1],
    [Number.MAX_VALUE, 1],
  ])
  const rest = (await groupsOf([null, NaN, Infinity, -Infinity, 0, 3], 24, 3, true)).filter(({ low }) =>
    Number.isFinite(low),
  )
  expect(new Set(rest.map(({ low }) => low))).toEqual(new Set([0, 3]))
})
