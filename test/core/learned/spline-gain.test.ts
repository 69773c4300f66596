import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitSplineGain, type GainOptions } from '../../../src/core/learned/spline-gain.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import { predictGain } from '../../../src/core/policy/gain.ts'
import { anyDirection, outcomesOf, testRows, type TestRow } from '../../support/outcomes.ts'
import { uniforms } from '../stats/near.ts'

const fit = (
  rows: readonly TestRow[],
  options: Partial<GainOptions> = {},
  direction: 'higher' | 'lower' = 'higher',
) => {
  const outcomes = outcomesOf(rows, direction)
  return fitSplineGain(outcomes, outcomes.signals, { seed: 1, ...options })
}
type Model = NonNullable<ReturnType<typeof fit>>
const at = ({ predictedGain }: Model, s: number, t = NaN) => predictGain(predictedGain, { s, t }).low

/** Rows with two independent signals, s in [-3, 0] and t in [0, 2], whose gain is what `gain` says, and noise. */
function sample(count: number, gain: (s: number, t: number) => number, noise = 0.3, seed = 1): TestRow[] {
  const next = uniforms(seed)
  return Array.from({ length: count }, () => {
    const [signal, second] = [-3 * next(), 2 * next()]
    const wanted = gain(signal, second) + noise * (2 * next() - 1)
    return { signal, second, small: 0.5 - wanted / 2, large: 0.5 + wanted / 2 }
  })
}
const meanGain = (rows: readonly TestRow[]) =>
  rows.reduce((sum, { small, large }) => sum + large - small, 0) / rows.length

