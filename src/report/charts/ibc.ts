import * as Plot from '@observablehq/plot'
import { STABLE_ROWS } from '../../core/sweep/operating-point.ts'
import type { FigureData } from '../figures/figure-data.ts'
import type { Chart } from './chart.ts'
import { draw, type Picture } from './draw.ts'
import { change, percent } from './format.ts'
import { shadeItem } from './legend.ts'
import { rangeAt, viewOf, type View } from './view.ts'
import { meaninglessRanges, readableDomain, stretchesBeyond, worthsOf, type Worth } from './worth.ts'

/** What escalating is worth by how much is kept, and where that means nothing. */
export const ibc: Chart = (data, options) => {
  const view = viewOf(data, options)
  return draw(pictureOf(data, view), view, options)
}

const FEW_STOPS = 12

function pictureOf(data: FigureData, view: View): Picture {
  const { signal, theme, stroke, narrow } = view
  const worths = worthsOf(signal)
  const domain = readableDomain(worths)
  const shade = {
    color: theme.grid,
    text: `${narrow ? '' : 'says nothing: '}under ${STABLE_ROWS} rows escalate, or no interval`,
  }
  const main = { color: theme.main, width: stroke(2.2) }
  return {
    name: 'ibc',
    label: `ΔIBC over the share of answers kept by ${signal.signal}, with its interval; shaded where it means nothing.`,
    x: { title: 'Answers kept', domain: [0, 1], format: percent },
    y: { title: 'ΔIBC: quality gained per cost, against escalating all', domain, format: change },
    headline: true,
    legend: [
      { text: signal.signal, kind: 'line', ...main },
      shadeItem(data, 'interval', theme.main),
      { text: 'random routing', kind: 'line', color: theme.muted, dash: '4 3', width: 1 },
      { kind: 'area', ...shade },
    ],
    base: [
      Plot.rect(meaninglessRanges(worths, signal.base.rows), {
        x1: 'from',
        x2: 'to',
        y1: domain[0],
        y2: domain[1],
        fill: shade.color,
      }),
      Plot.ruleY([0], { stroke: theme.muted, strokeDasharray: '4 3' }),
      Plot.areaY(worths, { x: 'keptShare', y1: 'low', y2: 'high', fill: theme.main, fillOpacity: 0.18, clip: 'frame' }),
      Plot.line(worths, { x: 'keptShare', y: 'deltaIbc', stroke: main.color, strokeWidth: main.width, clip: 'frame' }),
      // Few stops are points to choose from, and nothing lies between them.
      worths.length > FEW_STOPS
        ? null
        : Plot.dot(worths, { x: 'keptShare', y: 'deltaIbc', r: stroke(3), fill: main.color, clip: 'frame' }),
      ...beyondMarks(stretchesBeyond(worths, domain), domain, view),
    ],
    selection: selectionMarks(view, domain),
  }
}

/** Arrows at the edge that the curve leaves the chart through, and how far it goes. */
function beyondMarks(
  stretches: readonly Worth[],
  [low, high]: [number, number],
  { theme, fontSize }: View,
): Plot.Markish[] {
  const edge = ({ deltaIbc }: Worth) => (deltaIbc! > high ? high : low)
  const of = (above: boolean) => stretches.filter((worth) => worth.deltaIbc! > high === above)
  return [true, false].flatMap((above) => [
    Plot.dot(of(above), {
      x: 'keptShare',
      y: edge,
      symbol: 'triangle',
      rotate: above ? 0 : 180,
      r: 4,
      fill: theme.main,
      dy: above ? 5 : -5,
    }),
    Plot.text(of(above), {
      x: 'keptShare',
      y: edge,
      text: ({ deltaIbc }: Worth) => `to ${change(deltaIbc!)}`,
      textAnchor: 'end',
      dx: -8,
      dy: (above ? 1 : -1) * fontSize * 0.6,
      fill: theme.main,
      stroke: theme.paper,
    }),
  ])
}

function selectionMarks(
  { signal, point, at, theme, stroke, fontSize }: View,
  [low, high]: [number, number],
): Plot.Markish[] {
  const x = point.keptShare
  const { deltaIbc } = point.cascade
  const range = rangeAt(signal.stops.deltaIbc, at.stop)
  const within = (value: number) => Math.min(high, Math.max(low, value))
  const isShown = deltaIbc !== undefined && deltaIbc >= low && deltaIbc <= high
  return [
    Plot.ruleX([x], { stroke: theme.point, strokeWidth: stroke(1), strokeOpacity: 0.7 }),
    range
      ? Plot.ruleX([x], {
          y1: within(range.low),
          y2: within(range.high),
          stroke: theme.point,
          strokeWidth: stroke(2.4),
        })
      : null,
    isShown
      ? Plot.dot([x], { x: () => x, y: () => deltaIbc, r: stroke(4.6), fill: theme.point, stroke: theme.paper })
      : null,
    Plot.text([deltaIbc === undefined ? 'no value' : change(deltaIbc)], {
      x: () => x,
      frameAnchor: 'top',
      dy: -fontSize * 0.85,
      textAnchor: x < 0.1 ? 'start' : x > 0.9 ? 'end' : 'middle',
      fill: theme.point,
      fontWeight: 600,
    }),
  ]
}
