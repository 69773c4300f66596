import { upperGamma } from './incomplete-gamma.ts'
import { incompleteBeta, incompleteBetaOdds } from './special.ts'

/** A rational function: numerator and denominator coefficients, constant first. */
type Rational = readonly [readonly number[], readonly number[]]

const horner = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0)
const ratio = ([above, below]: Rational, x: number): number => horner(above, x) / horner(below, x)

/** Cody's minimax approximations of (Φ(z) - 1/2) / z in z², of Φ(-z) / φ(z) in z, and of its far tail in 1 / z². */
const CDF_CENTRE: Rational = [
  [18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837, 0.06568233791820745],
  [45507.78933502673, 10260.932208618979, 976.0985517377767, 47.202581904688245, 1],
]
const CDF_TAIL: Rational = [
  [
    9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002, 93.50665613217785,
    8.883149794388377, 0.39894151208813466, 1.0765576773720192e-8,
  ],
  [
    19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761, 1519.3775994075547,
    235.387901782625, 22.266688044328117, 1,
  ],
]
const CDF_FAR: Rational = [
  [
    2.9112874951168793e-5, 0.0014216191932278934, 0.022235277870649807, 0.12740116116024736, 0.215898534057957,
    0.023073441764940174,
  ],
  [7.297515550839662e-5, 0.0037823963320275824, 0.06598813786892856, 0.4682382124808651, 1.284260096144911, 1],
]
const SQRT_TWO_PI = 2.5066282746310007

/**
 * Φ(z), the standard normal distribution function, to near machine precision in both tails' own scale.
 * (Cody 1969, "Rational Chebyshev approximations for the error function", in the form of R's `pnorm`)
 */
export function normalCdf(z: number): number {
  const size = Math.abs(z)
  if (size < 0.67448975) return 0.5 + z * ratio(CDF_CENTRE, z * z)
  if (size > 39) return z < 0 ? 0 : 1
  const far = 1 / (size * size)
  const scaled = size < 5.656854249492381 ? ratio(CDF_TAIL, size) : (1 / SQRT_TWO_PI - far * ratio(CDF_FAR, far)) / size
  // exp(-z²/2) in two factors, because z² itself is not exact.
  const coarse = Math.trunc(size * 16) / 16
  const tail = Math.exp(-coarse * coarse * 0.5) * Math.exp(-(size - coarse) * (size + coarse) * 0.5) * scaled
  return z < 0 ? tail : 1 - tail
}

/** Wichura's minimax approximations of the quantile over p - 1/2 in the centre, and in √(-ln p) near and far out. */
const QUANTILE_CENTRE: Rational = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
]
const QUANTILE_TAIL: Rational = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
]
const QUANTILE_FAR: Rational = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
]

/** Φ⁻¹(p), the standard normal quantile, to near machine precision; ∓∞ at 0 and 1. (Wichura 1988, AS 241) */
export function normalQuantile(p: number): number {
  const centred = p - 0.5
  if (Math.abs(centred) <= 0.425) return centred * ratio(QUANTILE_CENTRE, 0.180625 - centred * centred)
  const tail = Math.min(p, 1 - p)
  if (tail === 0) return centred < 0 ? -Infinity : Infinity
  const root = Math.sqrt(-Math.log(tail))
  const size = root <= 5 ? ratio(QUANTILE_TAIL, root - 1.6) : ratio(QUANTILE_FAR, root - 5)
  return centred < 0 ? -size : size
}

/** Distribution function of Student's t with `df` > 0 degrees of freedom: I_x(df/2, 1/2) / 2, x = df / (df + t²). */
export function tCdf(t: number, df: number): number {
  const odds = (t * t) / df
  const tail = incompleteBeta(1 / (1 + odds), df / 2, 0.5, 1 / (1 + 1 / odds)) / 2
  return t < 0 ? tail : 1 - tail
}

/** Quantile of Student's t with `df` > 0 degrees of freedom; ∓∞ at 0 and 1, and where t² exceeds a double. */
export function tQuantile(p: number, df: number): number {
  const tail = 2 * Math.min(p, 1 - p)
  const size = Math.sqrt(df * incompleteBetaOdds(1 - tail, 0.5, df / 2, tail))
  return p < 0.5 ? -size : size
}

/** P(X <= k) for X ~ Binomial(n, p), by the incomplete beta function: I_{1-p}(n - k, k + 1). */
export function binomialCdf(k: number, n: number, p: number): number {
  const count = Math.floor(k)
  if (count < 0) return 0
  if (count >= n) return 1
  return incompleteBeta(1 - p, n - count, count + 1, p)
}

/** P(X >= x) for X ~ χ² with `df` > 0 degrees of freedom: Q(df/2, x/2). */
export const chiSquaredTail = (x: number, df: number): number => upperGamma(df / 2, x / 2)
