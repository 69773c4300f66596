import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { tune } from '../../../src/core/tune/tune.ts'
import { compare } from '../../../src/core/tune/compare.ts'
import { finish } from '../../../src/core/stats/work.ts'
import { pointAt } from '../../../src/core/sweep/curve.ts'
import { sweep } from '../../../src/core/sweep.ts'
import { lintOutcomes } from '../../../src/data/read-outcomes.ts'
import { figureData, type FigureOptions } from '../../../src/report/figures/figures.ts'
import { stopPoint } from '../../../src/report/figures/stops.ts'
import { tinyPair } from '../../support/tiny-pair.ts'
import { groupedOutcomes } from '../../support/grouped.ts'

const { outcomes: all, findings } = await lintOutcomes(`${tinyPair}/outcomes.jsonl`, { texts: true })
const names = ['mean_logprob', 'max_entropy', 'length']
const outcomes = { ...all, signals: all.signals.filter(({ name }) => names.includes(name)) }
const inputs = { files: ['outcomes.jsonl'], datasets: ['tiny-pair'] }
const figures = (options: FigureOptions = {}) =>
  finish(figureData(outcomes, findings, inputs, { resamples: 50, stops: 21, ...options }))

describe('figure data', () => {
  const data = figures()

  test('is plain JSON: nothing is lost in writing it down', () => {
    expect(JSON.parse(JSON.stringify(data))).toEqual(data)
  })

  test('has the signals of the sweep in its order, and their points to the last digit', () => {
    const swept = sweep(outcomes)
    expect(data.signals.map(({ signal }) => signal)).toEqual(swept.signals.map(({ signal }) => signal))
    expect(data.base).toEqual(swept.base)
    swept.signals.forEach(({ exact, metrics }, i) => {
      const figure = data.signals[i]
      expect(figure.apgr.value).toBe(metrics.apgr)
      expect(figure.auroc).toBe(metrics.aurocWrong)
      const points = new Map(Array.from({ length: exact.length }, (_, k) => [pointAt(exact, k).kept, k]))
      figure.stops.kept.forEach((kept, stop) =>
        expect(stopPoint(figure, stop)).toEqual(pointAt(exact, points.get(kept)!)),
      )
    })
  })

  test('says what the data are: a cost that is the same in every row is one cost', () => {
    expect(data.about).toMatchObject({
      title: 'tiny-pair',
      files: ['outcomes.jsonl'],
      rows: 1000,
      groups: { count: 1000, from: 'row', effective: 1000 },
      models: { small: 'small.gguf', large: 'large.gguf' },
      costs: { small: 1, verify: 0, large: 10, unit: 'as given' },
      confidence: 0.95,
      resamples: 50,
      seed: 1,
      wrongBelow: 0.5,
    })
    expect(data.findings).toEqual(findings)
  })

  test('keeps questions and answers, each once, with the signals in their order', () => {
    const { list, sampled } = data.examples!
    expect({ sampled, count: list.length }).toEqual({ sampled: false, count: 1000 })
    expect(list[1]).toMatchObject({ id: 'q0002', question: 'max 4 968 707 503 274=', gold: '968', small: '974' })
    const at = data.signals.findIndex(({ signal }) => signal === 'mean_logprob')
    const second = readFileSync(`${tinyPair}/outcomes.jsonl`, 'utf8').split('\n')[1]
    expect(list[1].values[at]).toBe(Number(/"mean_logprob":([^,}]+)/.exec(second)![1]))
    expect(figures({ examples: false }).examples).toBeUndefined()
  })

  test('opens with the threshold asked for, which is a stop', () => {
    const threshold = -0.31234
    const { signals } = figures({ opening: { signal: 'mean_logprob', threshold } })
    const { stops, opening, ...figure } = signals.find(({ signal }) => signal === 'mean_logprob')!
    const kept = outcomes.signals.find(({ name }) => name === 'mean_logprob')!.values.filter((v) => v >= threshold)
    expect(stops.kept[opening]).toBe(kept.length)
    expect(stopPoint({ ...figure, stops }, opening).kept).toBe(kept.length)
    expect(stops.quality.low[opening]).not.toBeNull()
  })

  test('can do without the intervals of all but the first signal', () => {
    const only = figures({ onlyOpening: true })
    expect(only.signals[0]).toEqual(data.signals[0])
    for (const { stops, deciles, apgr } of only.signals.slice(1)) {
      expect(new Set([...stops.quality.low, ...stops.band.high])).toEqual(new Set([null]))
      expect(deciles.every(({ right }) => right.low === undefined)).toBe(true)
      expect(apgr.low).toBeUndefined()
    }
  })

  test('tells how far it is, and never goes back', () => {
    const work = figureData(outcomes, findings, inputs, { resamples: 2200, stops: 5 })
    const shares: number[] = []
    for (let step = work.next(); step.done !== true; step = work.next()) shares.push(step.value.done / step.value.total)
    expect(shares.length).toBeGreaterThan(5)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })
})

