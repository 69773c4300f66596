import type { Costs } from '../outcomes/costs.ts'
import { amountAt, paysVerification } from '../outcomes/costs.ts'
import { SpillwayError } from '../errors.ts'
import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
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
  const decideRow = rowDecider(outcomes, policy)
  const verified = paysVerification(costs, readsVerification(outcomes, policy))
  for (let row = 0; row < outcomes.rows; row++) {
    const decision = decideRow(row)
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

/**
 * Which rows a policy escalates: 1 for each that it does.
 * @throws SpillwayError `bad-input` where the policy reads a signal that the outcomes do not have
 */
export function escalations(outcomes: Outcomes, policy: Policy): Uint8Array {
  const decideRow = rowDecider(outcomes, policy)
  const escalated = new Uint8Array(outcomes.rows)
  for (let row = 0; row < outcomes.rows; row++) if (decideRow(row).action === 'escalate') escalated[row] = 1
  return escalated
}

/** Whether a policy reads a signal that takes extra calls to measure. */
export const readsVerification = (outcomes: Outcomes, policy: Policy): boolean =>
  columnsOf(outcomes, policy).some((column) => column.verification)

function columnsOf(outcomes: Outcomes, policy: Policy): SignalColumn[] {
  return signalsRead(policy).map((name) => {
    const column = findColumn(outcomes, name)
    if (column !== undefined) return column
    const known = outcomes.signals.map((signal) => signal.name).join(', ') || 'none'
    throw new SpillwayError(
      'bad-input',
      `the policy reads ${name}, which these outcomes do not have; their signals: ${known}`,
    )
  })
}

/** Decides one row after another, naming the row where the policy makes a missing signal an error. */
function rowDecider(outcomes: Outcomes, policy: Policy): (row: number) => Decision {
  const columns = columnsOf(outcomes, policy)
  const signals: Record<string, number> = {}
  return (row) => {
    for (const { name, values } of columns) signals[name] = values[row]
    try {
      return decide(policy, signals)
    } catch (error) {
      throw SpillwayError.is(error)
        ? new SpillwayError('missing-signal', `${outcomes.place(row)}: ${(error as Error).message}`, { cause: error })
        : error
    }
  }
}
