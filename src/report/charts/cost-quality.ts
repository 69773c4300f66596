import * as Plot from '@observablehq/plot'
import { escalateAllPoint, keepAllPoint } from '../../core/sweep/operating-point.ts'
import type { FigureData, Line, SignalFigure } from '../figures/figure-data.ts'
import { stopPoint } from '../figures/stops.ts'
import { costTitle, qualityTitle } from './axis-titles.ts'
import type { Chart } from './chart.ts'
import { draw, type Picture } from './draw.ts'
import { paddedExtent } from './extent.ts'
import { percent } from './format.ts'
import { shadeItem, type LegendItem } from './legend.ts'
import { otherSignals } from './other-signals.ts'
import { policyLegend, policyMarks } from './policy-marks.ts'
import { rangeAt, viewOf, type View } from './view.ts'

/** Mean quality over mean cost: every signal, what a policy can be held against, and the operating point. */
export const costQuality: Chart = (data, options) => {
  const view = viewOf(data, options)
  return draw(pictureOf(data, view), view, options)
}

/** A place on both axes. */
interface At {
  x: number
  y: number
}
const xy = { x: 'x', y: 'y' } as const

function pictureOf(data: FigureData, view: View): Picture {
  const { signal, theme, stroke } = view
  const { named, rest } = otherSignals(data, view)
  const [none, all] = [keepAllPoint(data.base), escalateAllPoint(data.base)].map((end) => ({
    x: end.cost,
    y: end.quality,
  }))
  const band = bandOf(signal)
  const main = { color: theme.main, width: stroke(2.4) }
  const crowd = { color: theme.muted, width: 0.7 }
  return {
    name: 'cost-quality',
    label: `Mean quality over mean cost per query: ${signal.signal}, and every other signal, between random routing and the oracle.`,
    ...axesOf(data, band, [none, all]),
    legend: [
      { text: signal.signal, kind: 'line', ...main },
      ...(band.length > 0 ? [shadeItem(data, 'band', theme.main)] : []),
      ...named.map(({ figure, color, dash }): LegendItem => ({ text: figure.signal, color, dash, kind: 'line' })),
      ...(rest.length > 0 ? [{ text: `${rest.length} more`, kind: 'line', ...crowd } as const] : []),
      ...policyLegend(data.policies, view),
    ],
    base: [
      Plot.line([none, all], { ...xy, stroke: theme.muted, strokeDasharray: '4 3', strokeWidth: 1 }),
      Plot.line(pointsOf(data.oracle), { ...xy, stroke: theme.muted, strokeWidth: 1 }),
      ...rest.map(({ curve }) =>
        Plot.line(pointsOf(curve), { ...xy, stroke: crowd.color, strokeWidth: crowd.width, strokeOpacity: 0.5 }),
      ),
      ...named.map(({ figure, color, dash }) =>
        Plot.line(pointsOf(figure.curve), { ...xy, stroke: color, strokeWidth: stroke(1.4), strokeDasharray: dash }),
      ),
      Plot.areaY(band, { x: 'x', y1: 'low', y2: 'high', fill: theme.main, fillOpacity: 0.16 }),
      Plot.line(pointsOf(signal.curve), { ...xy, stroke: main.color, strokeWidth: main.width }),
      ...referenceMarks(data.oracle, view, none, all),
      ...policyMarks(data.policies, view),
    ],
    selection: selectionMarks(view),
  }
}

const pointsOf = ({ x, y }: Line): At[] => x.map((each, i) => ({ x: each, y: y[i] }))

/** The band of the selected signal, over the costs of its stops. */
const bandOf = (signal: SignalFigure): { x: number; low: number; high: number }[] =>
  signal.stops.kept.flatMap((_, stop) => {
    const range = rangeAt(signal.stops.band, stop)
    return range === undefined ? [] : [{ x: stopPoint(signal, stop).cost, ...range }]
  })

