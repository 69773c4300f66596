import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replay } from '../../../src/core/policy/replay.ts'
import { always, condition, keepWhen } from '../../../src/core/policy/policy.ts'
import { jointFrontier } from '../../../src/core/sweep/joint.ts'
import { anyDirection, outcomesOf, plainCosts, testRows } from '../../support/outcomes.ts'

describe('the joint frontier', () => {
  test('is the frontier of all pairs of thresholds, tried one by one', () => {
    fc.assert(
      fc.property(testRows(16), anyDirection, fc.boolean(), fc.boolean(), (rows, direction, perRow, verified) => {
        const outcomes = outcomesOf(rows, direction)
        const [a, b] = outcomes.signals
        // With a verification signal, every pair pays for verification and the two ends do not.
        if (verified) a.verification = true
        const costs = { ...plainCosts(perRow ? outcomes.large.cost! : 20), verify: 4 }
        const joint = jointFrontier(outcomes, a, b, costs)
        const distinct = (values: Float64Array) => [...new Set(values.filter(Number.isFinite))]
        const policies = [
          always('keep'),
          always('escalate'),
          ...distinct(a.values).flatMap((t) =>
            distinct(b.values).map((u) =>
              keepWhen([condition(a.name, a.direction, t), condition(b.name, b.direction, u)]),
            ),
          ),
        ]
        const tried = policies.map((policy) => {
          const replayed = [...replay(outcomes, policy, costs)]
          const total = (of: 'quality' | 'cost') => replayed.reduce((sum, row) => sum + row[of], 0) / rows.length
          return { quality: total('quality'), cost: total('cost') }
        })
        // Every pair tried is matched or beaten by a point of the frontier ...
        for (const t of tried)
          expect(joint.frontier.some((p) => p.cost <= t.cost + 1e-9 && p.quality >= t.quality - 1e-9)).toBe(true)
        // ... whose points are all attained by their own policies, each better and dearer than the one before.
        for (const [i, p] of joint.frontier.entries()) {
          const replayed = [...replay(outcomes, p.policy, costs)]
          expect(replayed.reduce((sum, row) => sum + row.quality, 0) / rows.length).toBeCloseTo(p.quality, 9)
          expect(replayed.reduce((sum, row) => sum + row.cost, 0) / rows.length).toBeCloseTo(p.cost, 9)
          if (i === 0) continue
          expect(p.quality).toBeGreaterThan(joint.frontier[i - 1].quality)
          expect(p.cost).toBeGreaterThan(joint.frontier[i - 1].cost)
        }
      }),
    )
  })

  test('beyond 2,000 distinct values a side it stands on quantiles, and its points still replay', () => {
    const rows = Array.from({ length: 2500 }, (_, i) => ({
      small: Number(Math.sin(i) > 0),
      large: Number(Math.cos(3 * i) > -0.6),
      signal: Math.sin(i) + Math.sin(7 * i),
      second: -Math.sin(i) + Math.cos(5 * i),
    }))
    const outcomes = outcomesOf(rows)
    const joint = jointFrontier(outcomes, outcomes.signals[0], outcomes.signals[1], plainCosts(20))
    expect(joint).toMatchObject({ grid: 'quantile', pairs: 512 * 512 })
    for (const p of joint.frontier.filter((_, i) => i % 40 === 0)) {
      const kept = [...replay(outcomes, p.policy, plainCosts(20))].filter(({ decision }) => decision.action === 'keep')
      expect(kept).toHaveLength(p.kept)
    }
  })

  test('signals that are missing everywhere leave the two ends', () => {
    const outcomes = outcomesOf([{ small: 0, large: 1, signal: NaN, second: NaN }])
    const { frontier } = jointFrontier(outcomes, outcomes.signals[0], outcomes.signals[1], plainCosts(1))
    expect(frontier.map((p) => p.policy)).toEqual([always('keep'), always('escalate')])
  })
})
