import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  liftOf,
  policyIntervals,
  quantities,
  quantityNames,
  type PolicyIntervals,
} from '../../../src/core/intervals/policy-intervals.ts'
import { pairedDifference } from '../../../src/core/intervals/paired.ts'
import { route, routedPoint } from '../../../src/core/intervals/routed.ts'
import { always, condition, keepWhen, type OnMissing, type Policy } from '../../../src/core/policy/policy.ts'
import { readsVerification, replay } from '../../../src/core/policy/replay.ts'
import type { Bootstrapped } from '../../../src/core/stats/bootstrap.ts'
import { fieller } from '../../../src/core/stats/fieller.ts'
import { drawCounts, seeded } from '../../../src/core/stats/random.ts'
import { finish } from '../../../src/core/stats/work.ts'
import { baselines } from '../../../src/core/sweep/baselines.ts'
import { plainCosts } from '../../support/outcomes.ts'
import { anyCosts, expanded, expandedCosts, groupedOutcomes, groupedRows } from '../../support/grouped.ts'

const onMissing: fc.Arbitrary<OnMissing> = fc.constantFrom('escalate', 'keep')
const threshold = fc.integer({ min: -3, max: 3 })
const anyPolicy: fc.Arbitrary<Policy> = fc.oneof(
  fc.constantFrom(always('keep'), always('escalate')),
  fc.tuple(threshold, onMissing).map(([value, missing]) => keepWhen([condition('s', 'higher', value)], missing)),
  fc
    .tuple(threshold, threshold, onMissing)
    .map(([one, other, missing]) => keepWhen([condition('s', 'higher', one), condition('t', 'lower', other)], missing)),
)
const statistic = (name: (typeof quantityNames)[number], routing = 0) =>
  routing * quantityNames.length + quantityNames.indexOf(name)

describe('the columns of a routing', () => {
  test('add up to what replaying the policy gives', () => {
    fc.assert(
      fc.property(groupedRows(), anyPolicy, anyCosts, fc.boolean(), (rows, policy, costsOf, verification) => {
        const outcomes = groupedOutcomes(rows, { verification })
        const costs = costsOf(rows)
        const replayed = [...replay(outcomes, policy, costs)]
        const point = routedPoint(outcomes, route(outcomes, policy, costs), costs, policy)
        expect(point.kept).toBe(replayed.filter(({ decision }) => decision.action === 'keep').length)
        expect(point.quality).toBeCloseTo(replayed.reduce((sum, { quality }) => sum + quality, 0) / rows.length, 12)
        expect(point.totalCost).toBeCloseTo(
          replayed.reduce((sum, { cost }) => sum + cost, 0),
          9,
        )
      }),
    )
  })
})