describe('policies', () => {
  test('of a tuning are what may be used, held out, with what became of the promise', () => {
    const tuned = finish(tune(outcomes, { target: { maxQualityLoss: 0.1 }, policies: ['threshold'], resamples: 50 }))
    const { policies, verdict } = figures({ tuned })
    expect(policies.map(({ name }) => name)).toEqual(tuned.candidates.map(({ name }) => name))
    expect(verdict).toMatch(/^Certified: keep when /)
    const chosen = policies.filter((policy) => policy.chosen)
    expect(chosen).toHaveLength(1)
    const { point, estimates } = tuned.chosen!.heldOut!
    expect(chosen[0]).toMatchObject({
      name: tuned.chosen!.name,
      promise: 'certified',
      policy: tuned.chosen!.selected!.policy,
      heldOut: {
        quality: { value: point.quality },
        cost: { value: point.cost },
        keptShare: { value: point.keptShare },
        saving: { value: estimates.saving.value },
        deltaIbc: { value: estimates.deltaIbc.value },
      },
    })
    expect(policies.filter(({ promise }) => promise === undefined).length).toBe(policies.length - 1)
  })

  test('whose promise is not certified say so', () => {
    const tuned = finish(tune(outcomes, { target: { maxQualityLoss: 0.001 }, policies: ['threshold'], resamples: 50 }))
    const { policies, verdict } = figures({ tuned })
    expect(policies.some(({ promise }) => promise === 'not-certified')).toBe(true)
    expect(policies.some(({ chosen }) => chosen)).toBe(false)
    expect(verdict).toMatch(/^Nothing can be promised/)
  })

  test('of a comparison are those of all rows, with what their families give on rows held out', () => {
    const compared = finish(compare(outcomes, { policies: ['threshold'], resamples: 50 }))
    const { policies } = figures({ compared })
    expect(policies).toHaveLength(compared.policies.length)
    expect(policies[0]).toMatchObject({
      name: compared.policies[0].family.name,
      policy: compared.policies[0].inSample!.policy,
      heldOut: { quality: { value: compared.policies[0].crossFitted.point.quality } },
    })
    expect(policies[0].promise).toBeUndefined()
  })
})

test('groups of any size, one row, and a signal without values make figures too', () => {
  const one = groupedOutcomes([{ group: 0, small: 0, large: 1, signal: 0.5 }])
  const [figure] = finish(figureData(one, [], inputs, { resamples: 10 })).signals
  expect(figure).toMatchObject({
    distinct: 1,
    missing: 0,
    opening: 1,
    stops: { kept: [1, 0], threshold: [null, null] },
  })
  const unequal = groupedOutcomes(
    Array.from({ length: 60 }, (_, i) => ({
      group: Math.floor(Math.sqrt(i)),
      small: i % 2,
      large: 1,
      signal: i % 5,
      second: NaN,
    })),
  )
  const data = finish(figureData(unequal, [], inputs, { resamples: 30 }))
  const empty = data.signals.find(({ signal }) => signal === 't')!
  expect(empty).toMatchObject({ distinct: 0, missing: 60, deciles: [], histogram: { edges: [] } })
  expect(data.about.groups.effective).toBeLessThan(8)
  expect(JSON.parse(JSON.stringify(data))).toEqual(data)
})
