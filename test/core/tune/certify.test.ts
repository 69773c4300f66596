import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { route } from '../../../src/core/intervals/routed.ts'
import { always, condition, keepWhen } from '../../../src/core/policy/policy.ts'
import { replay } from '../../../src/core/policy/replay.ts'
import { bettingPValue } from '../../../src/core/stats/betting.ts'
import { hoeffdingBentkusPValue } from '../../../src/core/stats/hoeffding-bentkus.ts'
import { seeded, shuffled } from '../../../src/core/stats/random.ts'
import { tTestPValue } from '../../../src/core/stats/t-test.ts'
import {
  certifyMethods,
  certifySequence,
  isAsymptotic,
  promisePValue,
  type CertifyOptions,
} from '../../../src/core/tune/certify.ts'
import { costCapOf, groupRisks, type Promised } from '../../../src/core/tune/promise.ts'
import { groupSizes } from '../../../src/core/tune/splits.ts'
import { anyCosts, groupedOutcomes, groupedRows, type GroupedRow } from '../../support/grouped.ts'
import { plainCosts } from '../../support/outcomes.ts'

const keepFrom = (threshold: number) => keepWhen([condition('s', 'higher', threshold)])
const anyPolicy = fc.oneof(
  fc.constantFrom(always('keep'), always('escalate')),
  fc.integer({ min: -3, max: 3 }).map(keepFrom),
)
const share = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100)
const anyPromise: fc.Arbitrary<Promised> = fc.oneof(
  share.map((maxQualityLoss) => ({ maxQualityLoss })),
  share.map((minQuality) => ({ minQuality })),
  fc.double({ min: 0.1, max: 30, noNaN: true }).map((maxCost) => ({ maxCost })),
)
/** No query costs more, whatever `anyCosts` comes up with. */
const CAP = 2 + 4 + 20.5
const average = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length

