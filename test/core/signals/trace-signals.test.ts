import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quantileSorted } from '../../../src/core/stats/quantile.ts'
import { runningSignals, traceSignals } from '../../../src/core/signals/running.ts'
import { signals } from '../../../src/core/signals/signals.ts'
import type { TraceOptions } from '../../../src/core/signals/token-readings.ts'
import type { TokenStep, TokenTrace } from '../../../src/core/signals/trace.ts'
import { isTraceSignal, traceSignalNames } from '../../../src/core/signals/trace-signals.ts'

const { log, LN2 } = Math
const logs = (...probabilities: number[]) => probabilities.map(log)

describe('an answer of three tokens, by hand', () => {
  // token  chosen  l        top 2      p1 − p2  rest m      H_lo
  // 1      1/4     −2 ln 2  1/2, 1/4   1/4      1/4 = p_2   1/2 ln 2 + 2 · 1/4 ln 4 = 1.5 ln 2
  // 2      1/2     −ln 2    1/2, 1/2   0        0           ln 2
  // 3      1/8     −3 ln 2  3/4, 1/8   5/8      1/8 = p_2   3/4 ln 4/3 + 2 · 1/8 ln 8 = 2.25 ln 2 − 0.75 ln 3
  const trace: TokenTrace = [
    { logprob: log(1 / 4), alternatives: logs(1 / 2, 1 / 4) },
    { logprob: log(1 / 2), alternatives: logs(1 / 2, 1 / 2) },
    { logprob: log(1 / 8), alternatives: logs(3 / 4, 1 / 8) },
  ]
  const third = 2.25 * LN2 - 0.75 * log(3)

  test.each([
    ['mean_logprob', -2 * LN2],
    ['sum_logprob', -6 * LN2],
    ['min_logprob', -3 * LN2],
    // R-7 of −3, −2, −1 (times ln 2): positions 0.2, 0.5 and 1.
    ['logprob_q10', -2.8 * LN2],
    ['logprob_q25', -2.5 * LN2],
    ['logprob_q50', -2 * LN2],
    ['first_logprob', -2 * LN2],
    ['perplexity', 4],
    ['mean_entropy', (2.5 * LN2 + third) / 3],
    ['max_entropy', 1.5 * LN2],
    ['first_entropy', 1.5 * LN2],
    ['mean_entropy_bits', (4.75 - 0.75 * Math.log2(3)) / 3],
    ['mean_margin', 7 / 24],
    ['min_margin', 0],
    ['length', 3],
    ['mean_logprob_at_2', -1.5 * LN2],
    ['sum_logprob_at_2', -3 * LN2],
    ['min_logprob_at_2', -2 * LN2],
    ['logprob_q10_at_2', -1.9 * LN2],
    ['logprob_q25_at_2', -1.75 * LN2],
    ['logprob_q50_at_2', -1.5 * LN2],
    ['first_logprob_at_2', -2 * LN2],
    ['perplexity_at_2', 2 ** 1.5],
    ['mean_entropy_at_2', 1.25 * LN2],
    ['max_entropy_at_2', 1.5 * LN2],
    ['first_entropy_at_2', 1.5 * LN2],
    ['mean_entropy_bits_at_2', 1.25],
    ['mean_margin_at_2', 1 / 8],
    ['min_margin_at_1', 1 / 4],
    ['length_at_2', 2],
    ['mean_logprob_at_4', -2 * LN2], // shorter than 4: all its tokens
    ['length_at_4', 3],
  ])('%s is %d', (name, value) => {
    expect(traceSignals(trace, [name], { topK: 2 })).toEqual({ [name]: expect.closeTo(value, 12) })
    expect(traceSignals(trace, [name])).toEqual({ [name]: expect.closeTo(value, 12) })
  })
})

test('an answer of which every token is certain', () => {
  const certain = { logprob: 0, alternatives: [0, -9999, -9999] }
  expect(traceSignals([certain, certain], traceSignalNames)).toEqual({
    ...Object.fromEntries(traceSignalNames.map((name) => [name, 0])),
    perplexity: 1,
    mean_margin: 1,
    min_margin: 1,
    length: 2,
  })
})

