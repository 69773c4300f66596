import * as Plot from '@observablehq/plot'
import type { Decile, FigureData, SignalFigure } from '../figures/figure-data.ts'
import type { Axis, Picture } from './draw.ts'
import { percent, short, withUnit, type Format } from './format.ts'
import { escalatedSide, thresholdRule, fewValues } from './threshold-rule.ts'
import type { View } from './view.ts'

/** What a chart of the deciles tells of each. */
export interface DecileStory {
  name: string
  label: string
  title: string
  color: string
  format: Format
  of: (decile: Decile) => Decile['right']
  domain: (bins: readonly Bin[]) => [number, number]
}

/** A bin with its place among the rows, as shares of those that have the signal. */
interface Bin {
  from: number
  to: number
  value: number
  low?: number
  high?: number
}

/** A value by decile, from the least to the most certain rows, each as wide as it has rows, in its interval. */
export function decilePicture({ about }: FigureData, view: View, story: DecileStory): Picture {
  const { signal, theme, stroke } = view
  const { color, of, format } = story
  const bins = binsOf(signal, of)
  const mean = bins.reduce((sum, { from, to, value }) => sum + (to - from) * value, 0)
  const inside = { x1: 'from', x2: 'to', insetLeft: 1, insetRight: 1 } as const
  const width = stroke(2.6)
  const domain = story.domain(bins)
  return {
    name: story.name,
    label: story.label,
    x: certaintyAxis(view, bins),
    y: { title: story.title, domain, format },
    legend: [
      {
        text: `${bins.length === 10 ? 'a tenth' : 'part'} of the rows, with its ${percent(about.confidence)} interval`,
        kind: 'line',
        color,
        width,
      },
      { text: `all: ${format(mean)}`, kind: 'line', color: theme.muted, dash: '4 3', width: 1 },
    ],
    headline: true,
    base: [
      domain[0] < 0 ? Plot.ruleY([0], { stroke: theme.ink, strokeWidth: 0.8 }) : null,
      Plot.ruleY([mean], { stroke: theme.muted, strokeDasharray: '4 3' }),
      Plot.rect(bins, { ...inside, y1: 'low', y2: 'high', fill: color, fillOpacity: 0.25 }),
      Plot.link(bins, { x1: 'from', x2: 'to', y1: 'value', y2: 'value', stroke: color, strokeWidth: width }),
    ],
    selection: selectionMarks(view),
  }
}

function binsOf({ deciles }: SignalFigure, of: DecileStory['of']): Bin[] {
  const rows = deciles.reduce((sum, decile) => sum + decile.rows, 0)
  let before = 0
  return deciles.map((decile) => {
    const from = before / rows
    before += decile.rows
    return { from, to: before / rows, ...of(decile) }
  })
}

/** From the least to the most certain rows; its ticks are the signal's values: where bins begin, or of each bin. */
function certaintyAxis({ signal, narrow }: View, bins: readonly Bin[]): Axis {
  const { deciles } = signal
  const texts = fewValues(signal) === undefined ? valuesBetween(signal, bins) : valuesOf(deciles, bins)
  const order = narrow ? 'more certain to the right' : 'rows from the least to the most certain'
  return {
    title: `${withUnit(signal.signal, signal.unit)}: ${order}`,
    domain: [0, 1],
    ticks: [...texts.keys()],
    format: (share) => texts.get(share) ?? '',
  }
}

function valuesBetween({ deciles, direction }: SignalFigure, bins: readonly Bin[]): Map<number, string> {
  const up = direction === 'higher'
  const texts = new Map(bins.map(({ from }, i) => [from, short(up ? deciles[i].from : deciles[i].to)]))
  const last = deciles.at(-1)
  return last === undefined ? texts : texts.set(1, short(up ? last.to : last.from))
}

/** Of a signal with a few values only: which of them a bin holds. */
const valuesOf = (deciles: readonly Decile[], bins: readonly Bin[]): Map<number, string> =>
  new Map(
    bins.map(({ from, to }, i) => {
      const [low, high] = [short(deciles[i].from), short(deciles[i].to)]
      return [(from + to) / 2, low === high ? low : `${low} to ${high}`]
    }),
  )

/** The operating point: the rows it escalates are the least certain ones. */
function selectionMarks(view: View): Plot.Markish[] {
  const { signal, point } = view
  const present = signal.base.rows - signal.missing
  const x = present === 0 ? 1 : Math.max(0, 1 - point.kept / present)
  return [...escalatedSide(view, [0, 1], x, true), ...thresholdRule(view, [0, 1], x)]
}
