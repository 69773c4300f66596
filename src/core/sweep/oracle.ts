import { amountAt, type Costs } from '../outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { exactCurve, sortSignal, type Curve } from './curve.ts'

/** The signal no model has: what escalating gains per unit of cost, from the recorded answers of both. */
export function oracleColumn(outcomes: Outcomes, costs: Costs): SignalColumn {
  const values = new Float64Array(outcomes.rows)
  for (let row = 0; row < outcomes.rows; row++) {
    const gain = outcomes.large.quality[row] - outcomes.small.quality[row]
    const cost = amountAt(costs.large, row)
    // A free escalation is taken first where it helps and last where it hurts.
    values[row] = gain === 0 || cost > 0 ? gain / (cost || 1) : Math.sign(gain) * Number.MAX_VALUE
  }
  return { name: 'oracle', direction: 'lower', unit: 'none', scale: 'unbounded', values }
}

/** The ceiling: escalate where it gains most per cost. No threshold on any signal can lie above it. */
export const oracleCurve = (outcomes: Outcomes, costs: Costs): Curve =>
  exactCurve(outcomes, sortSignal(oracleColumn(outcomes, costs)), costs)
