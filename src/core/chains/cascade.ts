import type { Costs } from '../outcomes/costs.ts'
import type { ModelOutcomes, Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { always, type Policy } from '../policy/policy.ts'
import { escalations } from '../policy/replay.ts'
import { exactCurve, sortSignal } from '../sweep/curve.ts'
import { selectPoint } from '../sweep/target.ts'

/** Some of the models, cheapest first, and a policy for each but the last; a model alone has none. */
export interface Cascade {
  /** Positions in `outcomes.models`. */
  models: number[]
  stages: Policy[]
}

/** What a cascade answers and pays, row by row. */
export interface Served {
  quality: Float64Array
  cost: Float64Array
}

/** A model with its cost, which `compareModels` makes sure of. */
const modelOf = (outcomes: Outcomes, position: number): ModelOutcomes & { cost: Float64Array } => {
  const model = outcomes.models![position]
  return { ...model, cost: model.cost! }
}

/** Signals that the model's own answer gives at no extra cost. */
const freeSignals = ({ signals }: ModelOutcomes): SignalColumn[] =>
  signals.filter(({ verification, fromAnswer }) => verification !== true && fromAnswer !== true)

/** A model and everything behind it as two models, of which the second is what the rest of the cascade serves. */
function stageView(outcomes: Outcomes, position: number, rest: Served): { view: Outcomes; costs: Costs } {
  const model = modelOf(outcomes, position)
  const { models: _, texts: __, ...shared } = outcomes
  return {
    view: { ...shared, small: model, large: rest, signals: freeSignals(model) },
    costs: { small: model.cost, verify: 0, large: rest.cost, verifyCost: 'used', counted: false },
  }
}

/** What a cascade gives on some outcomes, from its last model backwards. */
export function serve(outcomes: Outcomes, { models, stages }: Cascade): Served {
  let served: Served = alone(outcomes, models[models.length - 1])
  for (let k = stages.length - 1; k >= 0; k--) served = stage(outcomes, models[k], stages[k], served)
  return served
}

const alone = (outcomes: Outcomes, position: number): Served => {
  const { quality, cost } = modelOf(outcomes, position)
  return { quality, cost }
}

function stage(outcomes: Outcomes, position: number, policy: Policy, rest: Served): Served {
  const { view } = stageView(outcomes, position, rest)
  const { quality, cost } = modelOf(outcomes, position)
  const escalated = escalations(view, policy)
  return {
    quality: quality.map((own, row) => (escalated[row] === 1 ? rest.quality[row] : own)),
    cost: cost.map((own, row) => own + (escalated[row] === 1 ? rest.cost[row] : 0)),
  }
}

/**
 * Tunes a chain of models for a price of cost, backwards: the last decision first, on all rows, then the one before it
 * with everything behind it as its large model. Each stage takes the best threshold on any one of its free signals.
 */
export function tuneChain(outcomes: Outcomes, models: readonly number[], price: number): Cascade {
  const stages: Policy[] = []
  let served = alone(outcomes, models[models.length - 1])
  for (let k = models.length - 2; k >= 0; k--) {
    const { view, costs } = stageView(outcomes, models[k], served)
    let best: { policy: Policy; value: number } = { policy: always('escalate'), value: -Infinity }
    for (const column of view.signals) {
      const point = selectPoint(exactCurve(view, sortSignal(column), costs), { qualityMinusCost: price })
      if (point === undefined) continue
      const value = point.quality - price * point.cost
      if (value > best.value) best = { policy: point.policy, value }
    }
    stages.unshift(best.policy)
    served = stage(outcomes, models[k], best.policy, served)
  }
  return { models: [...models], stages }
}

/** Mean quality less the price of the mean cost. */
export function utility({ quality, cost }: Served, price: number): number {
  let total = 0
  for (let row = 0; row < quality.length; row++) total += quality[row] - price * cost[row]
  return total / quality.length
}
