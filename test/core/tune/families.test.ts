import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { route, routedPoint } from '../../../src/core/intervals/routed.ts'
import type { Costs } from '../../../src/core/outcomes/costs.ts'
import type { Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import { always, keepWhen, keepWithin, type Policy } from '../../../src/core/policy/policy.ts'
import { replay } from '../../../src/core/policy/replay.ts'
import { keepAllPoint, type OperatingPoint } from '../../../src/core/sweep/operating-point.ts'
import { baselines } from '../../../src/core/sweep/baselines.ts'
import { exactCurve, points, sortSignal } from '../../../src/core/sweep/curve.ts'
import type { Target } from '../../../src/core/sweep/target.ts'
import { familiesOf } from '../../../src/core/tune/families.ts'
import { fitOn, rankedSignals } from '../../../src/core/tune/family.ts'
import { fittedCurve, fittedList, frontier } from '../../../src/core/tune/fitted.ts'
import { anyDirection, outcomesOf, plainCosts, testRows, type TestRow } from '../../support/outcomes.ts'

const names = (outcomes: Outcomes, ...words: string[]) => familiesOf(outcomes, words).map(({ name }) => name)
const learned = ['spline', 'spline-monotone', 'isotonic']
const peers = [
  'automix-threshold',
  'automix-double',
  'automix-triple',
  'automix-self-consistency',
  'automix-pomdp',
  'bin-reward',
  'frugalgpt',
]

describe('the families that words ask for', () => {
  const row = (signal: number, second: number): TestRow => ({ small: 0, large: 1, signal, second })
  const outcomes = outcomesOf([row(1, 5), row(2, 7), row(3, 6)])

  test('are sets, single ones, and a rule on a signal', () => {
    expect(names(outcomes, 'threshold')).toEqual(['s', 't'])
    expect(names(outcomes, 'joint')).toEqual(['joint'])
    expect(names(outcomes, 'learned')).toEqual(learned)
    expect(names(outcomes, 'peers')).toEqual(peers)
    expect(names(outcomes, 'all')).toEqual(['s', 't', 'joint', ...learned, ...peers])
    for (const word of [
      's',
      't',
      's+t',
      't+s',
      ...learned,
      'isotonic:t',
      ...peers,
      ...peers.map((peer) => `${peer}:s`),
    ])
      expect(names(outcomes, word)).toEqual([word])
  })
  test('say of what kind they are', () => {
    const kinds = familiesOf(outcomes, ['s', 's+t', 'joint', 'isotonic:s', 'spline', 'frugalgpt:t']).map(
      ({ kind }) => kind,
    )
    expect(kinds).toEqual(['threshold', 'joint', 'joint', 'learned', 'learned', 'peer'])
  })
  test('stand once each, where they were first asked for, and blanks around a word do not matter', () => {
    expect(names(outcomes, 't', ' threshold ', 'learned', 'isotonic', 'isotonic:s')).toEqual([
      't',
      's',
      ...learned,
      'isotonic:s',
    ])
    expect(names(outcomes)).toEqual([])
  })
  test('a threshold stands on signals that order the rows differently, and on none that is missing or told by the answer', () => {
    const same = outcomesOf([row(1, -1), row(2, -2), row(3, -3)]) // t, lower, orders the rows as s does
    expect(names(same, 'threshold')).toEqual(['s'])
    const absent = outcomesOf([row(NaN, 1), row(NaN, 2)])
    expect(names(absent, 'threshold')).toEqual(['t'])
    const told = outcomesOf([row(1, 5), row(2, 7), row(3, 6)])
    told.signals[1].fromAnswer = true
    expect(names(told, 'all')).toEqual(['s', ...learned, ...peers])
    expect(names(told, 't', 's+t')).toEqual(['t', 's+t'])
  })
  test('one signal makes no pair', () => {
    const single = outcomesOf([{ small: 0, large: 1, signal: 1 }])
    expect(names(single, 'joint')).toEqual([])
  })
  test('a signal goes before a rule of its name, and may have a colon in its own', () => {
    const named = {
      ...outcomes,
      signals: outcomes.signals.map((column, i) => ({ ...column, name: ['joint:1', 'spline'][i] })),
    }
    expect(familiesOf(named, ['spline'])[0].kind).toBe('threshold')
    expect(names(named, 'joint:1', 'isotonic:joint:1')).toEqual(['joint:1', 'isotonic:joint:1'])
  })
  test.each([
    [
      'nothing',
      /no policies called "nothing"; there are all, threshold, joint, learned, peers, spline,.* and the signals s, t/,
    ],
    ['', /no policies called ""/],
    ['isotonic:u', /policies isotonic:u: no signal u; the data have s, t/],
    ['isotonic:s:t', /policies isotonic:s:t: no signal s:t/],
    ['automix-double:', /policies automix-double:: no signal ;/],
    ['s+u', /policies s\+u: no signal u/],
    ['s+s', /policies s\+s: a pair takes two different signals/],
    ['s+t+s', /no policies called "s\+t\+s"/],
    ['spline:s', /no policies called "spline:s"/],
    ['threshold:s', /no policies called "threshold:s"/],
    ['toString', /no policies called "toString"/],
  ])('there are none called %j', (word, message) => {
    expect(() => familiesOf(outcomes, [word])).toThrow(message)
  })
})

const target: fc.Arbitrary<Target> = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }).map((minQuality) => ({ minQuality })),
  fc.double({ min: -0.1, max: 0.5, noNaN: true }).map((maxQualityLoss) => ({ maxQualityLoss })),
  fc.double({ min: 0, max: 22, noNaN: true }).map((maxCost) => ({ maxCost })),
  fc.double({ min: 0, max: 0.2, noNaN: true }).map((qualityMinusCost) => ({ qualityMinusCost })),
)

