import { describe, expect, test } from 'vitest'
import { auditReport, type LoggedAudit } from '../../../src/core/audit/audit-report.ts'
import { distributionOf } from '../../../src/core/audit/distribution.ts'
import { auditMonitor } from '../../../src/core/audit/monitor.ts'
import { promisedBy } from '../../../src/core/audit/promised.ts'
import type { AuditedRequest } from '../../../src/core/audit/promise.ts'
import { always } from '../../../src/core/policy/policy.ts'
import { draws } from '../../support/draws.ts'

const DAY = 24 * 3600 * 1000

/** Requests that keep an answer at random; the small model is wrong with a chance where it is kept. */
function traffic(count: number, wrong: (i: number) => number, seed = 1, probability = 0.1): LoggedAudit[] {
  const next = draws(seed)
  return Array.from({ length: count }, (_, i) => {
    const signal = Math.log(next())
    const kept = signal >= -0.7
    return {
      time: (i * DAY) / 100,
      kept,
      probability,
      small: next() < wrong(i) ? 0 : 1,
      large: 1,
      servedCost: kept ? 1 : 11,
      largeCost: 10,
      signals: { mean_logprob: signal },
    }
  })
}

const options = {
  promise: { maxQualityLoss: 0.05 },
  confidence: 0.9,
  signals: [
    {
      signal: 'mean_logprob',
      thresholds: [-0.7],
      tuning: distributionOf(
        Float64Array.from({ length: 2000 }, (_, i) => Math.log((i + 0.5) / 2000)),
        [-0.7],
      ),
    },
  ],
  change: 0.02,
  seed: 1,
}

describe('an audit report', () => {
  test('of traffic as it was supports the promise, and sees no drift', () => {
    const audits = traffic(3000, () => 0.05)
    const report = auditReport(audits, options)
    expect(report.state.promise).toMatchObject({ of: 'quality loss', bound: 0.05, verdict: 'supported' })
    expect(report.signals).toMatchObject([{ drift: { verdict: 'none-seen' }, lately: { verdict: 'none-seen' } }])
    expect(report.requests).toBeCloseTo(30_000)
    // With one probability for all the estimates are plain means.
    const plain = (value: (audit: LoggedAudit) => number) => audits.reduce((sum, audit) => sum + value(audit), 0) / 3000
    expect(report.state.qualityLoss.value).toBeCloseTo(
      plain((a) => (a.kept ? a.large! - a.small! : 0)),
      12,
    )
    expect(report.state.keptShare.value).toBeCloseTo(
      plain((a) => Number(a.kept)),
      12,
    )
    const saved = 1 - plain((a) => a.servedCost!) / plain((a) => a.largeCost!)
    expect(report.state.saved.value).toBeCloseTo(saved, 12)
    expect(report.power).toMatchObject({ change: 0.02, audits: expect.any(Number) })
    expect(report.power!.requests).toBeCloseTo(10 * report.power!.audits!)
    expect(report.power!.days).toBeCloseTo(report.power!.audits! / 100, 0)
    expect(report.periods).toHaveLength(8)
    expect(report.periods.reduce((sum, { state }) => sum + state.audited, 0)).toBe(3000)
  })

  test('of traffic that has become harder finds the promise broken', () => {
    const report = auditReport(
      traffic(3000, (i) => (i < 1500 ? 0.05 : 0.4)),
      options,
    )
    expect(report.state.promise!.verdict).toBe('broken')
    expect(report.periods.map(({ state }) => state.qualityLoss.value! > 0.1)).toEqual([
      ...Array.from({ length: 4 }, () => false),
      ...Array.from({ length: 4 }, () => true),
    ])
  })

  test('of a change of late sees the drift there before it is seen over all', () => {
    const audits = traffic(3000, () => 0.05)
    for (const audit of audits.slice(2500))
      audit.signals = { mean_logprob: (audit.signals!.mean_logprob as number) * 0.3 }
    const [{ drift, lately }] = auditReport(audits, options).signals
    expect(lately!.verdict).toBe('drifted')
    expect(lately!.psi!).toBeGreaterThan(drift!.psi!)
  })

  test('says little of few audits, and nothing of a power that there is not', () => {
    const report = auditReport(
      traffic(10, () => 1),
      options,
    )
    expect(report.state.promise!.verdict).toBe('too-few')
    expect(report.periods).toHaveLength(1)
    expect(report.signals).toMatchObject([{ drift: { verdict: 'too-few' } }])
    expect(report.power).toBeUndefined()
    // All at one moment there is no pace.
    const atOnce = auditReport(
      traffic(100, () => 0).map((audit) => ({ ...audit, time: 0 })),
      options,
    )
    expect(atOnce.power!.audits).toBeGreaterThan(0)
    expect(atOnce.power!.days).toBeUndefined()
  })

  test('without a promise has estimates all the same', () => {
    const { state, power } = auditReport(
      traffic(500, () => 0.2),
      { ...options, promise: undefined },
    )
    expect([state.promise, power]).toEqual([undefined, undefined])
    expect(state.qualityLoss.value).toBeGreaterThan(0.05)
  })

  test('counts marked answers for the others: the estimate does not sink with answers that nobody marked', () => {
    const next = draws(9)
    const all = traffic(20_000, () => 0.2)
    const some = all.map((audit) => (audit.kept && next() < 0.7 ? { ...audit, small: undefined } : audit))
    const [whole, marked] = [auditReport(all, options), auditReport(some, options)]
    expect(marked.marked).toBeCloseTo(0.3, 1)
    expect(marked.state.unknown).toBeGreaterThan(1000)
    expect(marked.state.qualityLoss.value).toBeCloseTo(whole.state.qualityLoss.value!, 2)
    expect(marked.state.promise!.mean).toBeCloseTo(whole.state.promise!.mean!, 2)
    expect(marked.state.promise!.verdict).toBe('broken')
  })

  test('holds quality and cost to what was promised of them', () => {
    const audits = traffic(4000, () => 0.3)
    const of = (promise: NonNullable<Parameters<typeof auditMonitor>[0]['promise']>) =>
      auditReport(audits, { ...options, promise }).state.promise!
    expect(of({ minQuality: 0.9 })).toMatchObject({ of: 'quality', verdict: 'broken' })
    expect(of({ minQuality: 0.6 })).toMatchObject({ verdict: 'supported', confirmed: true })
    expect(of({ maxCost: 5 })).toMatchObject({ of: 'cost', verdict: 'broken', asymptotic: true })
    // What a cost can be has no most, so that no number of audits confirms that it is low.
    expect(of({ maxCost: 8 })).toMatchObject({ verdict: 'supported', confirmed: false })
  })
})

