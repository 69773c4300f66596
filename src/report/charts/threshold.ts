import * as Plot from '@observablehq/plot'
import type { FigureData, RangeColumns, SignalFigure } from '../figures/figure-data.ts'
import { stopPoint } from '../figures/stops.ts'
import type { Chart } from './chart.ts'
import { draw, type Picture } from './draw.ts'
import { paddedExtent } from './extent.ts'
import { percent, withUnit } from './format.ts'
import { shadeItem, type LegendItem } from './legend.ts'
import { placeOfThreshold, thresholdRule, fewValues } from './threshold-rule.ts'
import { rangeAt, viewOf, type View } from './view.ts'

/** What a threshold gives: quality, the share of answers kept, and the share of the large model's cost. */
export const threshold: Chart = (data, options) => {
  const view = viewOf(data, options)
  return draw(pictureOf(data, view), view, options)
}

/** One of the lines, with its value at each stop. */
interface Track {
  name: string
  color: string
  dash?: string
  width: number
  at: (stop: number) => { value?: number; low?: number; high?: number }
}

function pictureOf(data: FigureData, view: View): Picture {
  const { signal } = view
  const inner = signal.stops.threshold.flatMap((x, stop) => (x === null ? [] : [{ x, stop }]))
  const lines = tracks(view).map((track) => ({
    track,
    points: inner.map(({ x, stop }) => ({ x, ...track.at(stop) })),
  }))
  const curve = curveOf(signal)
  const domain = paddedExtent(
    inner.map(({ x }) => x),
    0.02,
  )
  const heights = lines.flatMap(({ points }) => points.flatMap(({ value = 0, high = value }) => [value, high]))
  return {
    name: 'threshold',
    label: `Mean quality, share of answers kept and cost over the threshold on ${signal.signal}.`,
    x: {
      title: `Threshold on ${withUnit(signal.signal, signal.unit)}`,
      domain,
      ticks: fewValues(signal)?.filter((each) => each >= domain[0] && each <= domain[1]),
    },
    y: { title: 'Quality and shares', domain: [0, Math.max(1, ...heights)], format: percent },
    legend: [
      ...lines.map(({ track }): LegendItem => ({ ...track, text: track.name, kind: 'line' })),
      shadeItem(data, 'interval', view.theme.muted),
    ],
    headline: true,
    base: [
      ...lines.map(({ track, points }) =>
        Plot.areaY(
          points.filter(({ low }) => low !== undefined),
          { x: 'x', y1: 'low', y2: 'high', fill: track.color, fillOpacity: 0.15, curve },
        ),
      ),
      ...lines.map(({ track: { color, width, dash }, points }) =>
        Plot.line(points, { x: 'x', y: 'value', stroke: color, strokeWidth: width, strokeDasharray: dash, curve }),
      ),
    ],
    selection: selectionMarks(view, domain),
  }
}

/** Where every threshold is a stop, a value holds down to the next one; else stops are near enough for a line. */
const curveOf = ({ distinct, stops }: SignalFigure): Plot.Curve =>
  stops.threshold.length < distinct ? 'linear' : 'step-before'

function tracks({ signal, theme, stroke }: View): Track[] {
  const { stops } = signal
  const known = (value: number, columns: RangeColumns, stop: number) => ({ value, ...rangeAt(columns, stop) })
  return [
    {
      name: 'mean quality',
      color: theme.main,
      width: stroke(2.4),
      at: (stop) => known(stopPoint(signal, stop).quality, stops.quality, stop),
    },
    {
      name: 'answers kept',
      color: theme.third,
      dash: '6 3',
      width: stroke(1.8),
      at: (stop) => known(stopPoint(signal, stop).keptShare, stops.keptShare, stop),
    },
    {
      name: 'cost, relative to large alone',
      color: theme.wrong,
      dash: '2 2',
      width: stroke(1.8),
      at: (stop) => costShareAt(signal, stop),
    },
  ]
}

/** Cost as a share of that of calling the large model alone: what is not saved. */
function costShareAt(signal: SignalFigure, stop: number): ReturnType<Track['at']> {
  const { costLarge, rows } = signal.base
  if (costLarge === 0) return {}
  const saving = rangeAt(signal.stops.saving, stop)
  return {
    value: stopPoint(signal, stop).cost / (costLarge / rows),
    ...(saving === undefined ? {} : { low: 1 - saving.high, high: 1 - saving.low }),
  }
}

function selectionMarks(view: View, domain: readonly [number, number]): Plot.Markish[] {
  const { at, theme, stroke } = view
  const x = placeOfThreshold(view, domain)
  const dots = tracks(view).map((track) => ({ x, ...track.at(at.stop) }))
  return [
    ...thresholdRule(view, domain, x),
    Plot.dot(dots, { x: 'x', y: 'value', r: stroke(4.2), fill: theme.point, stroke: theme.paper }),
  ]
}
