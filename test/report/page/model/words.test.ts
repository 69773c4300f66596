import { describe, expect, test } from 'vitest'
import { always, condition, keepWhen, keepWithin } from '../../../../src/core/policy/policy.ts'
import type { SignalFigure } from '../../../../src/report/figures/figure-data.ts'
import { aboutTerms, leadText } from '../../../../src/report/page/model/about-words.ts'
import { besideRatio, interval, ranged, ruleText, shortThreshold } from '../../../../src/report/page/model/format.ts'
import { asChange, asScore, asShare } from '../../../../src/report/page/model/format.ts'
import { ibcWords } from '../../../../src/report/page/model/ibc-words.ts'
import { nearestPlace } from '../../../../src/report/page/model/nearest.ts'
import { figuresOfOutcomes } from '../../../support/signal-figure.ts'

const figures = figuresOfOutcomes()
const [telling] = figures.signals

/** The figure with other intervals of ΔIBC, given by kept share. */
const withDeltaIbc = (range: (keptShare: number) => [number, number] | undefined): SignalFigure => {
  const ranges = telling.stops.kept.map((kept) => range(kept / telling.base.rows))
  const deltaIbc = { low: ranges.map((each) => each?.[0] ?? null), high: ranges.map((each) => each?.[1] ?? null) }
  return { ...telling, stops: { ...telling.stops, deltaIbc } }
}

describe('where Δibc means something', () => {
  test('is said stretch by stretch', () => {
    const words = ibcWords(withDeltaIbc((share) => (share > 0.8 ? [-5, 5] : share > 0.2 ? [1, 9] : [-9, -1])))
      .join(' ')
      .replaceAll('\u00a0', ' ')
    expect(words).toMatch(/^The interval lies above 0 from 20\.\d % to 80\.0 % kept: there escalating by s buys more/)
    expect(words).toMatch(/It contains 0 from 80\.5 % to 99\.\d % kept/)
    expect(words).toMatch(/It lies below 0 from 0\.\d % to 20\.0 % kept/)
    expect(words).toContain('Where more than 85.0 % are kept, fewer than 30 rows escalate')
  })

  test('nowhere is said too, and that there is no interval', () => {
    expect(ibcWords(withDeltaIbc(() => [-1, 1]))[0]).toMatch(/^Nowhere does the interval lie above 0/)
    expect(ibcWords(withDeltaIbc(() => undefined)).join(' ')).toContain('There is no interval')
  })

  test('and that nothing can be said where the large model is no better', () => {
    expect(ibcWords({ ...telling, base: { ...telling.base, gap: 0 } })).toEqual([
      expect.stringContaining('Δibc has no value'),
    ])
  })
})

describe('what the data are', () => {
  test('stands in terms and in a sentence', () => {
    const terms = new Map(aboutTerms(figures))
    expect(terms.get('File')).toBe('test.jsonl')
    expect(terms.get('Queries')).toBe('200, each a group of its own')
    expect(terms.get('Large model')).toBe('mean quality 0.9000, cost 10')
    expect(terms.get('Intervals')).toBe('95\u00a0%, from 200 resamples of whole groups with seed 1')
    expect(leadText(figures)).toMatch(/^200 queries answered by a small model \(mean quality 0\.\d{4} at cost 1\)/)
  })

  test('tells groups and their worth', () => {
    const groups = { count: 40, from: 'group' as const, effective: 31.6 }
    const terms = new Map(aboutTerms({ ...figures, about: { ...figures.about, groups } }))
    expect(terms.get('Queries')).toBe('200 in 40 groups by group, worth 32 of equal size')
  })
})

describe('numbers', () => {
  test('have intervals with one unit, and a minus that is one', () => {
    expect(interval(0.5, 0.613, asShare)).toBe('[50.0, 61.3]\u00a0%')
    expect(interval(-0.5, 12, asChange)).toBe('[−0.5, +12.0]\u00a0%')
    expect(interval(null, 1, asScore)).toBeUndefined()
    expect(ranged(0.5, 0.4, 0.6, asScore)).toEqual({ value: '0.5000', range: '[0.4000, 0.6000]' })
    expect(ranged(0.5, null, null, asScore)).toEqual({ value: '0.5000' })
    expect(ranged(undefined, 0, 1, asScore)).toEqual({ value: '–' })
    expect([0.031, 0.02].map(besideRatio(0.03768))).toEqual(['0.03100', '0.02000'])
    expect(shortThreshold(-0.123456789)).toBe('−0.12346')
  })

  test('make a rule', () => {
    const [s, t] = [condition('s', 'higher', -0.25), condition('t', 'lower', 2)]
    expect(ruleText(keepWhen([s]))).toBe('keep when s ≥ −0.25')
    expect(ruleText(keepWhen([s, t]))).toBe('keep when s ≥ −0.25 and t ≤ 2')
    expect([always('keep'), always('escalate')].map(ruleText)).toEqual(['keep every answer', 'escalate every query'])
    expect(ruleText(keepWithin('s', [{ below: 0.25 }]))).toBe('keep when s < 0.25')
  })
})

test('the nearest place counts the coordinates that it has', () => {
  const places = [{ x: 0, y: 100 }, { x: 50 }, { x: 100, y: 0 }]
  expect(nearestPlace(places, { x: 4, y: 90 })).toBe(0)
  expect(nearestPlace(places, { x: 56, y: 500 })).toBe(1)
  expect(nearestPlace(places, { x: 99, y: 1 })).toBe(2)
  expect(nearestPlace([], { x: 0, y: 0 })).toBeUndefined()
})