/** How well a point serves a target, higher being better; not at all: -Infinity. */
function value(outcomes: Outcomes, asked: Target, { quality, cost }: OperatingPoint): number {
  const large = outcomes.large.quality.reduce((sum, each) => sum + each, 0) / outcomes.rows
  if ('minQuality' in asked) return quality >= asked.minQuality - 1e-12 ? -cost : -Infinity
  if ('maxQualityLoss' in asked) return quality >= large - asked.maxQualityLoss - 1e-12 ? -cost : -Infinity
  if ('maxCost' in asked) return cost <= asked.maxCost + 1e-12 ? quality : -Infinity
  return 'qualityMinusCost' in asked ? quality - asked.qualityMinusCost * cost : NaN
}

const anyPolicy: fc.Arbitrary<Policy> = fc.oneof(
  fc.constantFrom(always('keep'), always('escalate')),
  fc.integer({ min: -3, max: 3 }).map((atLeast) => keepWhen([{ signal: 's', atLeast }])),
  fc.integer({ min: -3, max: 3 }).map((atMost) => keepWhen([{ signal: 't', atMost }], 'keep')),
  fc
    .tuple(fc.integer({ min: -3, max: 3 }), fc.double({ min: -2, max: 2, noNaN: true }))
    .map(([below, above]) => keepWithin('s', [{ below }, { above }])),
)

/** What replaying a policy row by row gives. */
function replayed(outcomes: Outcomes, policy: Policy, costs: Costs) {
  const rows = [...replay(outcomes, policy, costs)]
  const mean = (of: 'quality' | 'cost') => rows.reduce((sum, row) => sum + row[of], 0) / rows.length
  return {
    kept: rows.filter(({ decision }) => decision.action === 'keep').length,
    quality: mean('quality'),
    cost: mean('cost'),
  }
}
function expectReplays(outcomes: Outcomes, point: OperatingPoint, costs: Costs): void {
  const actual = replayed(outcomes, parsePolicy(JSON.stringify(point.policy), 'p.json'), costs)
  expect(point.kept).toBe(actual.kept)
  expect(point.quality).toBeCloseTo(actual.quality, 9)
  expect(point.cost).toBeCloseTo(actual.cost, 9)
}

const ascends = (list: readonly number[]) => list.every((each, i) => i === 0 || each > list[i - 1])

