import * as Plot from '@observablehq/plot'
import { findSignal } from '../../../../core/signals/signals.ts'
import type { ChartElement, ChartOptions } from '../../../charts/chart.ts'
import { draw } from '../../../charts/draw.ts'
import { percent, threshold as thresholdText, withUnit } from '../../../charts/format.ts'
import type { LiveSignal } from '../../../live/state.ts'
import { placedBins } from '../model/placed-bins.ts'
import { driftText } from '../model/words.ts'
import { lookOf } from './live-chart.ts'

/**
 * Traffic as bars and the tuning rows as steps, by the bins of the tuning. All bins are equally wide, whatever values
 * they hold: the tuning is about even, so that what has moved stands out.
 */
export function signalChart(live: LiveSignal, options: ChartOptions): ChartElement {
  const { signal, thresholds, kept, edges } = live
  const look = lookOf(options)
  const { theme, fontSize } = look
  const bins = placedBins(live)
  const most = Math.max(...bins.flatMap(({ tuned, traffic }) => [tuned, traffic]), 0.01)
  const isKept = (to: number) => {
    const [threshold] = thresholds
    return kept === 'other' || threshold === undefined
      ? undefined
      : to <= edges.indexOf(threshold) + 1 === (kept === 'low')
  }
  const color = ({ x2 }: (typeof bins)[number]) => {
    const keeps = isKept(x2)
    return keeps === undefined ? theme.main : keeps ? theme.right : theme.wrong
  }
  const cuts = thresholds.map((threshold) => ({ threshold, x: edges.indexOf(threshold) + 1 }))
  const ends = bins.flatMap(({ x1, x2, tuned }) => [
    { x: x1, tuned },
    { x: x2, tuned },
  ])
  return draw(
    {
      name: 'signal-drift',
      label: `Values of ${signal} in traffic against those of the tuning. Drift: ${driftText(live)}.`,
      x: {
        title: withUnit(signal, findSignal(signal)?.unit ?? 'none'),
        domain: [0, edges.length + 1],
        ticks: edges.map((_, i) => i + 1),
        format: (place) => thresholdText(Number(edges[place - 1].toPrecision(3))),
      },
      y: { title: 'Share of answers, each bin', domain: [0, most * 1.05], format: percent },
      legend: [
        ...(kept === 'other' || thresholds.length === 0
          ? [{ text: 'traffic', color: theme.main, kind: 'area' as const }]
          : [
              { text: 'traffic, kept', color: theme.right, kind: 'area' as const },
              { text: 'traffic, escalated', color: theme.wrong, kind: 'area' as const },
            ]),
        { text: 'tuning', color: theme.ink, kind: 'line' as const, width: 1.8 },
      ],
      headline: thresholds.length > 0,
      base: [
        Plot.rect(bins, {
          x1: 'x1',
          x2: 'x2',
          y1: 0,
          y2: 'traffic',
          fill: color,
          fillOpacity: 0.75,
          insetLeft: 1,
          insetRight: 1,
        }),
        Plot.line(ends, { x: 'x', y: 'tuned', stroke: theme.ink, strokeWidth: 1.8 }),
        Plot.ruleX(cuts, { x: 'x', stroke: theme.point, strokeWidth: 1.4 }),
        Plot.text(cuts, {
          x: 'x',
          text: ({ threshold }: (typeof cuts)[number]) => thresholdText(threshold),
          frameAnchor: 'top',
          dy: -fontSize * 0.7,
          fill: theme.point,
          fontWeight: 600,
        }),
      ],
      selection: [],
    },
    look,
    options,
  )
}
