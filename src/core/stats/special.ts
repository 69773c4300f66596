import { sum } from './sum.ts'

const HALF_LOG_TWO_PI = 0.9189385332046728
/** B(2k) / (2k (2k - 1)) of the Stirling series, B the Bernoulli numbers. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
  -174611 / 125400,
]

/**
 * What Stirling's formula leaves of ln Γ(z), z > 0: ln Γ(z) - (z - 1/2) ln z + z - ln(2π)/2. The asymptotic series
 * from z = 12 on, below it the recurrence δ(z) = δ(z + 1) + (z + 1/2) ln(1 + 1/z) - 1.
 * (Abramowitz & Stegun 6.1.40; Loader 2000, "Fast and accurate computation of binomial probabilities")
 */
export function stirlingError(z: number): number {
  let steps = 0
  let top = z
  for (; top < 12; top++) steps += (top + 0.5) * Math.log1p(1 / top) - 1
  const square = 1 / (top * top)
  let series = 0
  for (let k = STIRLING.length - 1; k >= 0; k--) series = series * square + STIRLING[k]
  return steps + series / top
}

/** ln Γ(z) for z > 0, to 1e-14 relative, absolute near the zeros 1 and 2. (Abramowitz & Stegun 6.1.40) */
export const logGamma = (z: number): number => (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + stirlingError(z)

/** ln(1 + z) - z for z > -1 without the cancellation at small z: s = z / (2 + z), ln(1 + z) = 2 atanh(s). */
function logOnePlusMinus(z: number): number {
  if (z < -0.4 || z > 0.6) return Math.log1p(z) - z
  const s = z / (2 + z)
  const square = s * s
  let series = 0
  for (let k = 29; k >= 3; k -= 2) series = series * square + 1 / k
  return 2 * s * square * series - z * s
}

/** count ln(count / expected) + expected - count, >= 0; `excess` is count - expected, known better than they are. */
export function devianceTerm(count: number, expected: number, excess: number): number {
  if (count === 0) return expected
  const share = excess / count
  return Math.abs(share) < 0.5 ? -count * logOnePlusMinus(-share) : -count * Math.log(expected / count) - excess
}

/** The exact product of two doubles as a rounded product and what was rounded off. (Dekker 1971; Veltkamp's split) */
function exactProduct(a: number, b: number): [number, number] {
  const [aHigh, bHigh] = [upperHalf(a), upperHalf(b)]
  const [aLow, bLow] = [a - aHigh, b - bHigh]
  const product = a * b
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow]
}

function upperHalf(value: number): number {
  const wide = value * 134217729 // 2^27 + 1
  return wide - (wide - value)
}

/**
 * a y - b x = a - (a + b) x, where y = 1 - x: by how much a exceeds its share of a + b. The tails of a beta
 * distribution with large parameters hang on this difference, so the products are exact and the larger of x and y,
 * which carries the rounding of 1 - x, is put right first.
 */
function excessOver(x: number, y: number, a: number, b: number): number {
  const [ay, ayLost] = exactProduct(a, y)
  const [bx, bxLost] = exactProduct(b, x)
  const rounded = x < 0.5 ? a * (1 - y - x) : -b * (1 - x - y)
  return sum([ay, -bx, ayLost, -bxLost, rounded])
}

/**
 * Binomial deviance a ln(x̂ / x) + b ln(ŷ / y), nats, >= 0: a + b times the Kullback-Leibler divergence of the share
 * x̂ = a / (a + b) from x; ŷ = 1 - x̂, y = 1 - x. (Loader 2000)
 */
export function binomialDeviance(x: number, a: number, b: number, y: number = 1 - x): number {
  const excess = excessOver(x, y, a, b)
  return devianceTerm(a, (a + b) * x, excess) + devianceTerm(b, (a + b) * y, -excess)
}