describe('groupRisks', () => {
  test('lie in [0, 1], and on average below the bound exactly where the promise holds for the rows', () => {
    fc.assert(
      fc.property(
        groupedRows(),
        anyPolicy,
        anyCosts,
        anyPromise,
        fc.boolean(),
        fc.nat(4),
        (rows, policy, costsOf, promised, verification, spare) => {
          const outcomes = groupedOutcomes(rows, { verification })
          const costs = costsOf(rows)
          const maxGroupRows = Math.max(...groupSizes(outcomes.groups)) + spare
          const routed = route(outcomes, policy, costs)
          const { values, bound } = groupRisks(outcomes, routed, costs, promised, { maxGroupRows, costCap: CAP })
          expect(values).toHaveLength(outcomes.groups.count)
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(-1e-12)
            expect(value).toBeLessThanOrEqual(1 + ('maxCost' in promised ? Math.max(0, bound) : 0) + 1e-12)
          }
          const replayed = [...replay(outcomes, policy, costs)]
          const quality = average(replayed.map((row) => row.quality))
          const [risk, limit] =
            'maxQualityLoss' in promised
              ? [average(outcomes.large.quality) - quality, promised.maxQualityLoss]
              : 'minQuality' in promised
                ? [1 - quality, 1 - promised.minQuality]
                : [average(replayed.map((row) => row.cost)), promised.maxCost]
          if (Math.abs(risk - limit) > 1e-9) expect(average(values) < bound).toBe(risk < limit)
          else expect(average(values)).toBeCloseTo(bound, 8)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('reach both ends of [0, 1]: nothing smaller would hold every outcome', () => {
    const range = (small: number, large: number, promised: Promised) => {
      const outcomes = groupedOutcomes([0, 0].map((group) => ({ group, small, large, signal: 0 })))
      const routed = route(outcomes, always('keep'), plainCosts(20))
      return groupRisks(outcomes, routed, plainCosts(20), promised, { maxGroupRows: 2, costCap: 21 }).values[0]
    }
    expect(range(0, 1, { maxQualityLoss: 0.1 })).toBeCloseTo(1, 12)
    expect(range(1, 0, { maxQualityLoss: 0.1 })).toBeCloseTo(0, 12)
    expect(range(0, 1, { minQuality: 0.7 })).toBeCloseTo(1, 12)
    expect(range(1, 1, { minQuality: 0.7 })).toBeCloseTo(0, 12)
  })

  test('a group that is larger, or a query that is dearer, than was stated is an error that says what to state', () => {
    const outcomes = groupedOutcomes([0, 0, 0, 1].map((group) => ({ group, small: 0, large: 1, signal: 0 })))
    const costs = plainCosts(Float64Array.of(1, 20, 30, 4))
    const routed = route(outcomes, always('escalate'), costs)
    const of = (promised: Promised, maxGroupRows: number, costCap?: number) => () =>
      groupRisks(outcomes, routed, costs, promised, { maxGroupRows, costCap })
    expect(of({ minQuality: 0.5 }, 2)).toThrow(
      'a group has 3 rows where at most 2 were stated; state a larger --max-group',
    )
    expect(of({ maxCost: 5 }, 3, 21)).toThrow('test:3: costs 31 where at most 21 was stated; state a larger --cost-cap')
    expect(of({ maxCost: 5 }, 3, 31)).not.toThrow()
    expect(of({ maxCost: 5 }, 3)).not.toThrow() // no cap: the unit is 1, and only the t-test may read it
  })
})

describe('costCapOf', () => {
  const flat = { ...plainCosts(20), verify: 4 }
  test('is what a flat cost can come to, with verification where it is read', () => {
    expect(costCapOf(flat, false, undefined)).toBe(21)
    expect(costCapOf(flat, true, undefined)).toBe(25)
    expect(costCapOf({ ...flat, verifyCost: 'always' }, false, undefined)).toBe(25)
  })
  test('is not known where costs differ by row, but where it is stated', () => {
    const rows = { ...flat, large: Float64Array.of(20, 20) }
    expect(costCapOf(rows, false, undefined)).toBeUndefined()
    expect(costCapOf(rows, false, 50)).toBe(50)
    expect(costCapOf({ ...flat, verify: Float64Array.of(4, 4) }, false, undefined)).toBe(21)
  })
})

describe('promisePValue', () => {
  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 })
  test('is that of the method, on the values in their order', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 0.99, noNaN: true }), share, (list, bound, delta) => {
        const risks = { values: Float64Array.from(list), bound, most: 1 } as const
        expect(promisePValue(risks, 'betting', delta)).toBe(bettingPValue(list, bound, delta))
        expect(promisePValue(risks, 'hoeffding-bentkus', delta)).toBeCloseTo(
          hoeffdingBentkusPValue(average(list), list.length, bound),
          9,
        )
        // The t-test sees one group of the worst kind more: the largest value there can be, or that was seen.
        expect(promisePValue(risks, 't-test', delta)).toBe(tTestPValue([...list, 1], bound))
        const unbounded = { values: risks.values, bound }
        expect(promisePValue(unbounded, 't-test', delta)).toBe(tTestPValue([...list, Math.max(...list)], bound))
      }),
    )
  })
  test('nothing is shown by no group, nor by one to a t-test', () => {
    const none = { values: new Float64Array(0), bound: 0.5 }
    for (const method of certifyMethods) expect(promisePValue(none, method, 0.1)).toBe(1)
    expect(promisePValue({ values: Float64Array.of(0), bound: 0.5, most: 1 }, 't-test', 0.1)).toBeCloseTo(0.5, 9)
  })
  test('a bound that no value can exceed needs no test', () => {
    for (const bound of [1, 1.5]) {
      const risks = { values: Float64Array.of(0.2, 1), bound }
      expect(promisePValue(risks, 'betting', 0.1)).toBe(0)
      expect(promisePValue(risks, 'hoeffding-bentkus', 0.1)).toBe(0)
    }
  })
  test('only the t-test holds for many groups only', () => {
    expect(certifyMethods.filter(isAsymptotic)).toEqual(['t-test'])
  })
})

