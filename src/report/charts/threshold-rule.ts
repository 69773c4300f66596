import * as Plot from '@observablehq/plot'
import type { SignalFigure } from '../figures/figure-data.ts'
import { threshold as thresholdText } from './format.ts'
import type { View } from './view.ts'

/** The operating point's threshold as a line across a chart, its number above it; what stands for it is at `x`. */
export function thresholdRule(view: View, domain: readonly [number, number], x: number): Plot.Markish[] {
  const { theme, stroke, fontSize, point, signal, at } = view
  const threshold = signal.stops.threshold[at.stop]
  const text = threshold === null ? `${point.escalated === 0 ? 'keep' : 'escalate'} all` : thresholdText(threshold)
  // Words above the frame's corners stay inside the picture.
  const share = (x - domain[0]) / (domain[1] - domain[0])
  const textAnchor = share < 0.1 ? 'start' : share > 0.9 ? 'end' : 'middle'
  return [
    Plot.ruleX([x], { stroke: theme.point, strokeWidth: stroke(1.4) }),
    Plot.text([text], {
      x: () => x,
      frameAnchor: 'top',
      dy: -fontSize * 0.85,
      textAnchor,
      fill: theme.point,
      fontWeight: 600,
    }),
  ]
}

/** Fades what is escalated, and says on which side of the line that is: where greater is more certain, to the left. */
export function escalatedSide(
  { theme, fontSize }: View,
  domain: readonly [number, number],
  x: number,
  up: boolean,
): Plot.Markish[] {
  const escalated = up ? { x1: domain[0], x2: x } : { x1: x, x2: domain[1] }
  const word = (text: string, toTheLeft: boolean) => {
    const room = Math.abs(x - domain[toTheLeft ? 0 : 1]) / (domain[1] - domain[0])
    return room < 0.2
      ? null
      : Plot.text([text], {
          x: () => x,
          frameAnchor: 'top',
          lineAnchor: 'top',
          dy: fontSize * 0.4,
          dx: toTheLeft ? -5 : 5,
          textAnchor: toTheLeft ? 'end' : 'start',
          fill: theme.point,
          stroke: theme.paper,
        })
  }
  return [
    Plot.rect([escalated], { x1: 'x1', x2: 'x2', fill: theme.paper, fillOpacity: 0.6 }),
    word('escalated', up),
    word('kept', !up),
  ]
}

/** Where the operating point's threshold stands; an end of the curve, which has none, at the edge beyond all values. */
export function placeOfThreshold({ signal, at, point }: View, domain: readonly [number, number]): number {
  const threshold = signal.stops.threshold[at.stop]
  if (threshold !== null) return threshold
  const keepsAll = point.escalated === 0
  return keepsAll === (signal.direction === 'higher') ? domain[0] : domain[1]
}

/** A signal's values where there are only a few of them, such as counts; else none, and ticks are round numbers. */
export function fewValues({ stops, distinct, deciles, direction }: SignalFigure, most = 8): number[] | undefined {
  if (deciles.length === 0 || distinct > most) return undefined
  // The least certain value is no threshold: keeping it is keeping all.
  const least = direction === 'higher' ? deciles[0].from : deciles[0].to
  const thresholds = stops.threshold.filter((each) => each !== null)
  return [...new Set([least, ...thresholds])].toSorted((a, b) => a - b)
}
