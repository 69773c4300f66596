import { routedBy, type Routed } from '../intervals/routed.ts'
import type { Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { sortSignal } from '../sweep/curve.ts'
import { oracleColumn, oracleCurve } from '../sweep/oracle.ts'
import { selectIndex, type Target } from '../sweep/target.ts'

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

function oracleRouting(outcomes: Outcomes, costs: Costs, target: Target): Routed | undefined {
  const curve = oracleCurve(outcomes, costs)
  const index = selectIndex(curve, target)
  if (index === undefined) return undefined
  const { rows } = sortSignal(oracleColumn(outcomes, costs))
  const escalated = new Float64Array(outcomes.rows)
  for (let i = 0; i < outcomes.rows - curve.kept[index]; i++) escalated[rows[i]] = 1
  return routedBy(outcomes, escalated, costs, false)
}
