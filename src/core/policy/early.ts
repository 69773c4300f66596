import type { Signals } from './decide.ts'
import { decide, type Decision } from './decide.ts'
import type { Policy } from './policy.ts'

/**
 * The decision on an answer that is still being written, where nothing that may come can change it; else `undefined`.
 *
 * Once every signal is settled, that is the decision. Before, only "escalate" can be certain, by a condition that
 * cannot hold any more, and only where a signal that goes missing would escalate too: another token may always come that
 * lacks what a signal is made of. A predicted gain has no such exit, since a missing signal counts as an average one.
 * @param signals as far as they are known, by bounds; those that will stay missing are absent
 * @throws SpillwayError `missing-signal` where a signal stays missing and the policy says `onMissing: 'error'`
 */
export function decideEarly(policy: Policy, signals: Signals, settled: boolean): Decision | undefined {
  if ('always' in policy || settled) return decide(policy, signals)
  if ('predictedGain' in policy || policy.onMissing !== 'escalate') return undefined
  const decision = decide(policy, signals)
  return decision.action === 'escalate' ? decision : undefined
}
