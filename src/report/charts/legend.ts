import * as Plot from '@observablehq/plot'
import type { FigureData } from '../figures/figure-data.ts'
import { percent } from './format.ts'
import type { Theme } from './theme.ts'
import { textWidth } from './text-width.ts'

/** One entry: how something is drawn, and what it is. */
export interface LegendItem {
  text: string
  color: string
  kind: 'line' | 'dot' | 'ring' | 'diamond' | 'area'
  /** Of a line. */
  dash?: string
  width?: number
  /** Of an area. */
  opacity?: number
}

/** What the shade around a line is. */
export const shadeItem = ({ about }: FigureData, what: 'band' | 'interval', color: string): LegendItem => ({
  text: `${percent(about.confidence)} ${what}`,
  color,
  kind: 'area',
  opacity: 0.3,
})

/** An entry with its place, in pixels from the left and from the top. */
interface Placed extends LegendItem {
  x: number
  y: number
}

const GAP = 14
const SAMPLE = { line: 22, dot: 8, ring: 8, diamond: 8, area: 14 }

/** Entries in as few rows as the width allows, in their order. */
export function placeLegend(
  items: readonly LegendItem[],
  { left, width, fontSize }: { left: number; width: number; fontSize: number },
): { placed: Placed[]; height: number } {
  const rowHeight = Math.round(fontSize * 1.35)
  let [x, y] = [left, rowHeight / 2]
  const placed = items.map((item) => {
    const needed = SAMPLE[item.kind] + 5 + textWidth(item.text, fontSize)
    if (x > left && x + needed > width) {
      x = left
      y += rowHeight
    }
    const place = { ...item, x, y }
    x += needed + GAP
    return place
  })
  return { placed, height: items.length === 0 ? 0 : y + rowHeight / 2 }
}

/** A place in pixels, beside every scale. */
const pixels = (value: (item: Placed) => number) => ({ value, scale: null })

/** The legend as marks, above the chart. */
export function legendMarks(placed: readonly Placed[], theme: Theme): Plot.Markish[] {
  const of = (...kinds: LegendItem['kind'][]) => placed.filter(({ kind }) => kinds.includes(kind))
  const middle = ({ x, kind }: Placed) => x + SAMPLE[kind] / 2
  return [
    // Dashes are no channel: each line has a mark of its own.
    ...of('line').map((item) =>
      Plot.link([item], {
        x1: pixels(({ x }) => x),
        x2: pixels(({ x }) => x + SAMPLE.line),
        y1: pixels(({ y }) => y),
        y2: pixels(({ y }) => y),
        stroke: item.color,
        strokeWidth: item.width ?? 1.5,
        strokeDasharray: item.dash,
        clip: false,
      }),
    ),
    Plot.dot(of('area'), {
      x: pixels(middle),
      y: pixels(({ y }) => y),
      symbol: 'square',
      r: 6,
      fill: (item: Placed) => item.color,
      fillOpacity: { value: (item: Placed) => item.opacity ?? 1, scale: null },
      stroke: 'none',
    }),
    ...(['dot', 'diamond'] as const).map((kind) =>
      Plot.dot(of(kind), {
        x: pixels(middle),
        y: pixels(({ y }) => y),
        symbol: kind === 'diamond' ? 'diamond' : 'circle',
        r: 3.5,
        fill: (item: Placed) => item.color,
        stroke: 'none',
      }),
    ),
    Plot.dot(of('ring'), {
      x: pixels(middle),
      y: pixels(({ y }) => y),
      r: 3.2,
      fill: theme.paper,
      stroke: (item: Placed) => item.color,
      strokeWidth: 1.3,
    }),
    Plot.text(placed, {
      x: pixels(({ x, kind }) => x + SAMPLE[kind] + 5),
      y: pixels(({ y }) => y),
      text: 'text',
      textAnchor: 'start',
      fill: theme.ink,
    }),
  ]
}