test('every signal is one of a trace, of verification or of the answer text', () => {
  const others = Object.entries(signals).filter(([, signal]) => 'verification' in signal || 'fromAnswer' in signal)
  expect([...traceSignalNames, ...others.map(([name]) => name)]).toEqual(Object.keys(signals))
})

describe('each signal by its definition on the whole prefix', () => {
  const isFinite = (values: readonly (number | undefined)[]): values is number[] => values.every(Number.isFinite)
  const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  const mean = (values: readonly number[]) => total(values) / values.length
  const q = (level: number) => (values: readonly number[]) =>
    quantileSorted(
      values.toSorted((a, b) => a - b),
      level,
    )

  type Definition = [
    of: (steps: TokenTrace, options: TraceOptions) => (number | undefined)[],
    by: (values: readonly number[]) => number | undefined,
  ]
  const logprobs = (steps: TokenTrace) => steps.map((step) => step.logprob)
  const definitions: Record<string, Definition> = {
    mean_logprob: [logprobs, mean],
    sum_logprob: [logprobs, total],
    min_logprob: [logprobs, (values) => Math.min(...values)],
    logprob_q10: [logprobs, q(0.1)],
    logprob_q25: [logprobs, q(0.25)],
    logprob_q50: [logprobs, q(0.5)],
    first_logprob: [(steps) => logprobs(steps.slice(0, 1)), mean],
    perplexity: [logprobs, (values) => Math.exp(-mean(values))],
    mean_entropy: [entropies, mean],
    max_entropy: [entropies, (values) => Math.max(...values)],
    first_entropy: [(steps, options) => entropies(steps.slice(0, 1), options), mean],
    mean_entropy_bits: [entropies, (values) => mean(values) / LN2],
    mean_margin: [margins, mean],
    min_margin: [margins, (values) => Math.min(...values)],
    length: [(steps) => steps.map(() => 1), total],
  }

  /** Of a list with something that is no number, nothing is known. */
  const probabilities = (step: TokenStep, { topK }: TraceOptions) => {
    const shown = step.alternatives?.slice(0, topK)
    return shown?.some(Number.isNaN) ? undefined : shown?.map((l) => Math.exp(Math.min(0, l)))
  }
  const isWhole = (p: readonly number[]) => total(p) >= 1 - 1e-6

  function entropies(steps: TokenTrace, options: TraceOptions): (number | undefined)[] {
    const exact = steps.map((step) => step.entropy)
    if (exact.some(Number.isFinite)) return exact
    const lists = steps.map((step) => probabilities(step, options) ?? [])
    const k = options.topK ?? Math.max(...lists.map((p) => p.length))
    return lists.map((p) => {
      if (!p.some((each) => each > 0) || (p.length !== k && !isWhole(p))) return undefined
      const filled = p.filter((each) => each > 0)
      const last = Math.min(...filled)
      for (let rest = 1 - total(filled); rest > 1e-15; rest -= last) filled.push(Math.min(rest, last))
      return -total(filled.map((each) => each * log(each)))
    })
  }

  function margins(steps: TokenTrace, options: TraceOptions): (number | undefined)[] {
    return steps.map((step) => {
      const p = probabilities(step, options) ?? []
      if (!p.some((each) => each > 0)) return undefined
      return p.length > 1 || isWhole(p) ? p[0] - (p[1] ?? 0) : undefined
    })
  }

  function naive(name: string, tokens: number, trace: TokenTrace, options: TraceOptions): number | undefined {
    const [of, by] = definitions[name]
    const values = of(trace.slice(0, tokens), options)
    if (values.length === 0 || !isFinite(values)) return undefined
    const value = by(values)
    return Number.isFinite(value) ? value : undefined
  }

  /** Mostly what one server gives for every token, now and then another thing or nothing. */
  const rarely = <T>(usual: fc.Arbitrary<T>, ...others: fc.Arbitrary<T | undefined>[]) =>
    fc.oneof({ weight: 40, arbitrary: usual }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })))
  const alternatives = (k: number) =>
    fc
      .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 })
      .map((weights) => weights.toSorted((a, b) => b - a).map((weight) => log(weight / (total(weights) || 1))))
      .map((list) => list.slice(0, k))
  const odd = fc.constantFrom(undefined, NaN, Infinity, -Infinity)
  const trace = fc.record({ exact: fc.boolean(), k: fc.integer({ min: 1, max: 5 }) }).chain(({ exact, k }) =>
    fc.array(
      fc.record<TokenStep>({
        logprob: rarely(fc.double({ min: -20, max: 1e-6, noNaN: true }), odd, fc.constant(-9999)),
        entropy: exact ? rarely(fc.double({ min: 0, max: 12, noNaN: true }), odd) : rarely(fc.constant(undefined), odd),
        alternatives: rarely(
          alternatives(k),
          alternatives(k + 1),
          fc.constantFrom<number[] | undefined>([], [NaN, -1], [-Infinity], undefined),
        ),
      }),
      { maxLength: 30 },
    ),
  )
  const options = fc.record({ topK: fc.integer({ min: 0, max: 5 }) }, { requiredKeys: [] })

  test('is what the running states say after every token, over all tokens and over the first few', () => {
    const spans = [Infinity, 1, 2, 3, 8, 20]
    const asked = traceSignalNames.flatMap((base) =>
      spans.map((tokens) => ({ base, tokens, name: tokens === Infinity ? base : `${base}_at_${tokens}` })),
    )
    const names = asked.map(({ name }) => name)
    let found = 0
    fc.assert(
      fc.property(trace, options, (steps, options) => {
        const running = runningSignals(names, options)
        expect(running.values()).toEqual({})
        for (const [i, step] of steps.entries()) {
          running.push(step)
          const prefix = steps.slice(0, i + 1)
          const values = running.values()
          for (const { base, tokens, name } of asked) {
            const expected = naive(base, tokens, prefix, options)
            expect(Object.hasOwn(values, name), `${name} after ${i + 1} tokens`).toBe(expected !== undefined)
            if (expected === undefined) continue
            found++
            const error = Math.abs((values[name] ?? NaN) - expected)
            expect(error, `${name} after ${i + 1} tokens`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
          }
        }
        expect(traceSignals(steps, names, options)).toEqual(running.values())
      }),
    )
    expect(found).toBeGreaterThan(10_000)
  })

  test('reading the values between tokens changes none of them', () => {
    fc.assert(
      fc.property(trace, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (steps, reads) => {
        const running = runningSignals(traceSignalNames)
        for (const [i, step] of steps.entries()) {
          running.push(step)
          if (reads[i]) running.values()
        }
        expect(running.values()).toEqual(traceSignals(steps, traceSignalNames))
      }),
    )
  })
})

