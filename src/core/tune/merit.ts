import { quantityNames, type PolicyIntervals, type Quantity } from '../intervals/policy-intervals.ts'
import type { Bootstrapped } from '../stats/bootstrap.ts'

/** Quality - λ cost of one of several routings, as a resampled statistic: by this, policies of different cost compare. */
export function meritOf({ bootstrapped }: PolicyIntervals, routing: number, rate: number): Bootstrapped {
  const at = (name: Quantity) => routing * quantityNames.length + quantityNames.indexOf(name)
  const [quality, cost] = [at('quality'), at('cost')]
  const minus = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - rate * b[i])
  const { estimates, replicates, jackknife } = bootstrapped
  return {
    ...bootstrapped,
    estimates: Float64Array.of(estimates[quality] - rate * estimates[cost]),
    replicates: [minus(replicates[quality], replicates[cost])],
    jackknife: [minus(jackknife[quality], jackknife[cost])],
  }
}
