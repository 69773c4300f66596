import { amountAt, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { keepWithin, type Policy } from '../policy/policy.ts'
import { escalations, readsVerification } from '../policy/replay.ts'
import { sum } from '../stats/sum.ts'
import { baselines } from '../sweep/baselines.ts'
import { operatingPoint, type OperatingPoint } from '../sweep/operating-point.ts'

/** What a way of routing does with each row; columns of one value a row. */
export interface Routed {
  /** 1 where the small model's answer is not the one that is used; in between, how often it is not. */
  escalated: Float64Array
  /** Quality of the answer used, less that of the small model. */
  gain: Float64Array
  /** What is paid beyond the small model and verification. */
  extraCost: Float64Array
  /** Whether it reads a signal that verification calls have to measure. */
  readsVerification: boolean
}

/**
 * Replays a policy over outcomes, in columns.
 * @throws SpillwayError `bad-input` where the policy reads a signal that the outcomes do not have
 */
export const route = (outcomes: Outcomes, policy: Policy, costs: Costs): Routed =>
  routedBy(outcomes, escalations(outcomes, policy), costs, readsVerification(outcomes, policy))

/** Columns of a routing that is known row by row: 1 where it escalates, or the share of times that it does. */
export function routedBy(
  outcomes: Outcomes,
  escalated: ArrayLike<number>,
  costs: Costs,
  readsVerification: boolean,
): Routed {
  const [small, large] = [outcomes.small.quality, outcomes.large.quality]
  const gain = new Float64Array(outcomes.rows)
  const extraCost = new Float64Array(outcomes.rows)
  for (let row = 0; row < outcomes.rows; row++) {
    if (escalated[row] === 0) continue
    gain[row] = escalated[row] * (large[row] - small[row])
    extraCost[row] = escalated[row] * amountAt(costs.large, row)
  }
  return { escalated: Float64Array.from(escalated), gain, extraCost, readsVerification }
}

/** A routing that no single policy stands for, such as one that was tuned anew in each fold. */
export const unnamed = keepWithin('', [])

/** What a routing gives on all rows. */
export function routedPoint(
  outcomes: Outcomes,
  { escalated, gain, extraCost, readsVerification }: Routed,
  costs: Costs,
  policy: Policy = unnamed,
): OperatingPoint {
  const kept = outcomes.rows - sum(escalated)
  return operatingPoint(baselines(outcomes, costs, readsVerification), policy, {
    kept,
    gain: sum(gain),
    extraCost: sum(extraCost),
  })
}
