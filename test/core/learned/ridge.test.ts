import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addRow,
  combine,
  emptySums,
  solveRidge,
  squaredError,
  type LinearFit,
} from '../../../src/core/learned/ridge.ts'

interface Row {
  x: number[]
  y: number
}

const sumsOf = (rows: readonly Row[], size: number) => {
  const sums = emptySums(size)
  for (const { x, y } of rows) addRow(sums, Float64Array.from(x), y)
  return sums
}

/** Gaussian elimination with the largest pivot first. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]])
  const n = right.length
  for (let k = 0; k < n; k++) {
    const pivot = rows.slice(k).reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(rows[best][k]) ? k + i : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k]
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j]
    }
  }
  const solution = right.map(() => 0)
  for (let k = n - 1; k >= 0; k--) {
    let rest = rows[k][n]
    for (let j = k + 1; j < n; j++) rest -= rows[k][j] * solution[j]
    solution[k] = rest / rows[k][k]
  }
  return solution
}

/** The normal equations with the constant as a feature of its own that nothing is held against. */
function naive(rows: readonly Row[], penalty: number[][]): number[] {
  const size = penalty.length
  const wide = rows.map(({ x }) => [1, ...x])
  const cells = Array.from({ length: size + 1 }, (_, i) => i)
  const matrix = cells.map((i) =>
    cells.map((j) => wide.reduce((sum, x) => sum + x[i] * x[j], 0) + (i > 0 && j > 0 ? penalty[i - 1][j - 1] : 0)),
  )
  return solve(
    matrix,
    cells.map((i) => rows.reduce((sum, { y }, r) => sum + wide[r][i] * y, 0)),
  )
}

const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -2, max: 2, noNaN: true }))
/** Rows of some features, fewer than the features or many, and a penalty L Lᵀ + 0.1 I. */
const problem = fc.integer({ min: 1, max: 4 }).chain((size) =>
  fc.record({
    rows: fc.array(fc.record({ x: fc.array(number, { minLength: size, maxLength: size }), y: number }), {
      minLength: 1,
      maxLength: 15,
    }),
    penalty: fc
      .array(fc.array(number, { minLength: size, maxLength: size }), { minLength: size, maxLength: size })
      .map((l) => l.map((a, i) => l.map((b, j) => a.reduce((sum, v, k) => sum + v * b[k], 0) + (i === j ? 0.1 : 0)))),
  }),
)
const flat = (matrix: number[][]) => Float64Array.from(matrix.flat())
const predict = ({ constant, coefficients }: LinearFit, x: readonly number[]) =>
  x.reduce((sum, value, i) => sum + value * coefficients[i], constant)

describe('ridge regression', () => {
  test('solves the normal equations', () => {
    fc.assert(
      fc.property(problem, ({ rows, penalty }) => {
        const fit = solveRidge(sumsOf(rows, penalty.length), flat(penalty))
        const [constant, ...coefficients] = naive(rows, penalty)
        expect(fit.constant).toBeCloseTo(constant, 7)
        coefficients.forEach((value, i) => expect(fit.coefficients[i]).toBeCloseTo(value, 7))
      }),
    )
  })
  test('lies where no change of a coefficient lowers the penalised error', () => {
    fc.assert(
      fc.property(problem, ({ rows, penalty }) => {
        const fit = solveRidge(sumsOf(rows, penalty.length), flat(penalty))
        const residuals = rows.map(({ x, y }) => y - predict(fit, x))
        expect(residuals.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 7)
        penalty.forEach((row, i) => {
          const held = row.reduce((sum, each, j) => sum + each * fit.coefficients[j], 0)
          const pulled = rows.reduce((sum, { x }, r) => sum + x[i] * residuals[r], 0)
          expect(held - pulled).toBeCloseTo(0, 7)
        })
      }),
    )
  })
  test('reads only the upper triangle of a penalty', () => {
    const rows = [1, 2, 4].map((a, i) => ({ x: [a, i % 2], y: a }))
    const [full, upper] = [
      [2, -1, -1, 3],
      [2, -1, 0, 3],
    ].map((each) => Float64Array.from(each))
    expect(solveRidge(sumsOf(rows, 2), upper)).toEqual(solveRidge(sumsOf(rows, 2), full))
  })
  test('of no rows is all zero, and of features that never vary the mean', () => {
    const one = Float64Array.of(1)
    expect(solveRidge(emptySums(1), one)).toEqual({ constant: 0, coefficients: Float64Array.of(0) })
    const fit = solveRidge(
      sumsOf(
        [
          { x: [0], y: 1 },
          { x: [0], y: 2 },
        ],
        1,
      ),
      one,
    )
    expect(fit).toEqual({ constant: 1.5, coefficients: Float64Array.of(0) })
  })
})

describe('the sums of rows', () => {
  test('give the squared error of any fit, on rows that it was not fitted on too', () => {
    fc.assert(
      fc.property(
        problem,
        fc.array(number, { minLength: 5, maxLength: 5 }),
        ({ rows, penalty }, [constant, ...rest]) => {
          const fit = { constant, coefficients: Float64Array.from(rest.slice(0, penalty.length)) }
          const expected = rows.reduce((sum, { x, y }) => sum + (y - predict(fit, x)) ** 2, 0)
          expect(squaredError(sumsOf(rows, penalty.length), fit)).toBeCloseTo(expected, 8)
        },
      ),
    )
  })
  test('of parts add up to those of all rows, and come off again', () => {
    fc.assert(
      fc.property(problem, fc.nat(15), ({ rows, penalty }, at) => {
        const size = penalty.length
        const [one, other] = [sumsOf(rows.slice(0, at), size), sumsOf(rows.slice(at), size)]
        const all = sumsOf(rows, size)
        const near = (a: typeof all, b: typeof all) => {
          expect(a.rows).toBe(b.rows)
          for (const key of ['y', 'squares'] as const) expect(a[key]).toBeCloseTo(b[key], 9)
          for (const key of ['cross', 'target', 'features'] as const)
            a[key].forEach((value, i) => expect(value).toBeCloseTo(b[key][i], 9))
        }
        near(combine(one, other, 1), all)
        near(combine(all, one, -1), other)
      }),
    )
  })
})
