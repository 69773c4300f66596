import { describe, expect, test } from 'vitest'
import { parseHTML } from 'linkedom'
import { finish } from '../../../src/core/stats/work.ts'
import { charts } from '../../../src/report/charts/charts.ts'
import type { ChartOptions } from '../../../src/report/charts/chart.ts'
import { figureNames } from '../../../src/report/charts/names.ts'
import { themes } from '../../../src/report/charts/theme.ts'
import type { FigureData } from '../../../src/report/figures/figure-data.ts'
import { figureData } from '../../../src/report/figures/figures.ts'
import { chartSvg } from '../../../src/report/render/svg.ts'
import { tinyFigures } from '../../support/charts.ts'
import { groupedOutcomes, type GroupedRow } from '../../support/grouped.ts'

const data = await tinyFigures()
const { document } = parseHTML('<html><body></body></html>')
const drawn = (name: (typeof figureNames)[number], options: Partial<ChartOptions> = {}, of = data) =>
  charts[name](of, {
    document,
    width: 480,
    height: 300,
    theme: 'light',
    ...options,
  })
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)

/** What a chart must never hold: numbers that are none, and the sign by which Plot says that it has warned. */
const faults = /NaN|undefined|Infinity|⚠/

describe.each(figureNames)('the chart %s', (name) => {
  test('is an SVG element of the size asked for, with a name for who does not see it', () => {
    const chart = drawn(name)
    expect(chart.tagName.toLowerCase()).toBe('svg')
    for (const [attribute, value] of [
      ['width', '480'],
      ['height', '300'],
      ['viewBox', '0 0 480 300'],
      ['role', 'img'],
    ] as const)
      expect(chart.getAttribute(attribute)).toBe(value)
    expect(chart.getAttribute('aria-label')).toContain('min_margin')
    expect(chart.querySelector('style')).toBeNull()
  })

  test('is the same twice, and writes no number that is none', () => {
    const svg = chartSvg(name, data, { width: 5, height: 3 })
    expect(chartSvg(name, data, { width: 5, height: 3 })).toBe(svg)
    expect(svg).not.toMatch(faults)
    expect(texts(svg).join(' ')).not.toMatch(/\d-|-\d/) // a minus sign, and no hyphen
  })

  test('is what its two parts are together, on the same scales', () => {
    const [all, base, selection] = (['all', 'base', 'selection'] as const).map((part) => drawn(name, { part }))
    const marks = (chart: ReturnType<typeof drawn>) =>
      [...chart.children].map((each) => String(each.outerHTML).replaceAll(/plot-clip-\d+/g, ''))
    expect([...marks(base), ...marks(selection)]).toEqual(marks(all))
    expect(selection.getAttribute('aria-hidden')).toBe('true')
    for (const axis of ['x', 'y'] as const) expect(selection.scale(axis)).toMatchObject(plain(base.scale(axis)))
  })

  test('has every word inside the picture, at any width', () => {
    for (const width of [317, 360, 480, 700, 1100]) {
      const svg = String(drawn(name, { width, height: Math.round(width * 0.6) }).outerHTML)
      expect(svg).not.toMatch(faults)
      expect(texts(svg).length).toBeGreaterThan(6)
    }
  })

  test.each(Object.keys(themes) as (keyof typeof themes)[])('takes the colours of the theme %s', (theme) => {
    const svg = String(drawn(name, { theme }).outerHTML)
    expect(svg).toContain(themes[theme].ink)
    // Only what goes onto paper brings it along.
    expect(/<rect(?=[^>]*aria-label="frame")(?=[^>]*fill="#fff)/.test(svg)).toBe(theme === 'print')
  })

  test('moves with the operating point, from one end of the curve to the other', () => {
    const { stops } = data.signals[0]
    const seen = new Set(
      [0, 20, 50, stops.kept.length - 1].map((stop) => String(drawn(name, { stop, part: 'selection' }).outerHTML)),
    )
    expect(seen.size).toBe(4)
  })
})

const plain = (scale: unknown) => JSON.parse(JSON.stringify(scale)) as object

const rowsOf = (count: number, row: (i: number) => Partial<GroupedRow>): GroupedRow[] =>
  Array.from({ length: count }, (_, i) => ({ group: i, small: i % 2, large: 1, signal: i, ...row(i) }))
const odd: [string, GroupedRow[], object][] = [
  ['one row', rowsOf(1, () => ({})), {}],
  ['a signal of one value', rowsOf(50, () => ({ signal: 3 })), {}],
  ['a second signal without values', rowsOf(50, () => ({ second: NaN })), {}],
  ['missing values', rowsOf(80, (i) => ({ signal: i % 3 === 0 ? NaN : -i * 1e-7 })), {}],
  ['a large model that is worse', rowsOf(80, () => ({ small: 1, large: 0 })), {}],
  ['models that are equal', rowsOf(80, () => ({ small: 1, large: 1 })), {}],
  ['a large model that is free', rowsOf(80, () => ({})), { small: 1, large: 0 }],
  ['costs of nothing', rowsOf(80, () => ({})), { small: 0, large: 0 }],
  ['huge values and costs', rowsOf(80, (i) => ({ signal: 1e12 * i ** 3 })), { small: 1e6, large: 1e9 }],
  ['values that are almost the same', rowsOf(80, (i) => ({ signal: 1 + i * 2 ** -52 })), { small: 1e9, large: 1e-9 }],
  ['one group', rowsOf(80, () => ({ group: 0 })), {}],
]
describe.each(odd)('outcomes of %s', (_, rows, costs) => {
  const outcomes = groupedOutcomes(rows)
  const inputs = { files: ['odd.jsonl'], datasets: ['odd'] }
  const figures: FigureData = finish(figureData(outcomes, [], inputs, { costs, resamples: 20, stops: 11 }))
  test.each(figureNames)('make a chart %s', (name) => {
    for (let signal = 0; signal < figures.signals.length; signal++)
      for (let stop = 0; stop < figures.signals[signal].stops.kept.length; stop++)
        expect(String(drawn(name, { signal, stop }, figures).outerHTML)).not.toMatch(faults)
  })
})

describe('cost against quality', () => {
  test('names the best signals, and counts the others', () => {
    const many: FigureData = {
      ...data,
      signals: Array.from({ length: 12 }, (_, i) => ({
        ...data.signals[i % 2],
        signal: `s${i}`,
        curve: { ...data.signals[0].curve, y: data.signals[0].curve.y.map((y) => y - i / 1000) },
      })),
    }
    const legend = texts(String(drawn('cost-quality', { width: 700 }, many).outerHTML))
    expect(legend).toEqual(expect.arrayContaining(['s0', '95 % band', 's1', 's2', 's3', 's4', 's5', '6 more']))
    const narrow = texts(String(drawn('cost-quality', { width: 360, signal: 4 }, many).outerHTML))
    expect(narrow).toEqual(expect.arrayContaining(['s4', 's0', 's1', 's2', '8 more']))
  })

  test('draws one line for signals of the same curve', () => {
    const twice: FigureData = { ...data, signals: [data.signals[0], { ...data.signals[0], signal: 'the same' }] }
    expect(texts(String(drawn('cost-quality', {}, twice).outerHTML))).not.toContain('the same')
    expect(texts(String(drawn('cost-quality', { signal: 1 }, twice).outerHTML))).toContain('the same')
  })

  test('fills what is certified, and leaves hollow what is not', () => {
    const heldOut = { quality: { value: 0.6, low: 0.55, high: 0.65 }, cost: { value: 4 }, keptShare: { value: 0.7 } }
    const policy = { name: 'mean_logprob', rule: 'keep when mean_logprob >= -0.3', heldOut }
    const policies: FigureData['policies'] = [
      { ...policy, promise: 'certified', chosen: true },
      { ...policy, promise: 'not-certified' },
      policy,
    ]
    const legend = texts(String(drawn('cost-quality', {}, { ...data, policies }).outerHTML))
    expect(legend).toEqual(expect.arrayContaining(['certified', 'not certified', 'not tested']))
    const without = texts(String(drawn('cost-quality', {}, { ...data, policies: [policy] }).outerHTML))
    expect(without).toContain('tuned policy')
  })
})
