import { decide } from '../core/policy/decide.ts'
import type { Call } from './call.ts'
import type { KeepRule, Part } from './stage.ts'
import { watchOf, type Verdict } from './watch.ts'

export interface AttendOptions {
  rule: KeepRule
  mode: 'buffer' | 'early'
  limit?: number
  speculateAfter?: number
  /** The answer has looked like one to escalate for so many tokens. */
  onDoubt: () => void
}

/** The verdict on an answer, with the parts that were held back for it. */
export interface Attended<P> extends Verdict {
  held: P[]
  /** Whether the parts are the whole answer. */
  whole: boolean
}

/**
 * Holds an answer back until it is decided on. To escalate is decided as soon as it is certain; to keep, at the end, so
 * that an answer that breaks off has not been begun to be told, or, in mode `early`, once it is certain.
 * @throws ModelError where the answer fails before that
 */
export async function attend<P extends Part>(call: Call<P, unknown>, options: AttendOptions): Promise<Attended<P>> {
  const { rule, mode, speculateAfter = Infinity } = options
  const watch = watchOf(rule, options.limit)
  const held: P[] = []
  let early: Verdict | undefined =
    'always' in rule.policy ? { decision: decide(rule.policy, {}), signals: {} } : undefined
  let begun = false
  let doubts = 0
  for (let part = await call.next(); part !== undefined; part = await call.next()) {
    const { events } = part
    held.push(part)
    begun ||= events.some(({ type }) => type !== 'usage')
    early ??= watch.take(events)
    const ended = events.at(-1)?.type === 'finish'
    if (early?.decision.action === 'escalate' && !ended) {
      call.abort()
      return { ...early, held, whole: false }
    }
    if (early?.decision.action === 'keep' && mode === 'early' && begun) return { ...early, held, whole: false }
    if (early !== undefined || speculateAfter === Infinity) continue
    const tokens = events.reduce((count, { type }) => count + (type === 'token' ? 1 : 0), 0)
    if (tokens > 0) doubts = watch.doubtful() ? doubts + tokens : 0
    if (doubts >= speculateAfter && !ended) options.onDoubt()
  }
  return { ...(early === undefined || early.censored !== undefined ? watch.end() : early), held, whole: true }
}
