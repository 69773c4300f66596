import type { DecisionRecord, VerdictRecord } from '../cascade/record.ts'

/** What was found of each answer of a request, in order; with two stages the record tells it of itself. */
export function verdictsOf(record: DecisionRecord): VerdictRecord[] {
  const { decision, reason, signal, signals = {}, censored, tokens_seen } = record
  if (record.verdicts !== undefined) return record.verdicts
  if (decision === undefined || reason === undefined) return []
  const cut = censored === true ? { censored, tokens_seen } : {}
  return [{ stage: record.calls[0]?.stage ?? '', decision, reason, signal, signals, ...cut }]
}

/** The signal that decided, with what is known of it; where every condition held, the only one there is. */
export function decidingSignal({ signal, signals = {} }: Pick<Partial<VerdictRecord>, 'signal' | 'signals'>) {
  if (signal !== undefined) return { signal, value: signals[signal] }
  const [first, ...others] = Object.entries(signals)
  return first === undefined || others.length > 0 ? undefined : { signal: first[0], value: first[1] }
}
