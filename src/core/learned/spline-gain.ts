import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import type { GainPolicy, GainTerm } from '../policy/policy.ts'
import { isotonic } from '../stats/isotonic.ts'
import { foldOfRow } from '../stats/fold.ts'
import { hats, knotsOf } from './knots.ts'
import { addRow, combine, emptySums, solveRidge, squaredError, type LinearFit, type NormalSums } from './ridge.ts'

/** Strengths of smoothing that cross-validation chooses from, as multiples of the rows. */
const STRENGTHS = [1e-4, 1e-3, 1e-2, 0.1, 1, 10]
/** Beside the bends, sizes are held a little, so that few rows make no steep term and no system is singular. */
const SIZE_PENALTY = 0.02
const FOLDS = 5

/** A predicted gain, in the form of a policy file, and how it was come by. */
export interface GainModel {
  predictedGain: GainPolicy['predictedGain']
  /** The strength of smoothing that predicted best, by group, out of sample. */
  strength: number
  /** Share of the variance of the gain that is predicted out of sample; below 0: worse than the mean. */
  crossValidatedR2: number
}

export interface GainOptions {
  seed: number
  /** Holds the terms of measures of certainty to their direction: the more certain, the less is gained. Default: false. */
  monotone?: boolean
}

interface Feature {
  column: SignalColumn
  knots: Float64Array
  /** Where its knots begin among the features. */
  at: number
  /** Mean weight of each knot over the rows that have the signal: what a missing value counts as. */
  center: Float64Array
}

/**
 * E[quality_large - quality_small | signals] as a sum of one smooth term a signal: linear B-splines with penalised
 * bends (P-splines, Eilers & Marx 1996), least squares, the strength cross-validated by group. Terms are centred, so
 * that a missing signal adds nothing. No signal with two values: `undefined`.
 */
export function fitSplineGain(
  outcomes: Outcomes,
  columns: readonly SignalColumn[],
  options: GainOptions,
): GainModel | undefined {
  const features = featuresOf(columns)
  if (features.length === 0 || outcomes.rows === 0) return undefined
  const size = features.reduce((total, { knots }) => total + knots.length, 0)
  const parts = sumsByFold(outcomes, features, size, options.seed)
  const all = parts.reduce((total, part) => combine(total, part, 1), emptySums(size))
  let best = { strength: Infinity, error: meanError(parts, all) }
  const nothing = best.error
  for (const strength of STRENGTHS) {
    const error = parts.reduce((total, part) => {
      const train = combine(all, part, -1)
      return total + squaredError(part, solveRidge(train, penaltyOf(features, size, strength, train.rows)))
    }, 0)
    if (error < best.error) best = { strength, error }
  }
  const fit: LinearFit =
    best.strength === Infinity
      ? { constant: all.y / all.rows, coefficients: new Float64Array(size) }
      : solveRidge(all, penaltyOf(features, size, best.strength, all.rows))
  return {
    predictedGain: toTerms(fit, features, options.monotone === true),
    strength: best.strength,
    crossValidatedR2: nothing > 0 ? 1 - best.error / nothing : 0,
  }
}

function featuresOf(columns: readonly SignalColumn[]): Feature[] {
  let at = 0
  return columns.flatMap((column) => {
    const knots = knotsOf(column.values)
    if (knots.length < 2) return []
    const feature = { column, knots, at, center: new Float64Array(knots.length) }
    at += knots.length
    const weights = new Float64Array(knots.length)
    let present = 0
    for (const value of column.values) {
      if (!Number.isFinite(value)) continue
      present++
      hats(knots, value, weights, 0)
      for (let k = 0; k < weights.length; k++) feature.center[k] += weights[k]
    }
    for (let k = 0; k < weights.length; k++) feature.center[k] /= present
    return [feature]
  })
}

function sumsByFold(
  { rows, groups, small, large }: Outcomes,
  features: readonly Feature[],
  size: number,
  seed: number,
): NormalSums[] {
  const fold = foldOfRow(groups, FOLDS, seed)
  const parts = Array.from({ length: Math.min(FOLDS, groups.count) }, () => emptySums(size))
  const x = new Float64Array(size)
  for (let row = 0; row < rows; row++) {
    for (const { column, knots, at, center } of features) {
      const value = column.values[row]
      if (!Number.isFinite(value)) x.fill(0, at, at + knots.length)
      else {
        hats(knots, value, x, at)
        for (let k = 0; k < knots.length; k++) x[at + k] -= center[k]
      }
    }
    addRow(parts[fold[row]], x, large.quality[row] - small.quality[row])
  }
  return parts
}

/** The out-of-sample error of predicting the mean, which is what a signal must beat. */
const meanError = (parts: readonly NormalSums[], all: NormalSums): number =>
  parts.reduce((total, part) => {
    const train = combine(all, part, -1)
    const constant = train.rows === 0 ? 0 : train.y / train.rows
    return total + part.squares - 2 * constant * part.y + part.rows * constant ** 2
  }, 0)

/** Second differences of neighbouring knots, squared, and a little of every size. */
function penaltyOf(features: readonly Feature[], size: number, strength: number, rows: number): Float64Array {
  const penalty = new Float64Array(size * size)
  for (const { knots, at } of features) {
    for (let k = 0; k < knots.length; k++) penalty[(at + k) * size + at + k] += strength * rows * SIZE_PENALTY
    for (let k = 1; k + 1 < knots.length; k++) {
      const bend: [number, number][] = [
        [at + k - 1, 1],
        [at + k, -2],
        [at + k + 1, 1],
      ]
      for (const [i, a] of bend) for (const [j, b] of bend) if (j >= i) penalty[i * size + j] += strength * rows * a * b
    }
  }
  return penalty
}

function toTerms(
  { constant, coefficients }: LinearFit,
  features: readonly Feature[],
  monotone: boolean,
): GainPolicy['predictedGain'] {
  const terms = features.map(({ column, knots, at, center }): GainTerm => {
    let values = coefficients.slice(at, at + knots.length)
    if (monotone && column.fromAnswer !== true) {
      const sign = column.direction === 'higher' ? -1 : 1
      const masses = center.map((share) => share + 1e-9)
      values = isotonic(
        values.map((value) => sign * value),
        masses,
      ).map((value) => sign * value)
    }
    const mean = values.reduce((total, value, k) => total + value * center[k], 0)
    return { signal: column.name, points: Array.from(values, (value, k) => [knots[k], value - mean]) }
  })
  return { constant, terms }
}
