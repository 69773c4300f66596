import * as Plot from '@observablehq/plot'
import type { Chart } from './chart.ts'
import { draw, type Picture } from './draw.ts'
import { plain, withUnit } from './format.ts'
import { escalatedSide, placeOfThreshold, thresholdRule, fewValues } from './threshold-rule.ts'
import { viewOf, type View } from './view.ts'

/** How a signal's values are spread, for right small answers above the line and for wrong ones below it. */
export const signal: Chart = (data, options) => {
  const view = viewOf(data, options)
  return draw(pictureOf(view), view, options)
}

function pictureOf(view: View): Picture {
  const { signal, theme } = view
  const { edges, right, wrong } = signal.histogram
  const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)
  const most = (counts: readonly number[]) => Math.max(1, ...counts)
  const bins = right.map((_, i) => ({ from: edges[i], to: edges[i + 1], right: right[i], wrong: -wrong[i] }))
  const domain: [number, number] = edges.length > 1 ? [edges[0], edges.at(-1)!] : [0, 1]
  const bars = (key: 'right' | 'wrong', fill: string) =>
    Plot.rectY(bins, { x1: 'from', x2: 'to', y1: 0, y2: key, fill, insetLeft: 0.5, insetRight: 0.5 })
  return {
    name: 'signal',
    label: `Values of ${signal.signal}: ${total(right)} right and ${total(wrong)} wrong answers of the small model.`,
    x: { title: withUnit(signal.signal, signal.unit), domain, ticks: fewValues(signal) },
    y: {
      title: 'Answers of the small model',
      domain: [-most(wrong) * 1.05, most(right) * 1.05],
      format: (count) => plain(Math.abs(count)),
    },
    legend: [
      { text: `right: ${plain(total(right))}`, color: theme.right, kind: 'area' },
      { text: `wrong: ${plain(total(wrong))}`, color: theme.wrong, kind: 'area' },
    ],
    headline: true,
    base: [
      bars('right', theme.right),
      bars('wrong', theme.wrong),
      Plot.ruleY([0], { stroke: theme.ink, strokeWidth: 0.8 }),
    ],
    selection: selectionMarks(view, domain),
  }
}

function selectionMarks(view: View, domain: [number, number]): Plot.Markish[] {
  const { signal } = view
  const at = placeOfThreshold(view, domain)
  const { edges } = signal.histogram
  // A bar that stands for one value is kept or escalated whole: the line runs beside it.
  const x =
    fewValues(signal) === undefined
      ? at
      : signal.direction === 'higher'
        ? (edges.findLast((edge) => edge <= at) ?? at)
        : (edges.find((edge) => edge >= at) ?? at)
  return [...escalatedSide(view, domain, x, signal.direction === 'higher'), ...thresholdRule(view, domain, x)]
}
