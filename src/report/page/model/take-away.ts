import type { Policy, SignalSource } from '../../../core/policy/policy.ts'
import { signalsRead } from '../../../core/policy/policy.ts'
import { readableJson } from '../../readable-json.ts'

/** A policy as the text of its file, with the definitions of its signals, so that it is refused where others are fed. */
export function policyText(policy: Policy, sources: Partial<Record<string, SignalSource>>): string {
  const known = signalsRead(policy).filter((name) => sources[name] !== undefined)
  const signals = Object.fromEntries(known.map((name) => [name, sources[name]]))
  return readableJson(known.length === 0 ? policy : { signals, ...policy })
}

/** The command that applies a policy to the data of the page. */
export function routeCommand(policy: Policy, route: readonly string[]): string {
  const words = ['spillway', 'route', ...route, ...policyWords(policy), '--out', 'routed.jsonl']
  return words.map(quoted).join(' ')
}

/** A threshold that `route` takes as a flag, else the file. */
function policyWords(policy: Policy): string[] {
  if ('keepWhen' in policy && policy.keepWhen.length === 1) {
    const [condition] = policy.keepWhen
    if (condition.signal === 'mean_logprob' && 'atLeast' in condition) return [`--logprob-min=${condition.atLeast}`]
    if (condition.signal === 'mean_entropy' && 'atMost' in condition) return [`--entropy-max=${condition.atMost}`]
  }
  return ['--policy', 'policy.json']
}

/** Whether the command reads the file that has to be copied first. */
export const needsFile = (policy: Policy): boolean => policyWords(policy)[0] === '--policy'

/** A word as a shell reads it back. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
