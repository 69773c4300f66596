import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edgeOf } from '../../../src/core/statistics/bin-key.ts'
import { addTables, allRows, binSums, coarsen, isMixed, type BinTable } from '../../../src/core/statistics/bin-table.ts'
import { binsOfRows } from '../../../src/core/statistics/bins-of-rows.ts'
import { testRows, type TestRow } from '../../support/outcomes.ts'

const tableOfRows = (rows: readonly TestRow[], bits: number): BinTable =>
  binsOfRows(
    {
      keys: rows.map(({ signal }) => signal),
      small: rows.map(({ small }) => small),
      large: rows.map(({ large }) => large),
      costLarge: Float64Array.from(rows, ({ cost }) => cost ?? 1),
      wrongBelow: 0.5,
    },
    bits,
  )

/** The key in whole numbers, as the definition has it. */
function keyOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value + 0)
  const bits = view.getBigUint64(0)
  return bits >> 63n === 1n ? bits ^ 0xffffffffffffffffn : bits | (1n << 63n)
}

const anyBits = fc.constantFrom(12, 14, 24, 32, 40, 64)
const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

function expectSame(a: BinTable, b: BinTable): void {
  expect([...a.least]).toEqual([...b.least])
  expect([...a.most]).toEqual([...b.most])
  for (const name of binSums) {
    expect(a.missing[name]).toBeCloseTo(b.missing[name], 10)
    expect(a[name]).toHaveLength(b[name].length)
    a[name].forEach((value, bin) => expect(value).toBeCloseTo(b[name][bin], 10))
  }
}

describe('fixed-edge bins', () => {
  test('two values share a bin just where their keys begin with the same bits', () => {
    fc.assert(
      fc.property(finite, finite, anyBits, (a, b, bits) => {
        const shift = BigInt(64 - bits)
        expect(edgeOf(a, bits) === edgeOf(b, bits)).toBe(keyOf(a) >> shift === keyOf(b) >> shift)
      }),
    )
  })

  test('an edge is the lowest value of its bin, finite, and its own edge', () => {
    fc.assert(
      fc.property(finite, anyBits, (value, bits) => {
        const edge = edgeOf(value, bits)
        expect(edge).toBeLessThanOrEqual(value)
        expect(Number.isFinite(edge)).toBe(true)
        expect(keyOf(edge)).toBe((keyOf(value) >> BigInt(64 - bits)) << BigInt(64 - bits))
      }),
    )
  })

  test('edges keep the order of values', () => {
    fc.assert(
      fc.property(finite, finite, anyBits, (a, b, bits) => {
        if (a <= b) expect(edgeOf(a, bits)).toBeLessThanOrEqual(edgeOf(b, bits))
      }),
    )
  })
})

describe('tables of bins', () => {
  test('hold what a plain filter over the rows adds up to', () => {
    fc.assert(
      fc.property(testRows(), anyBits, (rows, bits) => {
        const table = tableOfRows(rows, bits)
        expect(allRows(table)).toBe(rows.length)
        const edges = new Set(rows.filter((r) => Number.isFinite(r.signal)).map((r) => edgeOf(r.signal, bits)))
        expect(table.rows).toHaveLength(edges.size)
        const total = (list: TestRow[], of: (row: TestRow) => number) => list.reduce((sum, row) => sum + of(row), 0)
        table.least.forEach((least, bin) => {
          const inside = rows.filter((r) => Number.isFinite(r.signal) && edgeOf(r.signal, bits) === edgeOf(least, bits))
          expect(least).toBe(Math.min(...inside.map((r) => r.signal)) + 0)
          expect(table.most[bin]).toBe(Math.max(...inside.map((r) => r.signal)) + 0)
          expect(table.rows[bin]).toBe(inside.length)
          expect(table.small[bin]).toBeCloseTo(
            total(inside, (r) => r.small),
            10,
          )
          expect(table.gain[bin]).toBeCloseTo(
            total(inside, (r) => r.large - r.small),
            10,
          )
          expect(table.upside[bin]).toBeCloseTo(
            total(inside, (r) => Math.max(0, r.large - r.small)),
            10,
          )
          expect(table.extraCost[bin]).toBeCloseTo(
            total(inside, (r) => r.cost ?? 1),
            10,
          )
          expect(table.wrong[bin]).toBe(total(inside, (r) => Number(r.small < 0.5)))
          expect(table.better[bin]).toBe(total(inside, (r) => Number(r.large > r.small)))
        })
        expect(table.missing.rows).toBe(rows.filter((r) => !Number.isFinite(r.signal)).length)
      }),
    )
  })

  test('of parts, split in any way, add up to the whole', () => {
    fc.assert(
      fc.property(testRows(), anyBits, fc.infiniteStream(fc.nat(3)), (rows, bits, deal) => {
        const parts: TestRow[][] = [[], [], [], []]
        for (const row of rows) parts[deal.next().value as number].push(row)
        expectSame(addTables(parts.map((part) => tableOfRows(part, bits))), tableOfRows(rows, bits))
      }),
    )
  })

  test('of different resolutions add up at the coarsest', () => {
    fc.assert(
      fc.property(testRows(), testRows(), (a, b) => {
        expectSame(addTables([tableOfRows(a, 64), tableOfRows(b, 14)]), tableOfRows([...a, ...b], 14))
        expectSame(coarsen(tableOfRows(a, 24), 12), tableOfRows(a, 12))
        expectSame(coarsen(tableOfRows(a, 12), 24), tableOfRows(a, 12))
      }),
    )
  })

  test('with 64 bits no bin holds two values', () => {
    fc.assert(
      fc.property(testRows(), (rows) => {
        const table = tableOfRows(rows, 64)
        table.rows.forEach((_, bin) => expect(isMixed(table, bin)).toBe(false))
      }),
    )
  })
})
