import { widening } from './interval.ts'
import { quantileSorted } from './quantile.ts'

/** A simultaneous confidence band: the whole curve lies in it with the confidence asked for. */
export interface Band {
  low: Float64Array
  high: Float64Array
  /** How many standard errors wide it is to either side; a single point would need about 1.96 at 95 %. */
  critical: number
}

/**
 * Sup-t band of a curve at points fixed beforehand: estimate ± c · standard error, c being the quantile over resamples
 * of the largest |replicate - estimate| / standard error. Points without spread are certain and left out of the
 * maximum; there the band is the estimate. A point that has no value in some resample has no band: NaN; nor has any
 * without resamples. With few `groups` it is as much wider as a single interval has to be.
 * (Montiel Olea & Plagborg-Møller 2019, "Simultaneous confidence bands")
 */
export function supTBand(
  estimates: ArrayLike<number>,
  replicates: readonly Float64Array[],
  confidence: number,
  groups = Infinity,
): Band {
  const resamples = replicates[0]?.length ?? 0
  const errors = replicates.map(standardDeviation)
  const largest = new Float64Array(resamples)
  replicates.forEach((column, k) => {
    if (!(errors[k] > 0)) return
    for (let b = 0; b < resamples; b++) {
      const distance = Math.abs(column[b] - estimates[k]) / errors[k]
      if (distance > largest[b]) largest[b] = distance
    }
  })
  const critical = (quantileSorted(largest.toSorted(), confidence) ?? 0) * widening((1 - confidence) / 2, groups)
  const edge = (sign: 1 | -1) => Float64Array.from(errors, (error, k) => estimates[k] + sign * critical * error)
  return { low: edge(-1), high: edge(1), critical }
}

/** Spread of one point's replicates; what is only rounding is 0, and none of none. */
function standardDeviation(values: Float64Array): number {
  if (values.length === 0) return NaN
  let total = 0
  for (const value of values) total += value
  const center = total / values.length
  let squares = 0
  for (const value of values) squares += (value - center) ** 2
  const deviation = Math.sqrt(squares / (values.length - 1))
  return deviation <= 1e-12 * Math.max(1, Math.abs(center)) ? 0 : deviation
}