describe('the spline gain', () => {
  test('recovers a gain that is a sum of one smooth term a signal', () => {
    const truth = (s: number, t: number) => 0.1 + 0.15 * Math.tanh(-2 * (s + 1.5)) + 0.1 * (t - 1)
    const model = fit(sample(20_000, truth))!
    for (const s of [-2.8, -2, -1.5, -1, -0.2])
      for (const t of [0.1, 1, 1.9]) expect(Math.abs(at(model, s, t) - truth(s, t))).toBeLessThan(0.02)
    // Noise of variance 0.03 beside a gain of variance 0.0186.
    expect(model.crossValidatedR2).toBeGreaterThan(0.3)
    expect(model.crossValidatedR2).toBeLessThan(0.45)
  })
  test('of signals that are noise is the mean', () => {
    const rows = sample(5000, () => 0.2)
    const model = fit(rows)!
    expect(model.crossValidatedR2).toBeLessThan(0.005)
    expect(model.crossValidatedR2).toBeGreaterThanOrEqual(0)
    for (const s of [-3, -1.5, 0])
      for (const t of [0, 1, 2]) expect(Math.abs(at(model, s, t) - meanGain(rows))).toBeLessThan(0.03)
  })
  test('where every strength predicts worse than the mean, predicts the mean', () => {
    const rows = [0, 1, 0, 1, 1, 0].map((large, i) => ({ small: 0, large, signal: (i * 3) % 7 }))
    const found = Array.from({ length: 20 }, (_, seed) => fit(rows, { seed })!).filter(
      ({ strength }) => strength === Infinity,
    )
    expect(found.length).toBeGreaterThan(0)
    for (const model of found) {
      expect(model.crossValidatedR2).toBe(0)
      expect([-1, 2, 9].map((s) => at(model, s))).toEqual([0.5, 0.5, 0.5])
    }
  })
  test('averages the mean gain over its rows: a missing signal adds nothing, which is its average', () => {
    fc.assert(
      fc.property(testRows(40), anyDirection, fc.boolean(), (rows, direction, monotone) => {
        const model = fit(rows, { monotone }, direction)
        if (model === undefined) return
        const mean = rows.reduce((sum, { signal, second }) => sum + at(model, signal, second), 0) / rows.length
        expect(mean).toBeCloseTo(meanGain(rows), 7)
        expect(at(model, NaN, NaN)).toBe(model.predictedGain.constant)
      }),
    )
  })
  test('has terms of centred parts, each over the rows that have its signal', () => {
    fc.assert(
      fc.property(testRows(40), fc.boolean(), (rows, monotone) => {
        for (const term of fit(rows, { monotone })?.predictedGain.terms ?? []) {
          const values = rows.map((row) => (term.signal === 's' ? row.signal : row.second!)).filter(Number.isFinite)
          const alone = { constant: 0, terms: [term] }
          const sum = values.reduce((total, value) => total + predictGain(alone, { [term.signal]: value }).low, 0)
          expect(sum / values.length).toBeCloseTo(0, 7)
        }
      }),
    )
  })
  test('held to directions, gains no more from an answer that is more certain', () => {
    fc.assert(
      fc.property(testRows(60), anyDirection, (rows, direction) => {
        const other = direction === 'higher' ? 'lower' : 'higher'
        for (const { signal, points } of fit(rows, { monotone: true }, direction)?.predictedGain.terms ?? []) {
          const ys = points.map(([, y]) => y)
          const falling = (signal === 's' ? direction : other) === 'higher' ? ys : ys.toReversed()
          for (let i = 1; i < falling.length; i++) expect(falling[i]).toBeLessThanOrEqual(falling[i - 1])
        }
      }),
    )
  })
  test('held to directions, leaves facts about the answer free', () => {
    const outcomes = outcomesOf(sample(2000, (_, t) => -0.2 * t)) // t lower is certain: a gain that falls is against it
    const terms = () => fitSplineGain(outcomes, outcomes.signals, { seed: 1, monotone: true })!.predictedGain.terms
    const spread = () =>
      Math.max(...terms()[1].points.map(([, y]) => y)) - Math.min(...terms()[1].points.map(([, y]) => y))
    expect(spread()).toBeLessThan(0.02)
    outcomes.signals[1].fromAnswer = true
    expect(spread()).toBeGreaterThan(0.3)
  })
  test('leaves out a signal of one value or of none; with no other there is no model', () => {
    const rows = [0, 1, 0, 1].map((large, i) => ({ small: 0, large, signal: i, second: i === 2 ? NaN : 7 }))
    expect(fit(rows)!.predictedGain.terms.map(({ signal }) => signal)).toEqual(['s'])
    expect(fit(rows.map((row) => ({ ...row, signal: -0.3 })))).toBeUndefined()
    expect(fit(rows.map((row) => ({ ...row, signal: NaN })))).toBeUndefined()
    expect(fit(rows.slice(0, 1))).toBeUndefined()
  })
  test('of rows of one group, which leave nothing to validate on, is the mean', () => {
    const rows = [0, 1, 1].map((large, i) => ({ small: 0, large, signal: i }))
    const outcomes = { ...outcomesOf(rows), groups: { codes: new Uint32Array(3), count: 1, from: 'group' as const } }
    const model = fitSplineGain(outcomes, outcomes.signals, { seed: 1 })!
    expect(model).toMatchObject({ strength: Infinity, crossValidatedR2: 0 })
    expect(at(model, 0)).toBeCloseTo(2 / 3, 12)
  })
  test('follows from its seed', () => {
    const rows = sample(200, (s) => -0.1 * s)
    expect(fit(rows, { seed: 7 })).toEqual(fit(rows, { seed: 7 }))
  })
  test('is a policy of finite numbers that survives its file, whatever the values', () => {
    fc.assert(
      fc.property(testRows(30), anyDirection, fc.boolean(), (rows, direction, monotone) => {
        const predictedGain = fit(rows, { monotone }, direction)?.predictedGain
        if (predictedGain === undefined) return
        const text = JSON.stringify({ version: 1, predictedGain, escalateAbove: 0, onMissing: 'escalate' })
        const read = parsePolicy(text, 'p.json') as { predictedGain: typeof predictedGain }
        for (const { signal, second } of rows)
          expect(predictGain(read.predictedGain, { s: signal, t: second })).toEqual(
            predictGain(predictedGain, { s: signal, t: second }),
          )
      }),
    )
  })
})