describe('a fitted list of policies', () => {
  const list = fc.array(anyPolicy, { minLength: 1, maxLength: 12 })
  const setting = (rows: TestRow[], policies: Policy[], perRow: boolean) => {
    const outcomes = outcomesOf(rows)
    const costs = plainCosts(perRow ? outcomes.large.cost! : 20)
    const all = policies.map((policy) => routedPoint(outcomes, route(outcomes, policy, costs), costs, policy))
    return { outcomes, costs, all, fitted: fittedList(outcomes, policies, costs) }
  }

  test('selects the best of all its policies, and of equals the one that keeps most', () => {
    fc.assert(
      fc.property(testRows(20), list, fc.boolean(), target, (rows, policies, perRow, asked) => {
        const { outcomes, all, fitted } = setting(rows, policies, perRow)
        const selected = fitted.select(asked)
        const best = Math.max(...all.map((point) => value(outcomes, asked, point)))
        if (selected === undefined) {
          expect(best).toBe(-Infinity)
          return
        }
        expect(value(outcomes, asked, selected)).toBeCloseTo(best, 9)
        const same = all.filter((point) => point.quality === selected.quality && point.cost === selected.cost)
        expect(selected.kept).toBe(Math.max(...same.map(({ kept }) => kept)))
      }),
    )
  })
  test('selects none where none serves', () => {
    const { fitted } = setting(
      [{ small: 0, large: 0.5, signal: 1, second: 1 }],
      [always('keep'), always('escalate')],
      false,
    )
    expect(fitted.select({ minQuality: 0.6 })).toBeUndefined()
    expect(
      fittedList(outcomesOf([{ small: 0, large: 1, signal: 1 }]), [], plainCosts(1)).select({ maxCost: 9 }),
    ).toBeUndefined()
  })
  test('has the frontier of points that no other beats in both cost and quality', () => {
    fc.assert(
      fc.property(testRows(20), list, fc.boolean(), (rows, policies, perRow) => {
        const { all } = setting(rows, policies, perRow)
        const best = frontier(all)
        for (const [i, point] of best.entries()) {
          expect(all.some((other) => other.totalCost <= point.totalCost && other.gain > point.gain)).toBe(false)
          expect(all.some((other) => other.totalCost < point.totalCost && other.gain >= point.gain)).toBe(false)
          if (i > 0) expect(point.totalCost).toBeGreaterThan(best[i - 1].totalCost)
        }
        for (const point of all)
          expect(best.some(({ totalCost, gain }) => totalCost <= point.totalCost && gain >= point.gain)).toBe(true)
      }),
    )
  })
  test('goes towards what serves a quality from the dearest of its frontier down, and ends as cheap and as good', () => {
    fc.assert(
      fc.property(
        testRows(20),
        list,
        fc.boolean(),
        target,
        fc.integer({ min: 1, max: 8 }),
        (rows, policies, perRow, asked, count) => {
          fc.pre('minQuality' in asked || 'maxQualityLoss' in asked)
          const { all, fitted } = setting(rows, policies, perRow)
          const last = fitted.select(asked)
          if (last === undefined) return
          const path = fitted.towards(last, count, 'escalate')
          expect(path.length).toBeLessThanOrEqual(count)
          const end = path[path.length - 1]
          expect(end.totalCost).toBe(last.totalCost)
          expect(end.gain).toBeGreaterThanOrEqual(last.gain)
          expect(ascends(path.map(({ totalCost }) => -totalCost))).toBe(true)
          const whole = frontier(all).filter(({ totalCost }) => totalCost >= last.totalCost)
          expect(path).toHaveLength(Math.min(count, whole.length))
          for (const point of path) expect(whole).toContainEqual(point)
        },
      ),
    )
  })
  test('goes towards what serves a cost from the cheapest of its frontier up, and ends as good', () => {
    fc.assert(
      fc.property(
        testRows(20),
        list,
        fc.boolean(),
        fc.double({ min: 1, max: 22, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
        (rows, policies, perRow, maxCost, count) => {
          const { fitted } = setting(rows, policies, perRow)
          const last = fitted.select({ maxCost })
          if (last === undefined) return
          const path = fitted.towards(last, count, 'keep')
          expect(path.length).toBeLessThanOrEqual(count)
          const end = path[path.length - 1]
          expect(end.totalCost).toBeLessThanOrEqual(last.totalCost)
          expect(end.quality).toBe(last.quality)
          expect(ascends(path.map(({ totalCost }) => totalCost))).toBe(true)
        },
      ),
    )
  })
  test('thins a long way evenly', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ small: 0, large: 1, signal: i, second: 0 }))
    const policies = rows.map(({ signal }) => keepWhen([{ signal: 's', atLeast: signal }]))
    const { fitted } = setting(rows, policies, false)
    const least = fitted.select({ maxCost: 1 })!
    const most = fitted.select({ qualityMinusCost: 0 })!
    expect(fitted.towards(least, 4, 'escalate').map(({ kept }) => kept)).toEqual([25, 50, 75, 100])
    expect(fitted.towards(most, 4, 'keep').map(({ escalated }) => escalated)).toEqual([24, 49, 74, 99])
    expect(fitted.towards(most, 1, 'keep').map(({ escalated }) => escalated)).toEqual([99])
  })
})

