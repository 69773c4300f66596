import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runningSignals } from '../../../src/core/signals/running.ts'
import { traceSignalNames } from '../../../src/core/signals/trace-signals.ts'
import type { TokenStep } from '../../../src/core/signals/trace.ts'

const names = traceSignalNames.flatMap((name) => [name, `${name}_at_1`, `${name}_at_3`])

const step: fc.Arbitrary<TokenStep> = fc
  .tuple(fc.double({ min: -30, max: 0, noNaN: true }), fc.double({ min: -8, max: 0, noNaN: true }), fc.boolean())
  .map(([first, second, chosen]) => {
    const top = Math.log(1 / (1 + Math.exp(second)))
    return { logprob: chosen ? top : Math.min(first, top), alternatives: [top, Math.min(top, second + top)] }
  })
const trace = fc.array(fc.oneof({ weight: 9, arbitrary: step }, { weight: 1, arbitrary: fc.constant({}) }), {
  minLength: 1,
  maxLength: 12,
})

const near = 1e-9

describe('what signals can still become', () => {
  test('holds what they become, with and without a limit of tokens', () => {
    fc.assert(
      fc.property(trace, fc.nat(12), fc.nat(5), fc.boolean(), (steps, cut, spare, limited) => {
        const seen = Math.min(cut, steps.length)
        const running = runningSignals(names)
        for (const each of steps.slice(0, seen)) running.push(each)
        const ranges = running.ranges(limited ? steps.length - seen + spare : Infinity)
        const settled = running.settled()
        for (const each of steps.slice(seen)) running.push(each)
        const final = running.values()
        for (const name of names) {
          const range = ranges[name]
          const value = final[name]
          // Either it stays missing, or a later token lacked what it is made of.
          if (value === undefined) expect(typeof range).not.toBe('number')
          else if (typeof range === 'number') expect(value).toBe(range)
          else {
            expect(range).toBeDefined()
            expect(value).toBeGreaterThanOrEqual((range!.lower ?? -Infinity) - near)
            expect(value).toBeLessThanOrEqual((range!.upper ?? Infinity) + near)
          }
        }
        if (settled) expect(final).toEqual(ranges)
      }),
    )
  })

  test('is met by the tokens that are best for it', () => {
    const worst = { logprob: -2, alternatives: [Math.log(0.5), Math.log(0.4)] }
    const best = { logprob: 0, alternatives: [0] }
    for (const [name, side] of [
      ['mean_logprob', 'upper'],
      ['logprob_q25', 'upper'],
      ['perplexity', 'lower'],
      ['mean_entropy', 'lower'],
      ['mean_margin', 'upper'],
      ['mean_logprob_at_3', 'upper'],
      ['length', 'upper'],
    ] as const) {
      const running = runningSignals([name])
      for (const each of [worst, worst]) running.push(each)
      const range = running.ranges(3)[name]
      for (const each of [best, best, best]) running.push(each)
      expect(typeof range === 'object' && range[side], name).toBeCloseTo(running.values()[name]!, 12)
    }
  })

  test('of the mean log-probability is anything below 0 without a limit', () => {
    const running = runningSignals(['mean_logprob', 'sum_logprob'])
    expect(running.ranges(Infinity)).toEqual({ mean_logprob: {}, sum_logprob: {} })
    running.push({ logprob: -3 })
    expect(running.ranges(Infinity)).toEqual({ mean_logprob: { upper: 0 }, sum_logprob: { upper: -3 } })
    expect(running.ranges(2)).toEqual({ mean_logprob: { upper: -1 }, sum_logprob: { upper: -3 } })
    expect(running.settled()).toBe(false)
  })

  test('of the first tokens alone is settled once they have come, or one of them does not tell', () => {
    const running = runningSignals(['mean_logprob_at_2', 'first_logprob'])
    running.push({ logprob: -1 })
    expect(running.ranges(Infinity)).toEqual({ mean_logprob_at_2: { upper: -0.5 }, first_logprob: -1 })
    running.push({})
    expect(running.ranges(Infinity)).toEqual({ first_logprob: -1 })
    expect(running.settled()).toBe(true)
  })
})
