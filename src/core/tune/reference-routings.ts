import { routedBy, type Routed } from '../intervals/routed.ts'
import { amountAt, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { baselines, costOfEveryQuery } from '../sweep/baselines.ts'
import { sortSignal } from '../sweep/curve.ts'
import { oracleColumn } from '../sweep/oracle.ts'
import { judge, type Target } from '../sweep/target.ts'

/** What every policy is seen against. */
export interface ReferenceRoutings {
  'keep all': Routed
  'escalate all': Routed
  /** Every row escalates with the same chance. */
  random: Routed
  /** The ceiling for the target: it knows what both models answered. */
  oracle?: Routed
}

/** References on some rows; random routing escalates the share `share`, that of the policy it is to be held against. */
export function referenceRoutings(outcomes: Outcomes, costs: Costs, target: Target, share: number): ReferenceRoutings {
  const flat = (value: number) => routedBy(outcomes, new Float64Array(outcomes.rows).fill(value), costs, false)
  return {
    'keep all': flat(0),
    'escalate all': flat(1),
    random: flat(share),
    oracle: oracleRouting(outcomes, costs, target),
  }
}

/**
 * The best that any routing could do for the target: rows escalate one by one, the most gained per cost first, and the
 * target picks how many. Of equal rows some may escalate and some not, which no threshold on a signal can do.
 */
function oracleRouting(outcomes: Outcomes, costs: Costs, target: Target): Routed | undefined {
  const base = baselines(outcomes, costs, false)
  const value = judge(target, base)
  const everyQuery = costOfEveryQuery(base, true)
  const { rows } = sortSignal(oracleColumn(outcomes, costs))
  let [gain, cost] = [0, 0]
  let best: { value: number; count: number } | undefined
  for (let count = 0; count <= rows.length; count++) {
    const judged = value(base.qualitySmall + gain, everyQuery + cost, { rows: count, cost })
    if (judged > -Infinity && (best === undefined || judged > best.value)) best = { value: judged, count }
    if (count === rows.length) break
    gain += outcomes.large.quality[rows[count]] - outcomes.small.quality[rows[count]]
    cost += amountAt(costs.large, rows[count])
  }
  if (best === undefined) return undefined
  const escalated = new Float64Array(outcomes.rows)
  for (let i = 0; i < best.count; i++) escalated[rows[i]] = 1
  return routedBy(outcomes, escalated, costs, false)
}
