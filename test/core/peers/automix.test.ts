import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { resolveCosts } from '../../../src/core/outcomes/costs.ts'
import { findColumn, type Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import { doubleThreshold, selfConsistency, threshold, tripleThreshold } from '../../../src/core/peers/automix.ts'
import { certaintyOf } from '../../../src/core/peers/certainty.ts'
import { route, routedPoint } from '../../../src/core/intervals/routed.ts'
import { peerFamily } from '../../../src/core/tune/peer-family.ts'
import { readOutcomes } from '../../../src/data/read-outcomes.ts'
import { hasSharedData, recorded, sharedJson } from '../../support/shared.ts'
import { anyRows, byRule, octiles, outcomesOn, shareRows, vectorsOf, type Vector } from './rows.ts'

const eighths = Array.from({ length: 9 }, (_, i) => i / 8)

// The rules as AutoMix's code has them, on any grid of nine values; `between` includes both ends.
const between = (v: number, low: number, high: number) => low <= v && v <= high
const definitions = {
  threshold: (grid: number[], keys: number[]): Vector[] => grid.map((t) => byRule(keys, (v) => v <= t)),
  doubleThreshold: (grid: number[], keys: number[]): Vector[] => {
    const vectors: Vector[] = []
    for (let i = 0; i < 8; i++)
      for (let j = i + 1; j < 8; j++) vectors.push(byRule(keys, (v) => between(v, grid[i], grid[j])))
    return vectors
  },
  tripleThreshold: (grid: number[], keys: number[]): Vector[] => {
    const vectors: Vector[] = []
    for (let i = 0; i < 8; i++)
      for (let j = i + 1; j < 8; j++)
        for (let k = j + 1; k < 8; k++)
          vectors.push(
            byRule(keys, (v) => between(v, grid === eighths ? 0 : -Infinity, grid[i]) || between(v, grid[j], grid[k])),
          )
    return vectors
  },
  selfConsistency: (grid: number[], keys: number[]): Vector[] => [byRule(keys, (v) => v <= grid[4])],
}
const rules = { threshold, doubleThreshold, tripleThreshold, selfConsistency }
const names = Object.keys(rules) as (keyof typeof rules)[]

describe.each(names)("AutoMix's %s", (name) => {
  test('escalates the rows that its definition does, one policy for each parameter', () => {
    fc.assert(
      fc.property(shareRows(20), (rows) => {
        const outcomes = outcomesOn(rows, 'probability')
        const keys = rows.map(({ signal }) => signal)
        const vectors = vectorsOf(outcomes, rules[name](certaintyOf(outcomes.signals[0])))
        expect(vectors).toEqual(definitions[name](eighths, keys))
      }),
    )
  })
  test('acts on the octiles of any other signal', () => {
    fc.assert(
      fc.property(anyRows(20), fc.constantFrom('higher' as const, 'lower' as const), (rows, direction) => {
        const outcomes = outcomesOn(rows, 'unbounded', direction)
        const keys = rows.map(({ signal }) => (direction === 'higher' ? signal : -signal))
        const vectors = vectorsOf(outcomes, rules[name](certaintyOf(outcomes.signals[0])))
        expect(vectors).toEqual(definitions[name](octiles(keys), keys))
      }),
    )
  })
  test('does the same to a signal turned round', () => {
    fc.assert(
      fc.property(anyRows(20), (rows) => {
        const turned = rows.map((row) => ({ ...row, signal: -row.signal }))
        const [one, other] = [outcomesOn(rows, 'logprob'), outcomesOn(turned, 'entropy', 'lower')]
        expect(vectorsOf(one, rules[name](certaintyOf(one.signals[0])))).toEqual(
          vectorsOf(other, rules[name](certaintyOf(other.signals[0]))),
        )
      }),
    )
  })
})

test('AutoMix tries 9, 28, 56 and 1 parameters', () => {
  const certainty = certaintyOf(outcomesOn([{ small: 0, large: 1, signal: 0.5 }], 'probability').signals[0])
  expect(names.map((name) => rules[name](certainty).length)).toEqual([9, 28, 56, 1])
})

test('a probability of which lower values are certain acts by its octiles too', () => {
  const { column, grid } = certaintyOf(
    outcomesOn(
      [0.1, 0.2, 0.4].map((signal) => ({ small: 0, large: 1, signal })),
      'probability',
      'lower',
    ).signals[0],
  )
  expect(column.direction).toBe('lower')
  expect([grid[0], grid[4], grid[8]]).toEqual([-0.4, -0.2, -0.1])
})

describe.skipIf(!hasSharedData).each(['qasper', 'coqa'] as const)('on the recorded %s outcomes', (set) => {
  const oracle = hasSharedData ? sharedJson('oracles/metrics_qasper_coqa.json')[set].automix_threshold_conf : []
  const costOptions = { small: 1, verify: 1, large: 50, verifyCost: 'always' as const }
  let outcomes: Outcomes
  beforeAll(async () => {
    const [file, signalsFile] = recorded(set)
    outcomes = await readOutcomes(file, { signalsFile })
  })
  const near = (actual: number | undefined, expected: number) =>
    expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

  test("AutoMix's nine thresholds give what its own code gives", () => {
    const costs = resolveCosts(outcomes, costOptions)
    const policies = threshold(certaintyOf(findColumn(outcomes, 'self_verification')!))
    expect(policies).toHaveLength(oracle.length)
    for (const [i, expected] of oracle.entries()) {
      const point = routedPoint(outcomes, route(outcomes, policies[i], costs), costs, policies[i])
      near(point.escalatedShare, expected.rate)
      near(point.quality, expected.perf)
      near(point.cost, expected.cost)
      near(point.standalone.deltaIbc! / 100, expected.ibc_lift)
    }
  })

  test('the family takes the best of the nine for a target, on the verification signal of itself', () => {
    const costs = resolveCosts(outcomes, costOptions)
    const fit = (target: { qualityMinusCost: number } | { maxCost: number }) =>
      peerFamily('automix-threshold')
        .fit(outcomes, { costs, costOptions, target, seed: 1, wrongBelow: 0.5 })!
        .select(target)!
    const nine: { rate: number; perf: number; cost: number }[] = oracle
    const maxCost = nine[4].cost
    const affordable = nine.filter(({ cost }) => cost <= maxCost)
    near(fit({ maxCost }).quality, Math.max(...affordable.map(({ perf }) => perf)))
    for (const lambda of [0, 1e-3, 4e-3, 0.1])
      near(
        ((point) => point.quality - lambda * point.cost)(fit({ qualityMinusCost: lambda })),
        Math.max(...nine.map(({ perf, cost }) => perf - lambda * cost)),
      )
  })
})