/** Room for all that is drawn. */
function axesOf(
  data: FigureData,
  band: readonly { low: number; high: number }[],
  ends: readonly At[],
): Pick<Picture, 'x' | 'y'> {
  const { signals, policies, oracle } = data
  const all = ({ value, low = value, high = value }: { value: number; low?: number; high?: number }) => [low, high]
  const xs = [
    ...signals.map(({ curve }) => curve.x),
    ends.map(({ x }) => x),
    ...policies.map((p) => all(p.heldOut.cost)),
  ]
  const ys = [
    oracle.y,
    ...signals.map(({ curve }) => curve.y),
    ...band.map(({ low, high }) => [low, high]),
    ends.map(({ y }) => y),
    ...policies.map((p) => all(p.heldOut.quality)),
  ]
  return {
    x: { title: costTitle(data), domain: paddedExtent(xs.flat(), 0.02) },
    y: { title: qualityTitle, domain: paddedExtent(ys.flat(), 0.05) },
  }
}

/** What any policy is held against: the two ends, random routing between them, and the oracle. */
function referenceMarks(oracle: Line, { theme, fontSize }: View, none: At, all: At): Plot.Markish[] {
  const text = { ...xy, text: 'text', stroke: theme.paper, strokeWidth: 3 } as const
  const across = (share: number) => none.x + share * (all.x - none.x)
  const between = { x: across(0.62), y: none.y + 0.62 * (all.y - none.y), text: 'random routing' }
  const best = { x: across(0.15), y: heightAt(oracle, across(0.15)), text: 'oracle' }
  const faint = { ...text, fill: theme.muted }
  const strong = { ...text, fill: theme.ink, dy: fontSize * 1.3 }
  return [
    Plot.text([between], { ...faint, textAnchor: 'start', dx: 5, dy: fontSize * 0.9 }),
    Plot.text([best], { ...faint, textAnchor: 'end', dx: -6, dy: -fontSize * 0.3 }),
    Plot.dot([none, all], { ...xy, symbol: 'square', fill: theme.ink, r: 3 }),
    Plot.text([{ ...none, text: 'keep all' }], { ...strong, textAnchor: 'start', dx: -3 }),
    Plot.text([{ ...all, text: 'escalate all' }], { ...strong, textAnchor: 'end', dx: 3 }),
  ]
}

/** How high a line is at a place between its points. */
function heightAt({ x, y }: Line, at: number): number {
  const next = Math.max(
    1,
    x.findIndex((each) => each >= at),
  )
  const share = x[next] === x[next - 1] ? 0 : (at - x[next - 1]) / (x[next] - x[next - 1])
  return y[next - 1] + share * (y[next] - y[next - 1])
}

/** The operating point with its two intervals. */
function selectionMarks({ theme, signal, point, at, fontSize, stroke }: View): Plot.Markish[] {
  const place = [{ x: point.cost, y: point.quality }]
  const bars = { stroke: theme.point, strokeWidth: stroke(1.5) }
  const [quality, cost] = [rangeAt(signal.stops.quality, at.stop), rangeAt(signal.stops.cost, at.stop)]
  const beyond = point.escalatedShare > 0.55
  // The name of the end that keeps all stands below it, and the curve climbs over the rest.
  const below = point.escalatedShare < 0.15 ? 0.15 : 0.95
  return [
    quality ? Plot.ruleX(place, { ...bars, x: 'x', y1: quality.low, y2: quality.high }) : null,
    cost ? Plot.ruleY(place, { ...bars, y: 'y', x1: cost.low, x2: cost.high }) : null,
    Plot.dot(place, { ...xy, r: stroke(5), fill: theme.point, stroke: theme.paper, strokeWidth: 1.5 }),
    Plot.text(place, {
      ...xy,
      text: () => `${percent(point.keptShare)} kept`,
      fill: theme.point,
      stroke: theme.paper,
      fontWeight: 600,
      textAnchor: beyond ? 'end' : 'start',
      dx: beyond ? -8 : 8,
      dy: beyond ? -fontSize * 0.9 : fontSize * below,
    }),
  ]
}
