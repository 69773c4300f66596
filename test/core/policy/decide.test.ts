import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../../src/core/policy/decide.ts'
import { always, keepWhen, type OnMissing } from '../../../src/core/policy/policy.ts'

const joint = (onMissing: OnMissing) =>
  keepWhen(
    [
      { signal: 'logprob', atLeast: -0.5 },
      { signal: 'entropy', atMost: 1 },
    ],
    onMissing,
  )

describe('decide', () => {
  test('keeps at equality, on either side', () => {
    expect(decide(joint('escalate'), { logprob: -0.5, entropy: 1 })).toEqual({
      action: 'keep',
      reason: 'conditions-hold',
    })
  })
  test('escalates when one condition fails, and names its signal', () => {
    expect(decide(joint('escalate'), { logprob: -0.4, entropy: 1.1 })).toEqual({
      action: 'escalate',
      reason: 'condition-fails',
      signal: 'entropy',
    })
  })
  test.each([NaN, Infinity, -Infinity, undefined, null])('takes %s for a missing signal, never for 0', (value) => {
    const signals = { logprob: value, entropy: 0.2 }
    expect(decide(joint('escalate'), signals)).toEqual({
      action: 'escalate',
      reason: 'missing-signal',
      signal: 'logprob',
    })
    expect(decide(joint('keep'), signals)).toEqual({ action: 'keep', reason: 'missing-signal', signal: 'logprob' })
    expect(() => decide(joint('error'), signals)).toThrow(/logprob, which is missing/)
  })
  test('a missing signal triggers onMissing also where another condition fails', () => {
    expect(decide(joint('keep'), { logprob: -9, entropy: NaN }).action).toBe('keep')
  })
  test('an always policy asks no signal', () => {
    expect(decide(always('keep'), {})).toEqual({ action: 'keep', reason: 'always' })
    expect(decide(always('escalate'), { logprob: 0 })).toEqual({ action: 'escalate', reason: 'always' })
  })
})

describe('decide on bounds', () => {
  const bounded = (lower?: number, upper?: number) => ({ logprob: { lower, upper }, entropy: 0 })
  test('decides as soon as the bounds suffice', () => {
    expect(decide(joint('escalate'), bounded(-0.5, 0)).action).toBe('keep')
    expect(decide(joint('escalate'), bounded(undefined, -0.6)).action).toBe('escalate')
    expect(decide(joint('escalate'), bounded(-1, 0))).toEqual({
      action: 'undecided',
      reason: 'bounds',
      signal: 'logprob',
    })
    expect(decide(joint('escalate'), bounded()).action).toBe('undecided')
  })
  test('one condition that fails for certain is enough', () => {
    expect(decide(joint('escalate'), { logprob: { upper: 0 }, entropy: 2 }).action).toBe('escalate')
  })
  test('a decision on bounds is the decision on every value inside them', () => {
    const value = fc.double({ min: -2, max: 2, noNaN: true })
    fc.assert(
      fc.property(value, value, value, value, (a, b, logprob, entropy) => {
        const [lower, upper] = [Math.min(a, b, logprob), Math.max(a, b, logprob)]
        const early = decide(joint('escalate'), { logprob: { lower, upper }, entropy })
        if (early.action !== 'undecided')
          expect(early.action).toBe(decide(joint('escalate'), { logprob, entropy }).action)
      }),
    )
  })
})
