import fc from 'fast-check'
import { expect, test } from 'vitest'
import { argsort } from '../../../src/core/stats/argsort.ts'
import { radixSort } from '../../../src/core/stats/radix.ts'

const anyNumber = fc.oneof(
  fc.double(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324),
)
const column = fc.array(anyNumber, { maxLength: 300 }).map((values) => Float64Array.from(values))

const naive = (values: Float64Array, sign: 1 | -1) =>
  [...values.keys()]
    .filter((i) => Number.isFinite(values[i]))
    .toSorted((a, b) => sign * (values[a] - values[b]) || a - b)

test('sorts as a stable comparator sort of the finite values does', () => {
  fc.assert(
    fc.property(column, fc.constantFrom(1 as const, -1 as const), (values, sign) => {
      const { keys, rows } = argsort(values, sign)
      expect([...rows]).toEqual(naive(values, sign))
      expect([...keys]).toEqual([...rows].map((row) => values[row] * sign + 0))
    }),
  )
})

const shapes: Record<string, (i: number) => number> = {
  'evenly spread values': (i) => Math.sin(i) * 10,
  'values over hundreds of binary orders': (i) => (i % 2 ? 1 : -1) * Math.exp(((i * 7919) % 1400) - 700),
  'five distinct values': (i) => (i * 7) % 5,
  'one far outlier': (i) => (i === 17 ? -1e300 : Math.sin(i)),
  'one value': () => 0.5,
  'a range beyond the largest double': (i) => (i % 2 ? 1.7e308 : -1.7e308) + i,
  'subnormal values': (i) => ((i * 31) % 977) * 5e-324,
}
for (const [name, value] of Object.entries(shapes)) {
  test(`sorts 20,000 rows of ${name}`, () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => value(i))
    expect(argsort(values).rows).toEqual(Uint32Array.from(naive(values, 1)))
  })
}

test('the radix sort agrees with a comparator sort on any finite doubles', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 200 }),
      (list) => {
        const values = Float64Array.from(list, (value) => value + 0)
        const [keys, rows] = [values.slice(), Uint32Array.from(values.keys())]
        radixSort(keys, rows, 0, values.length)
        expect([...rows]).toEqual(naive(values, 1))
        expect([...keys]).toEqual([...rows].map((row) => values[row]))
      },
    ),
  )
})

test('no rows and no finite values give nothing', () => {
  expect(argsort(new Float64Array(0)).rows).toHaveLength(0)
  expect(argsort(Float64Array.of(NaN, Infinity)).rows).toHaveLength(0)
})