/** x^a y^b / B(a, b), the density of ln(x / y) for x ~ Beta(a, b), y = 1 - x, by Loader's saddle-point form. */
function logitDensity(x: number, y: number, a: number, b: number): number {
  const stirling = stirlingError(a + b) - stirlingError(a) - stirlingError(b)
  return Math.sqrt((a / (2 * Math.PI)) * (b / (a + b))) * Math.exp(stirling - binomialDeviance(x, a, b, y))
}

/**
 * x^a y^b / B(a, b) / I_x(a, b) as a continued fraction for x at or below the mean a / (a + b), by Lentz's method.
 * (DiDonato & Morris 1992, "Algorithm 708", `BFRAC`; Thompson & Barnett 1986)
 */
function betaFraction(x: number, y: number, a: number, b: number): number {
  const excess = excessOver(x, y, a, b)
  const tail = (m: number): number =>
    m + (m * (b - m) * x) / (a + 2 * m - 1) + ((a + m) * (excess + 1 + m * (1 + y))) / (a + 2 * m + 1)
  let value = (a * (excess + 1)) / (a + 1)
  let upper = value
  let lower = 0
  for (let m = 1; m < 100_000; m++) {
    const scale = x / (a + 2 * m - 1)
    const numerator = (a + m - 1) * scale * (a + b + m - 1) * scale * m * (b - m)
    const term = tail(m)
    lower = 1 / (term + numerator * lower)
    upper = term + numerator / upper
    const change = upper * lower
    value *= change
    if (!(Math.abs(change - 1) > 2.3e-16)) break // also when it is not a number
  }
  return value
}

/**
 * Regularised incomplete beta function I_x(a, b), the distribution function of Beta(a, b), for x in [0, 1] and
 * a, b > 0; relative error around 1e-15 with a, b from 0.5 to 1e6, up to 2e-13 far out in the tails. `y` is 1 - x where
 * the caller knows it better than the subtraction does. (DiDonato & Morris 1992)
 */
export function incompleteBeta(x: number, a: number, b: number, y: number = 1 - x): number {
  if (x <= 0) return 0
  if (y <= 0) return 1
  if (a * y < b * x) return 1 - incompleteBetaBelow(y, x, b, a)
  return incompleteBetaBelow(x, y, a, b)
}

const incompleteBetaBelow = (x: number, y: number, a: number, b: number): number =>
  logitDensity(x, y, a, b) / betaFraction(x, y, a, b)

/**
 * The odds x / (1 - x) at which I_x(a, b) = p; `q` is 1 - p where the caller knows it better.
 *
 * Newton's method on ln I against the logit of x, kept inside a bracket: the density of the logit is log-concave, so
 * that ln I is concave in it and the steps converge from any start.
 */
export function incompleteBetaOdds(p: number, a: number, b: number, q: number = 1 - p): number {
  if (q < p) return 1 / incompleteBetaOdds(q, b, a, p)
  if (!(p > 0)) return Math.max(0, p) // NaN stays NaN
  let [low, high, odds] = [Number.MIN_VALUE, Infinity, a / b]
  for (let i = 0; i < 200; i++) {
    const [x, y] = [odds / (1 + odds), 1 / (1 + odds)]
    const reached = incompleteBeta(x, a, b, y)
    if (reached < p) low = odds
    else high = odds
    const step = (Math.log(p / reached) * reached) / logitDensity(x, y, a, b)
    const next = odds * Math.exp(step)
    if (Math.abs(step) < 1e-10) return next
    const inside = next > low && next < high
    odds = inside ? next : Math.sqrt(low) * Math.sqrt(high)
    if (odds === low || odds === high) return odds
  }
  return odds
}

/**
 * The x at which I_x(a, b) = p: the quantile of Beta(a, b), as precise as a double at x is. `q` is 1 - p where
 * the caller knows it better than the subtraction does.
 */
export function inverseIncompleteBeta(p: number, a: number, b: number, q: number = 1 - p): number {
  const odds = incompleteBetaOdds(p, a, b, q)
  return odds === Infinity ? 1 : odds / (1 + odds)
}