describe('policyIntervals', () => {
  test('resamples what each policy gives on groups that are drawn with replacement', () => {
    fc.assert(
      fc.property(
        groupedRows(),
        fc.array(anyPolicy, { minLength: 1, maxLength: 3 }),
        anyCosts,
        fc.boolean(),
        fc.nat(99),
        (rows, policies, costsOf, verification, seed) => {
          const outcomes = groupedOutcomes(rows, { verification })
          if (outcomes.groups.count < 2) return
          const costs = costsOf(rows)
          const routings = policies.map((policy) => route(outcomes, policy, costs))
          const { bootstrapped } = finish(policyIntervals(outcomes, routings, costs, { resamples: 5, seed }))
          const random = seeded(seed)
          const weights = new Uint8Array(outcomes.groups.count)
          for (let resample = 0; resample < 5; resample++) {
            drawCounts(random, weights)
            const copies = expanded(outcomes, weights)
            const copied = expandedCosts(costs, copies.rows)
            policies.forEach((policy, r) => {
              const base = baselines(copies.outcomes, copied, readsVerification(copies.outcomes, policy))
              const point = routedPoint(copies.outcomes, route(copies.outcomes, policy, copied), copied)
              for (const name of quantityNames) {
                const actual = bootstrapped.replicates[statistic(name, r)][resample]
                const expected = quantities[name](point, base)
                // A difference of costs or gains that is nothing but rounding makes any ratio whatever.
                if (expected !== undefined && Math.abs(expected) > 1e9) continue
                if (expected === undefined) expect(actual, name).toBeNaN()
                else expect(Math.abs(actual - expected), name).toBeLessThan(1e-8 * Math.max(1, Math.abs(expected)))
              }
            })
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  const rows = Array.from({ length: 90 }, (_, i) => ({
    group: i % 30,
    small: (i * 7) % 5 > 1 ? 1 : 0,
    large: (i * 11) % 13 > 1 ? 1 : 0,
    signal: ((i * 37) % 101) / 100,
  }))
  const outcomes = groupedOutcomes(rows)
  const costs = plainCosts(20)
  const at = (value: number) => route(outcomes, keepWhen([condition('s', 'higher', value)]), costs)
  const of = (routings: ReturnType<typeof at>[], seed = 1): PolicyIntervals =>
    finish(policyIntervals(outcomes, routings, costs, { resamples: 300, seed, confidence: 0.9 }))

  test('gives the set of IBC that the group totals allow', () => {
    const routed = at(0.5)
    const totals = (column: ArrayLike<number>) =>
      outcomes.groups.codes.reduce((sums, group, row) => {
        sums[group] += column[row]
        return sums
      }, new Float64Array(outcomes.groups.count))
    const { ibcSet, point } = of([routed]).routings[0]
    expect(ibcSet).toEqual(fieller(totals(routed.gain), totals(routed.extraCost), 0.9))
    expect(point.cascade.ibc).toBeGreaterThan((ibcSet as { low: number }).low)
  })

  test('a routing has the same resamples alone and beside others, in this call and the next', () => {
    const alone = of([at(0.5)]).bootstrapped
    const beside = of([at(0.2), at(0.5), at(0.5)]).bootstrapped
    for (const routing of [1, 2])
      quantityNames.forEach((name, q) =>
        expect(beside.replicates[statistic(name, routing)], name).toEqual(alone.replicates[q]),
      )
    expect(of([at(0.5)], 2).bootstrapped.replicates[0]).not.toEqual(alone.replicates[0])
  })

  test('two routings that are one differ by exactly nothing', () => {
    const { bootstrapped } = of([at(0.5), at(0.5)])
    for (const name of quantityNames) {
      const none = pairedDifference([bootstrapped, statistic(name)], [bootstrapped, statistic(name, 1)], 0.9)
      expect(none, name).toMatchObject({ value: 0, bca: { low: 0, high: 0 }, verdict: 'not-established' })
    }
  })

  test('both ends have no lift on any resample, so that rounding establishes nothing between them', () => {
    const fractions = groupedOutcomes(rows.map((row, i) => ({ ...row, small: row.small * 0.1, large: (i % 7) / 7 })))
    const ends = (['keep', 'escalate'] as const).map((action) => route(fractions, always(action), costs))
    const { bootstrapped } = finish(policyIntervals(fractions, ends, costs, { resamples: 300 }))
    for (const routing of [0, 1])
      expect(bootstrapped.replicates[statistic('lift', routing)].every((lift) => lift === 0)).toBe(true)
    expect(bootstrapped.replicates[statistic('qualityChange', 1)].every((change) => change === 0)).toBe(true)
  })

  test('what never varies is known: the kept share of keeping all', () => {
    const { estimates } = of([route(outcomes, always('keep'), costs)]).routings[0]
    expect(estimates.keptShare.bca).toEqual({ low: 1, high: 1 })
    expect(estimates.ibc).toEqual({ value: undefined, undefinedShare: 1 })
  })
})

describe('lift', () => {
  test('is quality above what mixing the two ends at random gives for the same cost', () => {
    fc.assert(
      fc.property(groupedRows(), anyPolicy, anyCosts, fc.boolean(), (rows, policy, costsOf, verification) => {
        const outcomes = groupedOutcomes(rows, { verification })
        const costs = costsOf(rows)
        const pointOf = (each: Policy) => routedPoint(outcomes, route(outcomes, each, costs), costs, each)
        const [point, keep, escalate] = [policy, always('keep'), always('escalate')].map(pointOf)
        const actual = liftOf(point, baselines(outcomes, costs, readsVerification(outcomes, policy)))
        if (escalate.cost === keep.cost) {
          expect(actual).toBeUndefined()
          return
        }
        const share = (point.cost - keep.cost) / (escalate.cost - keep.cost)
        expect(actual).toBeCloseTo(point.quality - (share * escalate.quality + (1 - share) * keep.quality), 9)
      }),
    )
  })
  test('of both ends is nothing at all, and no rounding either', () => {
    fc.assert(
      fc.property(groupedRows(), (rows) => {
        const outcomes = groupedOutcomes(rows)
        const costs = plainCosts(20)
        for (const action of ['keep', 'escalate'] as const) {
          const point = routedPoint(outcomes, route(outcomes, always(action), costs), costs, always(action))
          expect(liftOf(point, baselines(outcomes, costs, false))).toBe(0)
        }
      }),
    )
  })
})

describe('a paired difference', () => {
  const made = (replicates: number[], estimate: number): Bootstrapped => ({
    groups: 9,
    resamples: replicates.length,
    seed: 1,
    estimates: Float64Array.of(estimate),
    replicates: [Float64Array.from(replicates)],
    jackknife: [new Float64Array(9)],
  })
  const zeros = made(
    Array.from({ length: 101 }, () => 0),
    0,
  )
  const around = (center: number) =>
    made(
      Array.from({ length: 101 }, (_, i) => center + (i - 50) / 50),
      center,
    )

  test('establishes the higher one where its interval leaves out 0, else nothing', () => {
    const verdict = (first: Bootstrapped, second: Bootstrapped) =>
      pairedDifference([first, 0], [second, 0], 0.9).verdict
    expect(verdict(around(2), zeros)).toBe('first')
    expect(verdict(zeros, around(2))).toBe('second')
    expect(verdict(around(0.5), zeros)).toBe('not-established')
    expect(verdict(around(1.05), zeros)).toBe('first') // the replicates reach 1 to either side
    expect(verdict({ ...around(2), groups: 4 }, { ...zeros, groups: 4 })).toBe('not-established') // too few groups
    expect(verdict(around(NaN), zeros)).toBe('not-established')
  })
  test('cancels what both have in common', () => {
    const noise = Array.from({ length: 101 }, (_, i) => (i * 37) % 101)
    const better = noise.map((each) => each + 1)
    expect(pairedDifference([made(better, 51), 0], [made(noise, 50), 0], 0.9)).toMatchObject({
      value: 1,
      bca: { low: 1, high: 1 },
      verdict: 'first',
    })
  })
  test('of other resamples is refused', () => {
    for (const other of [{ seed: 2 }, { groups: 8 }, { resamples: 100 }])
      expect(() => pairedDifference([zeros, 0], [{ ...zeros, ...other }, 0], 0.9)).toThrow('the same resamples')
  })
})
