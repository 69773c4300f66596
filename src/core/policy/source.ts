import { SpillwayError } from '../errors.ts'
import { findColumn, type Outcomes } from '../outcomes/outcomes.ts'
import { signalsRead, type Policy, type SignalSource } from './policy.ts'

/** How the signals of some outcomes were measured, as a policy file says it. */
export function sourceOf(outcomes: Outcomes, signal: string): SignalSource {
  const { topK, temperature, names } = outcomes
  const column = findColumn(outcomes, signal)
  if (column?.fromAnswer) return { unit: column.unit }
  return {
    ...(column === undefined ? {} : { direction: column.direction, unit: column.unit }),
    ...(topK !== undefined && usesAlternatives(signal) ? { topK } : {}),
    ...(names?.small === undefined ? {} : { model: names.small }),
    ...(temperature === undefined ? {} : { temperature }),
  }
}

/** Entropies and margins are taken over the alternatives that were asked for. */
const usesAlternatives = (signal: string): boolean => /entropy|margin/.test(signal)

/** The definition of every signal that a policy reads. */
export const sourcesOf = (outcomes: Outcomes, policy: Policy): Partial<Record<string, SignalSource>> =>
  Object.fromEntries(signalsRead(policy).map((name) => [name, sourceOf(outcomes, name)]))

/** What makes signals other signals; a temperature makes them rarer or more frequent values. */
const labels: Record<keyof Omit<SignalSource, 'temperature'>, (value: unknown) => string> = {
  direction: (value) => `with ${String(value)} values the more certain`,
  unit: (value) => `in ${String(value)}`,
  topK: (value) => `from the top ${String(value)} alternatives`,
  model: (value) => `of ${String(value)}`,
}

/**
 * Refuses a policy that was tuned on other signals than it is fed: where both sides say how a signal was measured, and
 * differ.
 * @throws SpillwayError `bad-input` naming the signal and both definitions
 */
export function checkSources(policy: Policy, fed: (signal: string) => SignalSource, place: string, what: string): void {
  for (const name of signalsRead(policy)) {
    const tuned = policy.signals?.[name] ?? {}
    const given = fed(name)
    for (const key of ['direction', 'unit', 'topK', 'model'] as const) {
      const [a, b] = [tuned[key], given[key]]
      if (a === undefined || b === undefined || a === b) continue
      throw new SpillwayError(
        'bad-input',
        `${place}: the policy was tuned on ${name} ${labels[key](a)}, and ${what} ${name} ${labels[key](b)}: its thresholds mean nothing there; tune one on such signals`,
      )
    }
  }
}
