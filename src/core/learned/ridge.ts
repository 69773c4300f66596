import { CholeskyDecomposition, Matrix } from 'ml-matrix'

/** Sums over rows from which a penalised least-squares fit follows; sums of parts of the data add up. */
export interface NormalSums {
  rows: number
  /** Σ x xᵀ, row by row; `size` squared numbers. */
  cross: Float64Array
  /** Σ x y. */
  target: Float64Array
  /** Σ x, Σ y and Σ y². */
  features: Float64Array
  y: number
  squares: number
}

export const emptySums = (size: number): NormalSums => ({
  rows: 0,
  cross: new Float64Array(size * size),
  target: new Float64Array(size),
  features: new Float64Array(size),
  y: 0,
  squares: 0,
})

/** Adds one row: features `x`, response `y`. Only the upper triangle of `cross` is filled. */
export function addRow(sums: NormalSums, x: Float64Array, y: number): void {
  const size = x.length
  sums.rows++
  sums.y += y
  sums.squares += y * y
  for (let i = 0; i < size; i++) {
    const value = x[i]
    if (value === 0) continue
    sums.features[i] += value
    sums.target[i] += value * y
    for (let j = i, at = i * size + i; j < size; j++, at++) sums.cross[at] += value * x[j]
  }
}

/** `all` without `part`, or with it: `sign` 1 adds. */
export function combine(all: NormalSums, part: NormalSums, sign: 1 | -1): NormalSums {
  const add = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + sign * b[i])
  return {
    rows: all.rows + sign * part.rows,
    cross: add(all.cross, part.cross),
    target: add(all.target, part.target),
    features: add(all.features, part.features),
    y: all.y + sign * part.y,
    squares: all.squares + sign * part.squares,
  }
}

export interface LinearFit {
  constant: number
  coefficients: Float64Array
}

/**
 * The coefficients that minimise Σ (y - c - b·x)² + bᵀ P b with a free constant c, by Cholesky. `penalty` is positive
 * definite, `size` squared numbers. No rows: all zero.
 */
export function solveRidge(sums: NormalSums, penalty: Float64Array): LinearFit {
  const { rows, cross, target, features, y } = sums
  const size = target.length
  if (rows === 0) return { constant: 0, coefficients: new Float64Array(size) }
  // With features and response about their means, the constant drops out of the equations.
  const matrix = new Matrix(size, size)
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++) {
      const value = cross[i * size + j] - (features[i] * features[j]) / rows + penalty[i * size + j]
      matrix.set(i, j, value).set(j, i, value)
    }
  const right = Matrix.columnVector(target.map((value, i) => value - (features[i] * y) / rows))
  const coefficients = Float64Array.from(new CholeskyDecomposition(matrix).solve(right).to1DArray())
  const explained = coefficients.reduce((total, b, i) => total + b * features[i], 0)
  return { constant: (y - explained) / rows, coefficients }
}

/** Σ (y - c - b·x)² over the rows of `sums`. */
export function squaredError({ cross, target, features, y, squares, rows }: NormalSums, fit: LinearFit): number {
  const { constant, coefficients } = fit
  const size = coefficients.length
  let [linear, quadratic] = [rows * constant - 2 * y, 0]
  let error = squares
  for (let i = 0; i < size; i++) {
    linear += 2 * coefficients[i] * features[i]
    error -= 2 * coefficients[i] * target[i]
    quadratic += coefficients[i] ** 2 * cross[i * size + i]
    for (let j = i + 1; j < size; j++) quadratic += 2 * coefficients[i] * coefficients[j] * cross[i * size + j]
  }
  return error + constant * linear + quadratic
}
