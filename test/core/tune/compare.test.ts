import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finish } from '../../../src/core/stats/work.ts'
import { judge, type Target } from '../../../src/core/sweep/target.ts'
import { baselines } from '../../../src/core/sweep/baselines.ts'
import { exactCurve, points, sortSignal } from '../../../src/core/sweep/curve.ts'
import { compare } from '../../../src/core/tune/compare.ts'
import { referenceRoutings } from '../../../src/core/tune/reference-routings.ts'
import { routedPoint } from '../../../src/core/intervals/routed.ts'
import { readOutcomes } from '../../../src/data/read-outcomes.ts'
import { anyDirection, outcomesOf, plainCosts, testRows } from '../../support/outcomes.ts'
import { simulatedFile } from '../../support/simulate-outcomes.ts'

const target: fc.Arbitrary<Target> = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }).map((minQuality) => ({ minQuality })),
  fc.double({ min: 0, max: 0.3, noNaN: true }).map((maxQualityLoss) => ({ maxQualityLoss })),
  fc.double({ min: 1, max: 8, noNaN: true }).map((maxCost) => ({ maxCost })),
  fc.double({ min: 0, max: 0.3, noNaN: true }).map((qualityMinusCost) => ({ qualityMinusCost })),
)

describe('what policies are seen against', () => {
  test('no threshold serves a target better than the oracle, where every call costs the same', () => {
    fc.assert(
      fc.property(testRows(60), anyDirection, target, (rows, direction, asked) => {
        const outcomes = outcomesOf(rows, direction)
        const costs = plainCosts(7)
        const base = baselines(outcomes, costs, false)
        const value = judge(asked, base)
        const of = ({
          quality,
          totalCost,
          escalated,
          extraCost,
        }: {
          quality: number
          totalCost: number
          escalated: number
          extraCost: number
        }) => value(quality * base.rows, totalCost, { rows: escalated, cost: extraCost })
        const best = Math.max(...[...points(exactCurve(outcomes, sortSignal(outcomes.signals[0]), costs))].map(of))
        const { oracle } = referenceRoutings(outcomes, costs, asked, 0.5)
        if (oracle === undefined) expect(best).toBe(-Infinity)
        else expect(of(routedPoint(outcomes, oracle, costs))).toBeGreaterThanOrEqual(best - 1e-9)
      }),
    )
  })
  test('random routing lies on the line between the two ends', () => {
    fc.assert(
      fc.property(testRows(30), fc.double({ min: 0, max: 1, noNaN: true }), (rows, share) => {
        const outcomes = outcomesOf(rows)
        const costs = plainCosts(outcomes.large.cost!)
        const all = referenceRoutings(outcomes, costs, { maxCost: 1 }, share)
        const point = (name: 'keep all' | 'escalate all' | 'random') => routedPoint(outcomes, all[name], costs)
        const [low, high, random] = [point('keep all'), point('escalate all'), point('random')]
        expect(random.quality).toBeCloseTo(low.quality + share * (high.quality - low.quality), 9)
        expect(random.cost).toBeCloseTo(low.cost + share * (high.cost - low.cost), 9)
      }),
    )
  })
})

describe('on the simulated outcomes', async () => {
  const outcomes = await readOutcomes(simulatedFile())
  const options = { costs: { small: 1, large: 20 }, resamples: 200, policies: ['threshold'] } as const
  test('repeating the folds changes what hangs on them, and nothing else', () => {
    const [once, thrice] = [1, 3].map((repeats) => finish(compare(outcomes, { ...options, repeats })))
    expect(thrice.signals.map(({ intervals }) => intervals.areas)).toEqual(
      once.signals.map(({ intervals }) => intervals.areas),
    )
    const quality = (result: typeof once) =>
      result.policies.map(({ crossFitted }) => crossFitted.estimates.quality.value)
    expect(quality(thrice)).not.toEqual(quality(once))
    for (const [i, each] of quality(thrice).entries()) expect(Math.abs(each! - quality(once)[i]!)).toBeLessThan(0.05)
  })
  test('a policy against itself under another name is not established to be better', () => {
    const result = finish(
      compare(outcomes, { ...options, policies: ['mean_logprob', 'frugalgpt:mean_logprob', 'isotonic:mean_logprob'] }),
    )
    expect(result.signals[0].against).toBeUndefined()
    expect(result.reference!.family.name).toBe('mean_logprob')
  })
  test('only the signals that thresholds are asked for are compared', () => {
    const result = finish(compare(outcomes, { ...options, policies: ['mean_logprob', 'length'] }))
    expect(result.signals.map(({ intervals }) => intervals.signal).toSorted()).toEqual(['length', 'mean_logprob'])
  })
})
