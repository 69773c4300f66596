import { indexBelow, nextUint32, seeded } from '../stats/random.ts'
import { evidenceAbove } from './evidence.ts'
import type { Risk } from './promise.ts'

const TRIALS = 100
const MOST_AUDITS = 20_000

export interface PowerOptions {
  /** By how much the mean lies above the bound. */
  change: number
  /** What the evidence has to reach. */
  needed: number
  seed: number
}

/**
 * How many audits it takes, in the median, until a change is established: values are drawn from those seen, as many of
 * them made the worst there is as moves their mean to `change` above the bound. More than 20,000, or nothing seen:
 * `undefined`.
 */
export function auditsToShow(
  values: ArrayLike<number>,
  { bound, low, high }: Pick<Risk, 'bound' | 'low' | 'high'>,
  { change, needed, seed }: PowerOptions,
): number | undefined {
  if (values.length === 0 || bound + change > high) return undefined
  let mean = 0
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length
  const worse = mean >= high ? 0 : Math.max(0, (bound + change - mean) / (high - mean))
  const random = seeded(seed, 6)
  const lengths = Array.from({ length: TRIALS }, () => {
    const evidence = evidenceAbove(bound, low, high)
    for (let count = 1; count <= MOST_AUDITS; count++) {
      const value = values[indexBelow(random, values.length)]
      evidence.add(nextUint32(random) < worse * 2 ** 32 ? high : value)
      if (evidence.most() >= needed) return count
    }
    return Infinity
  }).toSorted((a, b) => a - b)
  const median = lengths[TRIALS / 2]
  return median === Infinity ? undefined : median
}