describe('a fitted curve', () => {
  const setting = (rows: TestRow[], direction: 'higher' | 'lower', perRow: boolean) => {
    const outcomes = outcomesOf(rows, direction)
    const costs = plainCosts(perRow ? outcomes.large.cost! : 20)
    const curve = exactCurve(outcomes, sortSignal(outcomes.signals[0]), costs)
    return { outcomes, costs, all: [...points(curve)], fitted: fittedCurve(curve) }
  }
  test('selects the best of all its points', () => {
    fc.assert(
      fc.property(testRows(20), anyDirection, fc.boolean(), target, (rows, direction, perRow, asked) => {
        const { outcomes, all, fitted } = setting(rows, direction, perRow)
        const best = Math.max(...all.map((point) => value(outcomes, asked, point)))
        const selected = fitted.select(asked)
        if (selected === undefined) expect(best).toBe(-Infinity)
        else expect(value(outcomes, asked, selected)).toBeCloseTo(best, 9)
      }),
    )
  })
  test('goes from either end to a point in steps of about equal share, and ends there', () => {
    fc.assert(
      fc.property(
        testRows(40),
        anyDirection,
        fc.boolean(),
        fc.nat(),
        fc.integer({ min: 1, max: 8 }),
        (rows, direction, perRow, i, count) => {
          const { all, fitted } = setting(rows, direction, perRow)
          const last = all[i % all.length]
          for (const [from, side] of [
            ['escalate', 'kept'],
            ['keep', 'escalated'],
          ] as const) {
            const path = fitted.towards(last, count, from)
            expect(path.length).toBeGreaterThan(0)
            expect(path.length).toBeLessThanOrEqual(count)
            expect(path[path.length - 1]).toEqual(last)
            expect(ascends(path.map((point) => point[side]))).toBe(true)
            const costs = path.map(({ totalCost }) => (from === 'keep' ? totalCost : -totalCost))
            for (let k = 1; k < costs.length; k++) expect(costs[k]).toBeGreaterThanOrEqual(costs[k - 1] - 1e-9)
            // Each step is the first point that reaches its share.
            const steps = Array.from({ length: count }, (_, k) => (last[side] * (k + 1)) / count)
            const reached = steps.map((step) =>
              Math.min(...all.map((point) => point[side]).filter((each) => each >= step)),
            )
            expect(path.map((point) => point[side])).toEqual([...new Set(reached)])
          }
        },
      ),
    )
  })
})

