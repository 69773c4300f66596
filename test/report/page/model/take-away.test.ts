import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../../../../src/core/policy/parse.ts'
import { always, condition, keepWhen } from '../../../../src/core/policy/policy.ts'
import { needsFile, policyText, routeCommand } from '../../../../src/report/page/model/take-away.ts'

const policy = keepWhen([condition('min_margin', 'higher', 0.30787181211821)])

describe('the copied policy', () => {
  test('is a policy file with all digits and the definition of its signal', () => {
    const sources = { min_margin: { direction: 'higher', unit: 'probability', topK: 5, model: 'tiny' } as const }
    const text = policyText(policy, { ...sources, length: { direction: 'lower' } })
    expect(parsePolicy(text, 'copied')).toEqual({ ...policy, signals: sources })
  })

  test('is as good without one', () => {
    expect(parsePolicy(policyText(policy, {}), 'copied')).toEqual(policy)
    expect(parsePolicy(policyText(always('keep'), {}), 'copied')).toEqual(always('keep'))
  })
})

describe('the copied command', () => {
  test('names a threshold where route has a flag for it, and the file elsewhere', () => {
    const logprob = keepWhen([condition('mean_logprob', 'higher', -0.21)])
    const entropy = keepWhen([condition('mean_entropy', 'lower', 0.5)])
    expect(routeCommand(logprob, ['a.jsonl'])).toBe('spillway route a.jsonl --logprob-min=-0.21 --out routed.jsonl')
    expect(routeCommand(entropy, ['a.jsonl'])).toBe('spillway route a.jsonl --entropy-max=0.5 --out routed.jsonl')
    expect(routeCommand(policy, ['a.jsonl'])).toBe('spillway route a.jsonl --policy policy.json --out routed.jsonl')
    expect([logprob, entropy, policy, always('keep')].map(needsFile)).toEqual([false, false, true, true])
    // A user's own direction is no flag's.
    expect(needsFile(keepWhen([condition('mean_logprob', 'lower', -0.21)]))).toBe(true)
  })

  test('comes out of a shell word by word, whatever the files are called', () => {
    const words = ["it's here/a b.jsonl", '$(touch x)', '`id`', '--map', 'small.quality=f 1', 'é;&|<>"\\']
    const command = routeCommand(policy, words).replace('spillway', 'printf "%s\\n"')
    const out = execFileSync('sh', ['-c', command], { encoding: 'utf8' })
    expect(out.trimEnd().split('\n').slice(1, -4)).toEqual(words)
  })
})
