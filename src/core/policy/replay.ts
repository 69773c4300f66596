import type { Costs } from '../outcomes/costs.ts'
import { amountAt, paysVerification } from '../outcomes/costs.ts'
import { SpillwayError } from '../errors.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { findColumn } from '../outcomes/outcomes.ts'
import { decide, type Decision } from './decide.ts'
import { signalsRead, type Policy } from './policy.ts'

/** One recorded query under a policy: the decision, and what it gives. */
export interface Replayed {
  row: number
  decision: Decision
  /** Quality of the chosen answer. */
  quality: number
  /** Small model, verification where it is paid, and the large model where the query escalates. */
  cost: number
}

/**
 * Runs a policy over recorded outcomes, row by row, with the `decide()` that also runs online.
 * @throws SpillwayError `bad-input` where the policy reads a signal that the outcomes do not have
 */
export function* replay(outcomes: Outcomes, policy: Policy, costs: Costs): Generator<Replayed> {
  const columns = signalsRead(policy).map((name) => {
    const column = findColumn(outcomes, name)
    if (column !== undefined) return column
    const known = outcomes.signals.map((signal) => signal.name).join(', ') || 'none'
    throw new SpillwayError(
      'bad-input',
      `the policy reads ${name}, which these outcomes do not have; their signals: ${known}`,
    )
  })
  const verified = paysVerification(
    costs,
    columns.some((column) => column.verification),
  )
  const signals: Record<string, number> = {}
  for (let row = 0; row < outcomes.rows; row++) {
    for (const { name, values } of columns) signals[name] = values[row]
    const decision = decideRow(outcomes, policy, signals, row)
    const escalated = decision.action === 'escalate'
    yield {
      row,
      decision,
      quality: (escalated ? outcomes.large : outcomes.small).quality[row],
      cost:
        amountAt(costs.small, row) +
        (verified ? amountAt(costs.verify, row) : 0) +
        (escalated ? amountAt(costs.large, row) : 0),
    }
  }
}

/** Decides, naming the row where the policy makes a missing signal an error. */
function decideRow(outcomes: Outcomes, policy: Policy, signals: Record<string, number>, row: number): Decision {
  try {
    return decide(policy, signals)
  } catch (error) {
    throw SpillwayError.is(error)
      ? new SpillwayError('missing-signal', `${outcomes.place(row)}: ${(error as Error).message}`, { cause: error })
      : error
  }
}
