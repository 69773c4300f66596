import { drawCounts, seeded, shuffled } from './random.ts'
import type { Work } from './work.ts'

/** How often each group counts. A group that is drawn more than 255 times in as many draws as there are groups is one chance in 256!. */
export type Weights = Uint8Array

/** Computes `size` statistics from weighted groups; NaN: no value. */
export interface Statistic {
  size: number
  compute(weights: Weights, into: Float64Array): void
}

export interface BootstrapOptions {
  /** How many resamples. Default: 2,000. */
  resamples?: number
  /** Default: 1. */
  seed?: number
}

/** Statistics on the data, on every resample, and with parts of the data left out. */
export interface Bootstrapped {
  groups: number
  resamples: number
  seed: number
  /** The statistics on the data themselves. */
  estimates: Float64Array
  /** By statistic, its value on every resample; NaN: no value there, and nowhere where there is but one group. */
  replicates: Float64Array[]
  /** By statistic, its value without each of at most 200 blocks of groups. */
  jackknife: Float64Array[]
}

export const DEFAULT_RESAMPLES = 2000
const MAX_BLOCKS = 200
/** Groups weighed between two reports of progress. */
const STEP = 1 << 20

/**
 * Cluster bootstrap: as many groups as there are, drawn with replacement, whole, so that rows that are not independent
 * stay together (Davison & Hinkley 1997, §3.8). Statistics that share one call share their resamples, which makes
 * their differences paired. The jackknife leaves out blocks of groups, single ones up to 200 groups, so that its time
 * does not grow with the square of the groups.
 */
export function* bootstrap(
  groups: number,
  statistic: Statistic,
  { resamples = DEFAULT_RESAMPLES, seed = 1 }: BootstrapOptions = {},
): Work<Bootstrapped> {
  const weights: Weights = new Uint8Array(groups)
  const values = new Float64Array(statistic.size)
  const columns = (length: number) => Array.from({ length: statistic.size }, () => new Float64Array(length))
  const record = (into: Float64Array[], at: number): void => {
    statistic.compute(weights, values)
    for (let k = 0; k < into.length; k++) into[k][at] = values[k]
  }

  weights.fill(1)
  const whole = columns(1)
  record(whole, 0)

  const blocks = Math.min(groups, MAX_BLOCKS)
  const jackknife = columns(blocks)
  const order = shuffled(seeded(seed, 1), groups)
  for (let block = 0; block < blocks; block++) {
    weights.fill(1)
    for (let i = block; i < groups; i += blocks) weights[order[i]] = 0
    record(jackknife, block)
  }

  const replicates = columns(resamples)
  // One group says nothing about how groups differ; its resamples would all be itself, and look certain.
  const drawn = groups > 1 ? resamples : 0
  for (const column of replicates) column.fill(NaN, drawn)
  const random = seeded(seed)
  let weighed = 0
  for (let resample = 0; resample < drawn; resample++) {
    drawCounts(random, weights)
    record(replicates, resample)
    weighed += groups
    if (weighed < STEP) continue
    weighed = 0
    yield { label: 'resampling', done: resample + 1, total: resamples }
  }
  return { groups, resamples, seed, estimates: Float64Array.from(whole, ([value]) => value), replicates, jackknife }
}