describe('answers that are not scored', () => {
  const known = (share: number, from = 0, to = Infinity) => {
    const next = draws(11)
    return traffic(3000, () => 0.1).map((audit, i) =>
      audit.kept && (i < from || i >= to || next() >= share) ? { ...audit, small: undefined } : audit,
    )
  }
  const verdictOf = (audits: readonly LoggedAudit[]) => {
    const monitor = auditMonitor({ promise: { maxQualityLoss: 0.02 }, confidence: 0.9 })
    for (const audit of audits) monitor.add(audit)
    return monitor.state()
  }

  test('leave a promise unknown where none are, and do not hide that it is broken where some are', () => {
    expect(verdictOf(known(0)).promise).toMatchObject({ verdict: 'too-few', confirmed: false })
    expect(verdictOf(known(0)).qualityLoss).toEqual({ count: 0 })
    for (const share of [0.1, 0.5]) {
      const { promise, qualityLoss } = verdictOf(known(share))
      expect(promise!.mean).toBeGreaterThan(0.03)
      expect(qualityLoss.value).toBeCloseTo(0.05, 1)
    }
    expect(verdictOf(known(0.5)).promise!.verdict).toBe('broken')
  })

  test('may stand at one end of the log: what is known is of the time that it is known of', () => {
    const early = verdictOf(known(1, 0, 600))
    expect(early.qualityLoss.value).toBeCloseTo(verdictOf(known(1).slice(0, 600)).qualityLoss.value!, 9)
    const { periods } = auditReport(known(1, 0, 600), options)
    expect(periods.map(({ state }) => state.qualityLoss.value !== undefined)).toEqual([
      true,
      true,
      ...Array.from({ length: 6 }, () => false),
    ])
  })

  test('of little marked, evenly or not, break no promise that holds', () => {
    let broken = 0
    for (let seed = 1; seed <= 40; seed++) {
      const next = draws(seed)
      const audits = traffic(3000, () => 0.035, seed).map((audit, i) =>
        audit.kept && (i > 600 || next() < 0.5) ? { ...audit, small: undefined } : audit,
      )
      if (verdictOf(audits).promise!.verdict === 'broken') broken++
    }
    expect(broken).toBeLessThanOrEqual(4)
  })
})

describe('weights', () => {
  test('give back the mean of all requests where probabilities differ', () => {
    const next = draws(4)
    const population = Array.from({ length: 200_000 }, (_, i): AuditedRequest => ({
      kept: true,
      probability: i % 2 === 0 ? 0.5 : 0.05,
      small: next() < (i % 2 === 0 ? 0.1 : 0.5) ? 0 : 1,
      large: 1,
    }))
    const monitor = auditMonitor({ promise: { maxQualityLoss: 0.05 }, confidence: 0.9, leastProbability: 0.05 })
    for (const request of population) if (next() < request.probability) monitor.add(request)
    const { qualityLoss, promise } = monitor.state()
    expect(qualityLoss.value).toBeCloseTo(0.3, 1)
    expect(promise!.mean).toBeCloseTo(qualityLoss.value!, 9)
    expect(promise!.range.low).toBeLessThan(0.3)
    expect(promise!.range.high).toBeGreaterThan(0.3)
  })
})

test('what a policy promises is read from its file, where it says it', () => {
  const promising = (provenance: Record<string, unknown>) => promisedBy({ ...always('keep'), provenance })
  expect(promising({ target: { max_quality_loss: 0.02 }, confidence: 0.95 })).toEqual({
    promise: { maxQualityLoss: 0.02 },
    confidence: 0.95,
  })
  expect(promising({ target: { min_quality: 0.8 } })).toEqual({ promise: { minQuality: 0.8 } })
  expect(promising({ target: { max_cost: 3 } })).toEqual({ promise: { maxCost: 3 } })
  expect(promising({ target: { maximize: 'delta-ibc' } })).toBeUndefined()
  expect(promisedBy(always('keep'))).toBeUndefined()
})
