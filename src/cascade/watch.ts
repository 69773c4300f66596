import { answerSignals } from '../core/signals/answer.ts'
import { findSignal } from '../core/signals/signals.ts'
import { isTraceSignal } from '../core/signals/trace-signals.ts'
import { runningSignals } from '../core/signals/running.ts'
import { decide, type Decision, type Signals } from '../core/policy/decide.ts'
import { decideEarly } from '../core/policy/early.ts'
import { signalsRead } from '../core/policy/policy.ts'
import type { ModelEvent } from '../models/model.ts'
import type { KeepRule } from './stage.ts'

/** A decision with what it rests on; deciding on `signals` again gives it again. */
export interface Verdict {
  decision: Decision
  signals: Signals
  /** The answer was not read to its end: some signals are known by bounds only. */
  censored?: { tokensSeen: number }
}

/** Measures an answer while it comes. */
export interface Watch {
  /** The verdict, where nothing that may still come can change it. */
  take(events: readonly ModelEvent[]): Verdict | undefined
  /** Whether the answer so far would be escalated. */
  doubtful(): boolean
  /** The verdict on the whole answer. */
  end(): Verdict
}

/** The signals of a policy that can be measured on an answer as it comes; others take calls of their own. */
export const unmeasured = (rule: KeepRule): string[] =>
  signalsRead(rule.policy).filter((name) => !isTraceSignal(name) && findSignal(name)?.fromAnswer !== true)

/**
 * @param limit the most tokens that the answer can have; without a limit, Infinity
 * @throws RangeError where the policy reads a signal that is `unmeasured`
 */
export function watchOf({ policy, topK, tokens: counted = 'all' }: KeepRule, limit = Infinity): Watch {
  const names = signalsRead(policy)
  const ofText = names.filter((name) => !isTraceSignal(name))
  const running = runningSignals(
    names.filter((name) => findSignal(name)?.fromAnswer !== true),
    topK === undefined ? {} : { topK },
  )
  let tokens = 0
  let text = ''

  const textSignals = (): Signals => {
    const all: Partial<Record<string, number>> = answerSignals(text)
    return Object.fromEntries(ofText.map((name) => [name, all[name]]))
  }
  const known = (): Signals => ({ ...running.values(), ...(ofText.length === 0 ? {} : textSignals()) })

  return {
    take(events) {
      let measured = false
      for (const event of events) {
        if (event.type === 'text' && ofText.length > 0) text += event.text
        if (event.type !== 'token') continue
        if (counted !== 'all' && (counted === 'content') === (event.tool === true)) continue
        running.push(event.token)
        tokens++
        measured = true
      }
      if (!measured) return undefined
      const settled = running.settled() && ofText.length === 0
      const signals: Signals = running.ranges(Math.max(0, limit - tokens))
      for (const name of ofText) signals[name] = {}
      const decision = decideEarly(policy, signals, settled)
      if (decision === undefined) return undefined
      return settled ? { decision, signals } : { decision, signals, censored: { tokensSeen: tokens } }
    },
    doubtful: () => tokens > 0 && decide(policy, known()).action === 'escalate',
    end() {
      const signals = known()
      return { decision: decide(policy, signals), signals }
    },
  }
}