describe('every family', () => {
  const words = ['all', 's', 't', 's+t', 'isotonic:t', ...peers.map((peer) => `${peer}:t`)]
  const cases = fc.record({
    rows: testRows(16),
    direction: anyDirection,
    scale: fc.constantFrom('unbounded' as const, 'probability' as const),
    verified: fc.boolean(),
    asked: target,
  })
  /** Everything on the frontier of a fitted family: all of it is dearer than nothing. */
  const nothing = (outcomes: Outcomes, costs: Costs) => ({
    ...keepAllPoint(baselines(outcomes, costs, false)),
    totalCost: -1,
  })

  test('offers policies that survive their file, and points that they give when replayed', () => {
    fc.assert(
      fc.property(cases, ({ rows, direction, scale, verified, asked }) => {
        const outcomes = outcomesOf(rows, direction)
        outcomes.signals[0].scale = scale
        if (verified) outcomes.signals[0].verification = true
        const costOptions = { small: 1, verify: 2, large: 20 }
        const costs = { ...plainCosts(20), verify: 2 }
        for (const family of familiesOf(outcomes, words)) {
          const fitted = fitOn(family, outcomes, { costOptions, target: asked, seed: 1, wrongBelow: 0.5 })
          if (fitted === undefined) continue
          const selected = fitted.select(asked)
          const offered = fitted.towards(nothing(outcomes, costs), 1000, 'escalate')
          for (const point of selected === undefined ? offered : [...offered, selected])
            expectReplays(outcomes, point, costs)
          // A learned family takes the price that a target names as it is; else what is selected is as good as any.
          if (family.kind === 'learned' && 'qualityMinusCost' in asked) {
            expect(selected!.policy).toMatchObject({ escalateAbove: expect.closeTo(asked.qualityMinusCost * 20, 12) })
            continue
          }
          const best = Math.max(-Infinity, ...offered.map((point) => value(outcomes, asked, point)))
          if (selected === undefined) expect(best).toBe(-Infinity)
          else if (best > -Infinity) expect(value(outcomes, asked, selected)).toBeGreaterThanOrEqual(best - 1e-9)
        }
      }),
      { numRuns: 40 },
    )
  })
  test('can be fitted only where its signals are there', () => {
    const outcomes = outcomesOf([{ small: 0, large: 1, signal: NaN }])
    const setting = { costOptions: { small: 1, large: 20 }, target: { maxCost: 9 }, seed: 1, wrongBelow: 0.5 }
    for (const family of familiesOf(outcomes, ['s', 'learned', 'peers', 'isotonic:s', 'frugalgpt:s']))
      expect(fitOn(family, outcomes, setting)).toBeUndefined()
  })
  test('of peers takes the signal that verification gives, else the best one', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      small: Number(i > 20),
      large: 1,
      signal: i,
      second: (i * 7) % 40,
    }))
    const outcomes = outcomesOf(rows)
    const signalOf = () => {
      const fitted = fitOn(familiesOf(outcomes, ['automix-double'])[0], outcomes, {
        costOptions: { small: 1, large: 20 },
        target: { minQuality: 0.7 },
        seed: 1,
        wrongBelow: 0.5,
      })!
      const policy = fitted.select({ minQuality: 0.7 })!.policy
      return 'keepWithin' in policy ? policy.keepWithin.signal : undefined
    }
    expect(rankedSignals(outcomes, plainCosts(20)).map(({ name }) => name)).toEqual(['s', 't'])
    expect(signalOf()).toBe('s')
    outcomes.signals[1].verification = true
    expect(signalOf()).toBe('t')
  })
  test('learned ones predict a gain for rows they were not fitted on, others none', () => {
    const outcomes = outcomesOf([0, 1, 2, 3].map((signal) => ({ small: signal / 3, large: 1, signal })))
    const setting = { costOptions: { small: 1, large: 20 }, target: { maxCost: 9 }, seed: 1, wrongBelow: 0.5 }
    const [threshold, isotonic] = familiesOf(outcomes, ['s', 'isotonic']).map((each) => fitOn(each, outcomes, setting)!)
    expect('score' in threshold).toBe(false)
    const others = outcomesOf([-1, 0, 0.5, 3, NaN].map((signal) => ({ small: 0, large: 0, signal })))
    const scores = [...isotonic.score!(others)]
    for (const [i, expected] of [1, 1, 5 / 6, 0].entries()) expect(scores[i]).toBeCloseTo(expected, 5)
    expect(scores[4]).toBeNaN()
  })
})