describe('certifySequence', () => {
  /** The lower the signal, the more is lost by keeping. */
  const rows: GroupedRow[] = Array.from({ length: 600 }, (_, i) => {
    const signal = (i * 7919) % 600
    return { group: i % 250, small: (i * 104_729) % 600 < signal ? 1 : 0, large: 1, signal }
  })
  const outcomes = groupedOutcomes(rows)
  const costs = plainCosts(20)
  const candidates = [590, 560, 520, 400, 550, 100].map((threshold) => ({ policy: keepFrom(threshold), threshold }))
  const options: CertifyOptions = {
    promised: { maxQualityLoss: 0.05 },
    method: 'betting',
    delta: 0.1,
    seed: 3,
    maxGroupRows: 3,
  }

  test('tests each on the whole level, in the order given, and stops at the first that fails', () => {
    for (const method of certifyMethods) {
      const tests = certifySequence(outcomes, candidates, costs, {
        ...options,
        method,
        promised: { maxQualityLoss: 0.2 },
      })
      const failed = tests.findIndex(({ passed }) => !passed)
      expect(tests.map(({ candidate }) => candidate)).toEqual(candidates.slice(0, tests.length))
      if (failed >= 0) expect(failed).toBe(tests.length - 1)
      for (const { pValue, passed } of tests) expect(passed).toBe(pValue <= options.delta)
    }
    const tests = certifySequence(outcomes, candidates, costs, options)
    expect(tests.map(({ passed }) => passed)).toEqual([true, true, true, false]) // 550 alone would have passed
    expect(certifySequence(outcomes, candidates.slice(4), costs, options)[0].passed).toBe(true)
  })

  test('takes the p-values of the groups in shuffled order', () => {
    const order = shuffled(seeded(3, 4), outcomes.groups.count)
    for (const { candidate, pValue } of certifySequence(outcomes, candidates, costs, options)) {
      const { values, bound } = groupRisks(
        outcomes,
        route(outcomes, candidate.policy, costs),
        costs,
        options.promised,
        options,
      )
      expect(pValue).toBe(
        bettingPValue(
          Array.from(order, (group) => values[group]),
          bound,
          0.1,
        ),
      )
      expect(pValue).not.toBe(bettingPValue(values, bound, 0.1))
    }
  })

  test('follows from its seed', () => {
    const pValues = (seed: number) =>
      certifySequence(outcomes, candidates, costs, { ...options, seed }).map(({ pValue }) => pValue)
    expect(pValues(5)).toEqual(pValues(5))
    expect(pValues(5)[0]).not.toBe(pValues(6)[0])
  })

  test('of no policy tests nothing', () => {
    expect(certifySequence(outcomes, [], costs, options)).toEqual([])
  })

  test('promises a mean cost that no query exceeds, and none where the most that a query costs is not known', () => {
    const certain = { ...options, promised: { maxCost: 21 }, costCap: 21 }
    const keep = [{ policy: always('keep') }, { policy: always('escalate') }]
    for (const method of ['betting', 'hoeffding-bentkus'] as const) {
      expect(certifySequence(outcomes, keep, costs, { ...certain, method }).map(({ passed }) => passed)).toEqual([
        true,
        true,
      ])
      expect(() => certifySequence(outcomes, keep, costs, { ...certain, method, costCap: undefined })).toThrow(
        `costs differ by row, and ${method} can promise a mean cost only where the most that a query can cost is known; state --cost-cap, or take --method t-test`,
      )
    }
    expect(certifySequence(outcomes, keep, costs, { ...certain, method: 't-test', costCap: undefined })[0].passed).toBe(
      true,
    )
  })
})
