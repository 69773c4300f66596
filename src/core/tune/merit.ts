import { quantityNames, type PolicyIntervals, type Quantity } from '../intervals/policy-intervals.ts'
import type { Bootstrapped } from '../stats/bootstrap.ts'
import type { Target } from '../sweep/target.ts'

/**
 * One number by which policies of different cost can be compared, as a resampled statistic: what the target maximises
 * where that is quality - λ cost, else the lift, the quality above that of random routing at the same cost. Where
 * escalating costs nothing, quality itself.
 */
export function meritOf({ bootstrapped }: PolicyIntervals, routing: number, target: Target): Bootstrapped {
  const at = (name: Quantity) => routing * quantityNames.length + quantityNames.indexOf(name)
  const only = (combine: (column: (name: Quantity) => Float64Array) => Float64Array): Bootstrapped => ({
    ...bootstrapped,
    estimates: combine((name) => bootstrapped.estimates.subarray(at(name), at(name) + 1)),
    replicates: [combine((name) => bootstrapped.replicates[at(name)])],
    jackknife: [combine((name) => bootstrapped.jackknife[at(name)])],
  })
  if ('qualityMinusCost' in target)
    return only((column) => {
      const cost = column('cost')
      return column('quality').map((quality, i) => quality - target.qualityMinusCost * cost[i])
    })
  const lift = Number.isNaN(bootstrapped.estimates[at('lift')]) ? 'quality' : 'lift'
  return only((column) => column(lift))
}
