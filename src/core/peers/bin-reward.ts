import { amountAt, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { always, type Policy } from '../policy/policy.ts'
import { binOf, keepBins, type Certainty } from './certainty.ts'
import { countBins } from './pomdp.ts'

/**
 * One action a bin for each price λ: route iff R_route > R_keep with R_keep = P_small(v) - λ C_small and
 * R_route = P_large(v) - λ (C_small + C_large), P being mean qualities in bin v. A bin is routed while its mean gain
 * per extra cost is above λ, so as λ falls, bins join one after another.
 */
export function binReward(outcomes: Outcomes, certainty: Certainty, costs: Costs): Policy[] {
  const counts = countBins(
    outcomes,
    certainty,
    (key) => binOf(certainty, key),
    certainty.starts.length + 1,
    0,
    (row) => amountAt(costs.large, row),
  )
  const worth = counts.map(({ rows, gain, extraCost }) => {
    if (rows === 0 || gain <= 0) return 0
    return extraCost > 0 ? gain / extraCost : Infinity
  })
  // A price below 0 would pay for calling the large model: bins that lose by it are never routed.
  const prices = [...new Set(worth.filter((each) => each > 0))].toSorted((a, b) => b - a)
  return [
    always('keep'),
    ...prices.map((price) =>
      keepBins(
        certainty,
        worth.map((each) => each >= price),
      ),
    ),
  ]
}