describe('a missing value', () => {
  const step: TokenStep = { logprob: -1, alternatives: logs(0.5, 0.3) }
  const entropyOf = (trace: TokenTrace, options?: TraceOptions) =>
    traceSignals(trace, ['mean_entropy'], options).mean_entropy

  test('no tokens: no signal, not even a length of 0, which would speak for an empty answer', () => {
    expect(traceSignals([], traceSignalNames)).toEqual({})
  })

  test.each([undefined, NaN, -Infinity])(
    'a token with log-probability %s ends what covers it, and no more',
    (logprob) => {
      const names = ['mean_logprob', 'first_logprob', 'min_logprob_at_2', 'min_logprob_at_3', 'min_margin', 'length']
      const values = traceSignals([step, step, { ...step, logprob }, step], names)
      expect(Object.keys(values)).toEqual(['first_logprob', 'min_logprob_at_2', 'min_margin', 'length'])
    },
  )

  test('tokens that tell nothing still have a number', () => {
    expect(traceSignals([{}, {}], traceSignalNames)).toEqual({ length: 2 })
  })

  test('a perplexity that overflows; the log-probabilities of a sentinel are numbers', () => {
    const values = traceSignals([{ logprob: -9999 }], ['perplexity', 'mean_logprob'])
    expect(values).toEqual({ mean_logprob: -9999 })
  })

  test('a log-probability above 0 by rounding is kept', () => {
    expect(traceSignals([{ logprob: 5e-7 }], ['mean_logprob', 'min_logprob'])).toEqual({
      mean_logprob: 5e-7,
      min_logprob: 5e-7,
    })
  })

  test('exact and truncated entropies are not mixed; each alone is an entropy', () => {
    const exact = { ...step, entropy: 0.7 }
    expect(entropyOf([exact, exact])).toBeCloseTo(0.7, 12)
    expect(entropyOf([step, step])).toBeGreaterThan(0.7)
    expect(entropyOf([exact, step])).toBeUndefined()
    expect(entropyOf([step, exact])).toBeUndefined()
    expect(traceSignals([step, exact], ['first_entropy', 'max_entropy_at_1', 'max_entropy_at_2'])).toEqual({
      first_entropy: expect.any(Number),
      max_entropy_at_1: expect.any(Number),
    })
  })

  test('an exact entropy needs no alternatives and does not heed their k', () => {
    expect(entropyOf([{ entropy: 0 }, { entropy: 1, alternatives: [-1] }], { topK: 5 })).toBe(0.5)
  })

  test('of more alternatives than k exactly k are used, as the tokens beyond them can be ties or the chosen one', () => {
    const wide = { alternatives: logs(0.5, 0.3, 0.1) }
    expect(entropyOf([wide, step], { topK: 2 })).toBe(entropyOf([step, step]))
    expect(entropyOf([wide, step])).toBeUndefined()
    expect(traceSignals([wide], ['min_margin'], { topK: 1 })).toEqual({})
  })

  test('of fewer alternatives than k there is no entropy, but where there were no more', () => {
    expect(entropyOf([step], { topK: 3 })).toBeUndefined()
    // Constrained decoding, where one or two tokens were allowed.
    expect(entropyOf([{ alternatives: [0] }, { alternatives: logs(0.75, 0.25) }], { topK: 3 })).toBeCloseTo(
      (-0.75 * log(0.75) - 0.25 * log(0.25)) / 2,
      12,
    )
    expect(entropyOf([{ alternatives: [0] }, step, { alternatives: [0] }])).toBeGreaterThan(0)
    expect(entropyOf([{ alternatives: logs(0.5, 0.3, 0.2) }, step])).toBeUndefined()
    expect(entropyOf([step, { alternatives: logs(0.5, 0.3, 0.2) }])).toBeUndefined()
  })

  test('one alternative gives a margin only where it is certain', () => {
    expect(traceSignals([{ alternatives: [log(0.9)] }], ['min_margin'])).toEqual({})
    expect(traceSignals([{ alternatives: [-5e-7] }], ['min_margin']).min_margin).toBeCloseTo(1, 6)
    expect(traceSignals([{ alternatives: [5e-7, -20] }], ['min_margin']).min_margin).toBeLessThanOrEqual(1)
    expect(traceSignals([{ alternatives: logs(0.4, 0) }], ['min_margin']).min_margin).toBeCloseTo(0.4, 12)
  })

  test('alternatives that are no log-probabilities tell nothing', () => {
    for (const alternatives of [[], [0.9, 0.1], [-1, NaN], [-Infinity, -Infinity]])
      expect(traceSignals([{ alternatives }], ['mean_margin', 'mean_entropy'])).toEqual({})
  })
})

test('what is no signal of a trace, or no k, is a programming error', () => {
  expect(isTraceSignal('min_margin_at_16')).toBe(true)
  for (const name of ['p_true', 'answer_words', 'mean_logprob_at_0', 'mean_logprob_at_8_at_2', 'toString', '']) {
    expect(isTraceSignal(name), name).toBe(false)
    expect(() => runningSignals([name])).toThrow(RangeError)
  }
  expect(() => runningSignals([], { topK: -1 })).toThrow('topK is -1, not a number of alternatives')
  expect(() => runningSignals([], { topK: 2.5 })).toThrow(RangeError)
})

test('a long answer loses nothing to rounding, and little time', () => {
  const trace = Array.from({ length: 100_000 }, (_, i) => ({ logprob: -((i * 7919) % 100_003) / 1000 }))
  const exact = trace.reduce((total, { logprob }) => total + BigInt(Math.round(logprob * 1000)), 0n)
  const running = runningSignals(['sum_logprob', 'logprob_q10', 'mean_logprob_at_8'])
  for (const step of trace) {
    running.push(step)
    running.values()
  }
  expect(running.values().sum_logprob).toBe(Number(exact) / 1000)
})
