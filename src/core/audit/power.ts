import { indexBelow, nextUint32, seeded } from '../stats/random.ts'
import type { Evidence } from './evidence.ts'
import type { Risk } from './promise.ts'

const TRIALS = 100
const MOST_AUDITS = 20_000

/** A value as it counted; one that is not known weighs nothing. */
export interface WeighedValue {
  value: number
  weight: number
}

export interface PowerOptions {
  /** By how much the mean lies above the bound. */
  change: number
  /** What the evidence has to reach. */
  needed: number
  /** Where it stands. */
  from: Evidence
  seed: number
}

/**
 * How many audits it takes from here, in the median, until a change is established: values are drawn from those seen,
 * as they counted, as many of them made the worst there is as moves their mean to `change` above the bound. More than
 * 20,000, or nothing seen: `undefined`.
 */
export function auditsToShow(
  seen: readonly WeighedValue[],
  { bound, high }: Pick<Risk, 'bound' | 'high'>,
  { change, needed, from, seed }: PowerOptions,
): number | undefined {
  const weights = seen.reduce((sum, { weight }) => sum + weight, 0)
  if (weights === 0 || bound + change > high) return undefined
  const mean = seen.reduce((sum, { value, weight }) => sum + value * weight, 0) / weights
  const worse = mean >= high ? 0 : Math.max(0, (bound + change - mean) / (high - mean))
  const random = seeded(seed, 6)
  const lengths = Array.from({ length: TRIALS }, () => {
    const evidence = from.copy()
    for (let count = 1; count <= MOST_AUDITS; count++) {
      const { value, weight } = seen[indexBelow(random, seen.length)]
      evidence.add(nextUint32(random) < worse * 2 ** 32 ? high : value, weight)
      if (evidence.most() >= needed) return count
    }
    return Infinity
  }).toSorted((a, b) => a - b)
  const median = lengths[TRIALS / 2]
  return median === Infinity ? undefined : median
}
