import { beforeAll, describe, expect, test } from 'vitest'
import { route, routedPoint } from '../../../src/core/intervals/routed.ts'
import { resolveCosts } from '../../../src/core/outcomes/costs.ts'
import type { Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import { finish } from '../../../src/core/stats/work.ts'
import type { Target } from '../../../src/core/sweep/target.ts'
import { certifySequence } from '../../../src/core/tune/certify.ts'
import { splitOutcomes } from '../../../src/core/tune/splits.ts'
import { tune, type TuneOptions, type TuneResult } from '../../../src/core/tune/tune.ts'
import { readOutcomes } from '../../../src/data/read-outcomes.ts'
import { groupedOutcomes } from '../../support/grouped.ts'
import { simulatedFile } from '../../support/simulate-outcomes.ts'

let outcomes: Outcomes
beforeAll(async () => {
  outcomes = await readOutcomes(simulatedFile())
})
const costs = { small: 1, large: 20 }
const of = (options: Omit<TuneOptions, 'target'> & { target?: Target } = {}): TuneResult =>
  finish(
    tune(outcomes, { target: { maxQualityLoss: 0.12 }, costs, policies: ['threshold'], resamples: 100, ...options }),
  )
const promises: Target[] = [{ maxQualityLoss: 0.12 }, { minQuality: 0.72 }, { maxCost: 12 }]

describe('tune', () => {
  test('follows from its seed; another seed splits otherwise', () => {
    const options = { policies: ['threshold', 'joint', 'isotonic'] }
    const first = of({ ...options, seed: 4 })
    expect(JSON.stringify(of({ ...options, seed: 4 }))).toBe(JSON.stringify(first))
    const other = of({ ...options, seed: 5 })
    expect(other.references.keepAll.point.quality).not.toBe(first.references.keepAll.point.quality)
    expect(other.parts.report.groups).toBe(first.parts.report.groups)
  })

  test('splits the groups 40/30/30, and without a promise 70/30', () => {
    const { parts, groups } = of()
    expect(groups).toMatchObject({ count: 299, from: 'group' })
    expect(parts).toMatchObject({ select: { groups: 120 }, certify: { groups: 90 }, report: { groups: 89 } })
    const maximised = of({ target: { qualityMinusCost: 0.01 } })
    expect(maximised.parts).toMatchObject({ select: { groups: 209 }, report: { groups: 90 } })
    expect(maximised.parts.certify).toBeUndefined()
    expect(maximised.candidates.every(({ certification }) => certification === undefined)).toBe(true)
    expect(maximised.chosen).toBe(maximised.nominated)
  })

  test.each(promises)('what is chosen for %j is certified, or nothing is', (target) => {
    let certified = 0
    for (let seed = 1; seed <= 6; seed++) {
      const { chosen, candidates, nominated } = of({ target, seed })
      const tested = candidates.filter(({ certification }) => certification !== undefined)
      expect(tested).toEqual([nominated])
      expect(chosen).toBe(nominated.certification!.certified === undefined ? undefined : nominated)
      if (chosen === undefined) continue
      certified++
      expect(chosen.selected).toBe(chosen.certification!.certified)
      expect(chosen.certification!.tests.findLast(({ passed }) => passed)!.candidate).toBe(chosen.selected)
    }
    expect(certified).toBeGreaterThan(0)
  })

  test('certifies on the certify part alone, at δ = 1 - confidence', () => {
    const { nominated, seed } = of({ confidence: 0.8, seed: 2 })
    const { tests, delta, method, maxGroupRows, groups } = nominated.certification!
    expect({ method, maxGroupRows, groups }).toEqual({ method: 'betting', maxGroupRows: 11, groups: 90 })
    expect(delta).toBeCloseTo(0.2, 12)
    const { certify } = splitOutcomes(outcomes, seed)
    const again = certifySequence(
      certify,
      tests.map(({ candidate }) => candidate),
      resolveCosts(certify, costs),
      { promised: { maxQualityLoss: 0.12 }, method, delta, seed, maxGroupRows },
    )
    expect(again).toEqual(tests)
  })

  test("each candidate's held-out figures are those of its policy on the report part", () => {
    for (const target of [...promises, { qualityMinusCost: 0.01 }]) {
      const result = of({ target, seed: 3, policies: ['threshold', 'isotonic'] })
      const shares = 'qualityMinusCost' in target ? { select: 0.7, certify: 0, report: 0.3 } : undefined
      const { report } = splitOutcomes(outcomes, 3, shares)
      const resolved = resolveCosts(report, costs)
      for (const { name, selected, heldOut } of result.candidates) {
        expect(heldOut === undefined, name).toBe(selected === undefined)
        if (selected === undefined) continue
        const point = routedPoint(report, route(report, selected.policy, resolved), resolved)
        expect(heldOut!.point).toEqual(point)
        expect(heldOut!.estimates.quality.value).toBeCloseTo(point.quality, 12)
        expect(heldOut!.estimates.cost.value).toBeCloseTo(point.cost, 12)
        const { low, high } = heldOut!.estimates.quality.bca!
        expect(low <= point.quality && point.quality <= high).toBe(true)
      }
    }
  })

  test('certifying each of F families divides the risk by F, and takes the cheapest that holds', () => {
    const { candidates, chosen } = of({ certify: 'each', target: { minQuality: 0.72 }, seed: 2 })
    expect(candidates.length).toBeGreaterThan(2)
    for (const { certification } of candidates) expect(certification!.delta).toBeCloseTo(0.1 / candidates.length, 12)
    const certified = candidates.filter(({ certification }) => certification!.certified !== undefined)
    expect(certified.length).toBeGreaterThan(0)
    expect(chosen!.selected!.cost).toBe(Math.min(...certified.map(({ selected }) => selected!.cost)))
  })

  test('takes a learned policy only where it is established to be better than the best threshold', () => {
    for (const target of [{ maxQualityLoss: 0.12 }, { qualityMinusCost: 0.01 }])
      for (let seed = 1; seed <= 3; seed++) {
        const { nominated, candidates } = of({ target, seed, policies: ['threshold', 'joint', 'learned'] })
        if (nominated.kind !== 'threshold') expect(nominated.crossFitted.against!.verdict).toBe('first')
        else {
          const thresholds = candidates.filter(({ kind }) => kind === 'threshold')
          expect(nominated.crossFitted.merit).toBe(Math.max(...thresholds.map(({ crossFitted }) => crossFitted.merit)))
          expect(nominated.crossFitted.against).toBeUndefined()
        }
      }
  })

  test('a policy that is better by far earns its place, and one that sees only noise does not', () => {
    // What is wrong lies in the middle of the signal, where no threshold can tell it from the rest.
    const rows = Array.from({ length: 900 }, (_, i) => {
      const signal = ((i * 37) % 900) / 900
      return { group: i, small: signal > 0.4 && signal < 0.7 ? 0 : 1, large: 1, signal, second: (i * 101) % 17 }
    })
    const options = { target: { qualityMinusCost: 0.02 }, costs, policies: ['threshold', 'spline'], resamples: 200 }
    const middle = finish(tune(groupedOutcomes(rows), options))
    expect(middle.nominated).toMatchObject({ kind: 'learned', crossFitted: { against: { verdict: 'first' } } })
    const noise = rows.map((row, i) => ({ ...row, small: (i * 7919) % 10 < 7 ? 1 : 0 }))
    expect(finish(tune(groupedOutcomes(noise), options)).nominated.kind).toBe('threshold')
  })

  test('a quality that nothing reaches is not tested, and nothing is chosen', () => {
    const { chosen, candidates, nominated } = of({ target: { minQuality: 0.99 }, certify: 'each' })
    expect(chosen).toBeUndefined()
    expect(nominated.selected).toBeUndefined()
    for (const { certification, heldOut } of candidates) {
      expect(certification!.tests).toEqual([])
      expect(certification).toMatchObject({ certified: undefined, groupsNeeded: undefined })
      expect(heldOut).toBeUndefined()
    }
  })

  test('what cannot be certified with these groups says about how many it would take', () => {
    const { chosen, nominated } = of({ target: { maxQualityLoss: 0.02 } })
    expect(chosen).toBeUndefined()
    const { groupsNeeded, groups } = nominated.certification!
    expect(groupsNeeded!.groups).toBeGreaterThan(groups)
    expect(groupsNeeded!.policy.keptShare).toBeGreaterThanOrEqual(0.1)
  })

  test('refuses a promise that means nothing, and data in too few groups', () => {
    expect(() => of({ target: { maxQualityLoss: 0 } })).toThrow('lies above 0 and below 1')
    expect(() => of({ target: { minQuality: 1 } })).toThrow('lies above 0 and below 1')
    const one = groupedOutcomes([0, 0].map((group) => ({ group, small: 0, large: 1, signal: 1 })))
    expect(() => finish(tune(one, { target: { minQuality: 0.5 }, costs }))).toThrow('all rows are one group')
    expect(() => of({ maxGroupRows: 5 })).toThrow(/a group has \d+ rows where at most 5 were stated/)
  })
})
