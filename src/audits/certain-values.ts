import { boundsOf, isMissing, type SignalValue } from '../core/policy/bounds.ts'
import { findSignal } from '../core/signals/signals.ts'

type Signals = Readonly<Record<string, SignalValue>>

/**
 * The signals of some answers as numbers. Of one that is known by bounds, the end that speaks for the answer; where
 * that end is not known, the most certain value that any answer has.
 */
export function certainValues(answers: readonly Signals[]): Record<string, number | null>[] {
  const most = new Map<string, number>()
  for (const signals of answers)
    for (const [name, value] of Object.entries(signals)) {
      const known = certainEnd(name, value)
      const best = most.get(name)
      if (known !== undefined && (best === undefined || isMoreCertain(name, known, best))) most.set(name, known)
    }
  return answers.map((signals) =>
    Object.fromEntries(
      Object.entries(signals).map(([name, value]) => [
        name,
        isMissing(value) ? null : (certainEnd(name, value) ?? most.get(name) ?? null),
      ]),
    ),
  )
}

const isLower = (name: string): boolean => findSignal(name)?.direction === 'lower'

const isMoreCertain = (name: string, a: number, b: number): boolean => (isLower(name) ? a < b : a > b)

function certainEnd(name: string, value: SignalValue): number | undefined {
  if (isMissing(value)) return undefined
  const { lower, upper } = boundsOf(value)
  const end = isLower(name) ? lower : upper
  return end !== undefined && Number.isFinite(end) ? end : undefined
}
