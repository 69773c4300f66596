import { devianceTerm, stirlingError } from './special.ts'

const MOST_STEPS = 100_000

/** x^a e^-x / Γ(a + 1): the probability of a Poisson count a with mean x, by Loader's saddle-point form. */
const poissonTerm = (a: number, x: number): number =>
  Math.exp(-stirlingError(a) - devianceTerm(a, x, a - x)) / Math.sqrt(2 * Math.PI * a)

/** P(a, x) over the Poisson term: 1 + x / (a + 1) + x² / ((a + 1)(a + 2)) + … (Abramowitz & Stegun 6.5.29) */
function lowerSeries(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let i = 1; i < MOST_STEPS && term > sum * 1e-17; i++) {
    term *= x / (a + i)
    sum += term
  }
  return sum
}

/** Q(a, x) Γ(a) / (x^a e^-x) as a continued fraction, by Lentz's method. (Abramowitz & Stegun 6.5.31) */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300
  let below = x + 1 - a
  let upper = 1 / tiny
  let lower = 1 / below
  let value = lower
  for (let i = 1; i < MOST_STEPS; i++) {
    const numerator = -i * (i - a)
    below += 2
    lower = 1 / (numerator * lower + below || tiny)
    upper = below + numerator / upper || tiny
    const change = upper * lower
    value *= change
    if (!(Math.abs(change - 1) > 2.3e-16)) break // also when it is not a number
  }
  return value
}

/**
 * Regularised upper incomplete gamma function Q(a, x) for a > 0, x >= 0: the chance that a gamma variable of shape a is
 * above x. Precise in the tail's own scale.
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  const term = poissonTerm(a, x)
  return x < a + 1 ? 1 - term * lowerSeries(a, x) : a * term * upperFraction(a, x)
}
