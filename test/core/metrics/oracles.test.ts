import { beforeAll, describe, expect, test } from 'vitest'
import { hull, aiq } from '../../../src/core/metrics/aiq.ts'
import { cascadeRoutingAuc } from '../../../src/core/metrics/cascade-routing.ts'
import { routeLlm, routeLlmCurve } from '../../../src/core/metrics/routellm.ts'
import type { Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import { resolveCosts } from '../../../src/core/outcomes/costs.ts'
import { exactCurve, pointAt, points, sortSignal } from '../../../src/core/sweep/curve.ts'
import { curveAt, gridThresholds, indexOfThreshold } from '../../../src/core/sweep/grid.ts'
import { trapezoid } from '../../../src/core/stats/area.ts'
import { readOutcomes } from '../../../src/data/read-outcomes.ts'
import { hasSharedData, recorded, sharedJson } from '../../support/shared.ts'

describe.skipIf(!hasSharedData).each(['qasper', 'coqa'] as const)('on the recorded %s outcomes', (set) => {
  const oracle = hasSharedData ? sharedJson('oracles/metrics_qasper_coqa.json')[set] : {}
  let outcomes: Outcomes
  beforeAll(async () => {
    const [file, signalsFile] = recorded(set)
    outcomes = await readOutcomes(file, { signalsFile })
  })
  const sortedSignal = (name: string) => sortSignal(outcomes.signals.find((signal) => signal.name === name)!)
  const near = (actual: number | undefined, expected: number) =>
    expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

  test.each([
    ['mean_logprob', 'seed_avg_logp'],
    ['mean_entropy', 'seed_avg_entropy_nats'],
  ])('the nine thresholds of %s are those of the study, in both baselines', (signal, key) => {
    const sorted = sortedSignal(signal)
    const costs = resolveCosts(outcomes, { small: 1, verify: 4, large: 20, verifyCost: 'always' })
    const curve = curveAt(exactCurve(outcomes, sorted, costs), gridThresholds({ kind: 'linspace', count: 11 }, sorted))
    const inner = [...points(curve)].slice(1, -1)
    if (curve.direction === 'lower') inner.reverse()
    expect(inner).toHaveLength(oracle[key].length)
    for (const [i, expected] of oracle[key].entries()) {
      const { policy, escalatedShare, quality, cost, cascade, standalone } = inner[i]
      const [condition] = 'keepWhen' in policy ? policy.keepWhen : []
      near('atLeast' in condition ? condition.atLeast : condition.atMost, expected.threshold)
      near(escalatedShare, expected.rate)
      near(quality, expected.perf)
      near(cost, expected.cost)
      near(cascade.ibc, expected.IBC)
      near(cascade.deltaIbc, expected.delta_IBC)
      near(standalone.deltaIbc, expected.delta_IBC_automix_formula)
    }
  })

  test("AutoMix's own threshold keeps strictly above the threshold", () => {
    const costs = resolveCosts(outcomes, { small: 1, verify: 1, large: 50, verifyCost: 'always' })
    const curve = exactCurve(outcomes, sortedSignal('self_verification'), costs)
    for (const expected of oracle.automix_threshold_conf) {
      const point = pointAt(curve, indexOfThreshold(curve, expected.threshold, true))
      near(point.escalatedShare, expected.rate)
      near(point.quality, expected.perf)
      near(point.cost, expected.cost)
      near(point.standalone.deltaIbc! / 100, expected.ibc_lift)
    }
  })

  test.each([
    ['mean_logprob', 'routellm_logp'],
    ['mean_entropy', 'routellm_entropy'],
  ])("RouteLLM's curve, APGR and CPT of %s", (signal, key) => {
    const sorted = sortedSignal(signal)
    const curve = exactCurve(outcomes, sorted, resolveCosts(outcomes))
    const line = routeLlmCurve(curve, sorted)
    const expected = oracle[key]
    for (const [i, x] of expected.x.entries()) near(100 * line.x[i], x)
    for (const [i, y] of expected.y.entries()) near(100 * line.y[i], y)
    near(100 * trapezoid(line), expected.AUC)
    const result = routeLlm(curve, sorted)!
    near(result.apgr, expected.APGR)
    for (const [share, actual] of [
      ['0.2', result.cpt20],
      ['0.5', result.cpt50],
      ['0.8', result.cpt80],
    ] as const) {
      near(100 * actual!, expected.CPT_first_crossing[share])
      near(100 * actual!, expected.CPT_np_interp[share])
    }
  })

  test("RouterBench's hull and AIQ, and cascade routing's AUC", () => {
    const line = {
      x: oracle.routerbench.points.map((p: number[]) => p[0]),
      y: oracle.routerbench.points.map((p: number[]) => p[1]),
    }
    const outline = hull(line)
    expect(outline.x.map((x, i) => [x, outline.y[i]])).toEqual(oracle.routerbench.hull_vertices)
    near(trapezoid(outline), oracle.routerbench.area_own_code)
    near(aiq(line), oracle.routerbench.aiq_paper)
    near(trapezoid(outline) / outline.x[outline.x.length - 1], oracle.routerbench.aiq_as_coded)
    near(cascadeRoutingAuc(line, 1, 20), oracle.cascade_routing_auc.own)
  })

  test('the points of the oracle file lie on the exact curve of the log-probability', () => {
    const curve = exactCurve(outcomes, sortedSignal('mean_logprob'), resolveCosts(outcomes, { small: 1, large: 20 }))
    for (const [cost, quality] of oracle.routerbench.points) {
      const i = curve.kept.findIndex((kept) => Math.abs(kept - (1000 - (cost - 1) * 50)) < 0.5)
      if (i >= 0) near(pointAt(curve, i).quality, quality)
    }
  })
})
