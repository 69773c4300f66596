import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { distributionOf } from '../../../src/core/audit/distribution.ts'
import { distributionsOf, tunedSignals } from '../../../src/core/audit/tuned.ts'
import { always, keepWhen, keepWithin, type GainPolicy, type Policy } from '../../../src/core/policy/policy.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import { thresholdsOn } from '../../../src/core/policy/thresholds.ts'
import { readOutcomes } from '../../../src/data/read-outcomes.ts'
import { tinyPair } from '../../support/tiny-pair.ts'

const gain: GainPolicy = {
  version: 1,
  predictedGain: { constant: 0.1, terms: [{ signal: 'min_margin', points: [[0, 1]] }] },
  escalateAbove: 0.2,
  onMissing: 'escalate',
}

describe('the values at which a policy turns', () => {
  test.each<[string, Policy, number[]]>([
    ['a threshold', keepWhen([{ signal: 'min_margin', atLeast: 0.3 }]), [0.3]],
    [
      'two of one signal',
      keepWhen([
        { signal: 'min_margin', atMost: 0.9 },
        { signal: 'min_margin', atLeast: 0.3 },
      ]),
      [0.3, 0.9],
    ],
    ['another signal', keepWhen([{ signal: 'length', atMost: 9 }]), []],
    ['intervals', keepWithin('min_margin', [{ above: 0.5 }, { atLeast: 0.1, below: 0.3 }]), [0.1, 0.3, 0.5]],
    ['a predicted gain', gain, []],
    ['none', always('keep'), []],
  ])('%s', (_, policy, expected) => expect(thresholdsOn(policy, 'min_margin')).toEqual(expected))
})

describe('the tuning that a policy holds', () => {
  test('is that of the rows it was tuned on, in the shipped example too', async () => {
    const path = `${tinyPair}/policy.json`
    const policy = parsePolicy(readFileSync(path, 'utf8'), path)
    const outcomes = await readOutcomes(`${tinyPair}/outcomes.jsonl`)
    const [{ signal, thresholds, tuning }] = tunedSignals(policy)
    const { values } = outcomes.signals.find(({ name }) => name === signal)!
    expect(tuning).toEqual(distributionOf(values, thresholds))
    expect(distributionsOf(outcomes, policy)).toEqual({ [signal]: tuning })
    expect((tuning as { edges: number[] }).edges).toEqual(expect.arrayContaining([...thresholds]))
  })

  test('is told once for a signal that is read twice, and for each of several', () => {
    const twice = keepWhen([
      { signal: 'min_margin', atLeast: 0.3 },
      { signal: 'min_margin', atMost: 0.9 },
      { signal: 'length', atMost: 9 },
    ])
    expect(tunedSignals(twice)).toEqual([
      { signal: 'min_margin', thresholds: [0.3, 0.9], tuning: 'absent' },
      { signal: 'length', thresholds: [9], tuning: 'absent' },
    ])
    expect(tunedSignals(always('keep'))).toEqual([])
  })

  const right = { rows: 4, missing: 1, edges: [0.3], shares: [0.5, 0.5] }
  test.each<[string, unknown, unknown]>([
    ['right', right, right],
    ['of other thresholds', { ...right, edges: [0.4] }, 'other-thresholds'],
    ['absent', undefined, 'absent'],
    ['no object', 7, 'absent'],
    ['out of order', { ...right, edges: [0.3, 0.2], shares: [1, 0, 0] }, 'absent'],
    ['short of a share', { ...right, shares: [1] }, 'absent'],
    ['of more missing rows than rows', { ...right, missing: 5 }, 'absent'],
    ['of shares that are none', { ...right, shares: [0.5, 1.5] }, 'absent'],
  ])('is %s', (_, told, expected) => {
    const policy = {
      ...keepWhen([{ signal: 'min_margin', atLeast: 0.3 }]),
      provenance: { distributions: { min_margin: told } },
    }
    expect(tunedSignals(policy)[0].tuning).toEqual(expected)
  })

  test('is absent where the notes are of another kind, or have a name that every object has', () => {
    const policy = keepWhen([{ signal: 'constructor', atLeast: 0 }])
    for (const provenance of [{}, { distributions: null }, { distributions: 'none' }, { distributions: {} }])
      expect(tunedSignals({ ...policy, provenance })[0].tuning).toBe('absent')
  })
})
