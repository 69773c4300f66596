import { binomialCdf } from './distributions.ts'
import { binomialDeviance } from './special.ts'

/**
 * Hoeffding-Bentkus p-value of "the mean risk is above `bound`" (α), from `n` independent values in [0, 1] with the
 * observed mean `mean` (r̂): min(exp(-n h(min(r̂, α), α)), e P(Bin(n, α) <= ⌈n r̂⌉)), at most 1, where h is the
 * Kullback-Leibler divergence of two coins in nats. It holds for every n. No values: 1.
 * (Bates et al. 2021, "Distribution-free, risk-controlling prediction sets"; Angelopoulos et al. 2021, "Learn then
 * Test")
 */
export function hoeffdingBentkusPValue(mean: number, n: number, bound: number): number {
  if (n === 0 || mean >= bound) return 1
  const total = n * mean
  const hoeffding = Math.exp(-binomialDeviance(bound, total, n - total))
  // A sum of n values is whole more often than n times their rounded mean is: 0.07 * 100 is 7.000000000000001.
  const bentkus = Math.E * binomialCdf(Math.ceil(total - 1e-9), n, bound)
  return Math.min(hoeffding, bentkus, 1)
}
