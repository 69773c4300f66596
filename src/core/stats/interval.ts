import type { Bootstrapped } from './bootstrap.ts'
import { normalCdf, normalQuantile, tQuantile } from './distributions.ts'
import { quantileSorted } from './quantile.ts'
import { difference } from './sum.ts'

/** From fewer groups an interval says nothing. */
const FEWEST_GROUPS = 5

/** A confidence interval. */
export interface Range {
  low: number
  high: number
}

/** A quantity with what its resamples say about it; a part without a value is absent. */
export interface Estimate {
  value?: number
  percentile?: Range
  bca?: Range
  /** Share of resamples in which the quantity has no value. */
  undefinedShare: number
}

/**
 * Percentile and BCa intervals from the replicates of a bootstrap. Where more resamples than either tail holds have no
 * value, the interval would hide them: there is none. Equal replicates give an interval of no length.
 * Resamples of few groups vary too little, and know nothing of Student's wider tails: with `groups` the levels are
 * moved outwards by as much (Hesterberg 2015), and from fewer than five there is no interval at all. Without: as if
 * there were very many.
 * (Efron 1987, "Better bootstrap confidence intervals"; Efron & Tibshirani 1993, §14.3)
 */
export function estimateOf(
  estimate: number,
  replicates: Float64Array,
  jackknife: Float64Array,
  confidence: number,
  groups = Infinity,
): Estimate {
  const value = Number.isNaN(estimate) ? undefined : estimate
  const sorted = replicates.toSorted() // NaN last
  let count = sorted.length
  while (count > 0 && Number.isNaN(sorted[count - 1])) count--
  const defined = sorted.subarray(0, count)
  const undefinedShare = 1 - defined.length / replicates.length
  const nominal = (1 - confidence) / 2
  if (value === undefined || defined.length === 0 || undefinedShare > nominal) return { value, undefinedShare }
  if (groups < FEWEST_GROUPS) return { value, undefinedShare }
  const z = normalQuantile(nominal) * widening(nominal, groups)
  const between = (low: number, high: number): Range => ({
    low: snapped(quantileSorted(defined, low)!, value),
    high: snapped(quantileSorted(defined, high)!, value),
  })
  const levels = bcaLevels(value, defined, jackknife, z)
  return { value, percentile: between(normalCdf(z), normalCdf(-z)), bca: levels && between(...levels), undefinedShare }
}

/** The estimate of one statistic of a bootstrap. */
export const estimateAt = (result: Bootstrapped, k: number, confidence: number): Estimate =>
  estimateOf(result.estimates[k], result.replicates[k], result.jackknife[k], confidence, result.groups)

/** What differs from the estimate by the rounding of sums alone is the estimate. */
const snapped = (end: number, value: number): number => value + difference(end, value)

/** How much wider an interval from so many groups has to be than one from very many; one group: as for two. */
export function widening(tail: number, groups: number): number {
  if (groups === Infinity) return 1
  const df = Math.max(1, groups - 1)
  return (Math.sqrt((df + 1) / df) * tQuantile(tail, df)) / normalQuantile(tail)
}

/** The levels at which BCa reads the replicates off; the estimate outside all of them: none. */
function bcaLevels(
  estimate: number,
  sorted: Float64Array,
  jackknife: Float64Array,
  z: number,
): [number, number] | undefined {
  if (sorted[0] === sorted[sorted.length - 1]) return sorted[0] === estimate ? [normalCdf(z), normalCdf(-z)] : undefined
  // Replicates equal to the estimate count half, so that a quantity with few values is not taken for a biased one.
  let [below, equal] = [0, 0]
  for (const replicate of sorted) {
    if (replicate < estimate) below++
    else if (replicate === estimate) equal++
    else break
  }
  const share = (below + equal / 2) / sorted.length
  if (share <= 0 || share >= 1) return undefined
  const bias = normalQuantile(share)
  const acceleration = accelerationOf(jackknife)
  const level = (z: number): number => {
    const moved = bias + z
    const room = 1 - acceleration * moved
    return room > 0 ? normalCdf(bias + moved / room) : moved > 0 ? 1 : 0 // past the pole: the outermost replicate
  }
  return [level(z), level(-z)]
}

/** A sixth of the skewness of the influence of the blocks left out; blocks without a value do not count. */
function accelerationOf(jackknife: Float64Array): number {
  let [total, count] = [0, 0]
  for (const value of jackknife) {
    if (Number.isNaN(value)) continue
    total += value
    count++
  }
  const center = total / count
  let [squares, cubes] = [0, 0]
  for (const value of jackknife) {
    if (Number.isNaN(value)) continue
    const influence = center - value
    squares += influence * influence
    cubes += influence * influence * influence
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0
}

/** The interval that is shown: BCa, else percentile. */
export const shownRange = ({ bca, percentile }: Estimate): Range | undefined => bca ?? percentile
