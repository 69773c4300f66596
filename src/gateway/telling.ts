import { detailsOf as decided, type DecisionRecord } from '../cascade/record.ts'
import { decidingSignal } from './verdicts.ts'
import { membersOf, ScanError, skipSpace, edited } from './wire/scan.ts'

/** What a response's head says of its decision. */
export function decisionHeaders(record: DecisionRecord): Record<string, string> {
  const fields = decisionFields(record)
  for (const name of Object.keys(fields)) fields[name] = sendable(fields[name])
  return fields
}

/** The same as a comment within a stream, for a head that was sent before the decision. */
export const decisionComment = (record: DecisionRecord): Uint8Array =>
  Buffer.from(
    `${Object.entries(decisionHeaders(record))
      .map(([name, value]) => `: ${name}: ${value}\n`)
      .join('')}\n`,
  )

/** Names of models may be in any script, headers only in one. */
const sendable = (value: string): string =>
  UNSENDABLE.test(value)
    ? value.replaceAll(/[^\x20-\x7e]+/g, (other) => encodeURIComponent(Buffer.from(other).toString()))
    : value

const UNSENDABLE = /[^\x20-\x7e]/

function decisionFields(record: DecisionRecord): Record<string, string> {
  const { id, outcome, decision, stage, warnings } = record
  const shown = decidingSignal(record)
  return {
    'x-spillway-id': id,
    'x-spillway-decision': outcome === 'passed' ? 'passed' : (decision ?? 'escalate'),
    'x-spillway-outcome': outcome,
    ...(stage === null ? {} : { 'x-spillway-stage': stage }),
    ...(shown === undefined ? {} : { 'x-spillway-signal': `${shown.signal}=${wordOf(shown.value)}` }),
    ...(warnings === undefined ? {} : { 'x-spillway-warning': warnings.join('; ') }),
  }
}

/** A value with six digits, or a bound on it. */
function wordOf(value: NonNullable<DecisionRecord['signals']>[string]): string {
  if (value === null || value === undefined) return 'missing'
  if (typeof value === 'number') return String(Number(value.toPrecision(6)))
  const { lower, upper } = value
  return upper === undefined ? `>=${Number((lower ?? NaN).toPrecision(6))}` : `<=${Number(upper.toPrecision(6))}`
}

export const costHeader = ({ cost }: DecisionRecord): Record<string, string> =>
  cost === null ? {} : { 'x-spillway-cost': String(Number(cost.toPrecision(6))) }

/** What a client is told of a decision that asks for it. */
export function detailsOf(record: DecisionRecord): { object: 'spillway'; choices: []; spillway: object } {
  // With a list of choices, however empty, clients that look into every event for one are content.
  return { object: 'spillway', choices: [], spillway: decided(record) }
}

/** A whole answer with a member `spillway` besides. */
export function withDetails(body: Uint8Array, record: DecisionRecord): Uint8Array {
  try {
    const { members, end } = membersOf(body, skipSpace(body, 0))
    const text = `${members.length === 0 ? '' : ','}"spillway":${JSON.stringify(detailsOf(record).spillway)}`
    return edited(body, [{ start: end - 1, end: end - 1, text }])
  } catch (error) {
    if (error instanceof ScanError) return body
    throw error
  }
}
