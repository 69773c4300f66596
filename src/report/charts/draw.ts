import * as Plot from '@observablehq/plot'
import type { ChartElement, ChartOptions } from './chart.ts'
import { plain, tickTexts, type Format } from './format.ts'
import { legendMarks, placeLegend, type LegendItem } from './legend.ts'
import { textWidth } from './text-width.ts'
import { roundTicks } from './ticks.ts'
import type { View } from './view.ts'

/** One axis: what it measures, and from where to where. */
export interface Axis {
  title: string
  domain: [number, number]
  /** How its ticks are written. Default: as plain numbers. */
  format?: Format
  /** Where ticks stand, at most; those without room are left out. Default: round numbers. */
  ticks?: readonly number[]
}

/** A chart in its parts, all of them on the same two axes. */
export interface Picture {
  /** One word, by which pages tell charts apart. */
  name: string
  /** What is to be seen, for who does not see it. */
  label: string
  x: Axis
  y: Axis
  legend?: readonly LegendItem[]
  /** Whether something is written above the frame, right over a place in it. */
  headline?: boolean
  /** Everything but the operating point, and the operating point. */
  base: Plot.Markish[]
  selection: Plot.Markish[]
}

/** What a drawing has to know of a view. */
export type Look = Pick<View, 'theme' | 'fontSize'>

/** Draws a chart; its margins follow from what has to stand in them. */
export function draw(picture: Picture, view: Look, options: ChartOptions): ChartElement {
  const { document, width, height, part = 'all' } = options
  const { theme, fontSize } = view
  const { x, y } = picture
  const layout = layOut(picture, view, options)
  const chart = Plot.plot({
    document,
    width,
    height,
    ...layout.margins,
    className: `chart-${picture.name}`,
    ariaLabel: part === 'selection' ? undefined : picture.label,
    style: { overflow: 'visible' },
    x: { type: 'linear', domain: x.domain, axis: null },
    y: { type: 'linear', domain: y.domain, axis: null },
    marks: [
      ...(part === 'selection' ? [] : [...ground(picture, view, layout), ...picture.base]),
      ...(part === 'base' ? [] : picture.selection),
    ],
  })
  // Pages bring a style of their own, and pictures need none.
  chart.querySelector('style')?.remove()
  chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  chart.setAttribute('role', 'img')
  chart.setAttribute('font-family', theme.fontFamily)
  chart.setAttribute('font-size', String(fontSize))
  chart.setAttribute('color', theme.ink)
  if (part === 'selection') chart.setAttribute('aria-hidden', 'true')
  return chart
}

/** Where everything stands, in pixels. */
interface Layout {
  margins: { marginTop: number; marginRight: number; marginBottom: number; marginLeft: number }
  legend: ReturnType<typeof placeLegend>
  x: Ticks
  y: Ticks
}

interface Ticks {
  at: number[]
  text: Format
}

function layOut({ x, y, legend = [], headline }: Picture, { fontSize }: Look, { width, height }: ChartOptions): Layout {
  const widest = (format: Format, values: readonly number[]) =>
    Math.max(0, ...values.map((value) => textWidth(format(value), fontSize)))
  const placed = placeLegend(legend, { left: 3, width: width - 3, fontSize })
  const marginTop = Math.ceil(placed.height + fontSize * (headline === true ? 3 : 2))
  const marginBottom = Math.ceil(fontSize * 3.4)
  const down = ticksOf(y, (height - marginTop - marginBottom) / (fontSize * 3.2))
  const marginLeft = Math.ceil(widest(down.text, down.at) + fontSize * 0.5 + 9)
  const across = width - marginLeft - fontSize * 1.5
  const room = widest(x.format ?? tickTexts(roundTicks(x.domain, 6)), x.ticks ?? x.domain) + fontSize * 1.6
  const all = ticksOf(x, across / Math.max(room, fontSize * 5.5))
  const along = { ...all, at: withRoom(all, x.domain, across, fontSize) }
  const last = along.at.at(-1)
  const marginRight = Math.ceil(
    Math.max(fontSize, last === undefined ? 0 : textWidth(along.text(last), fontSize) / 2 + 2),
  )
  return { margins: { marginTop, marginRight, marginBottom, marginLeft }, legend: placed, x: along, y: down }
}

function ticksOf({ domain, format, ticks }: Axis, most: number): Ticks {
  if (ticks !== undefined) return { at: [...ticks], text: format ?? plain }
  const at = roundTicks(domain, Math.floor(most))
  return { at, text: format ?? tickTexts(at) }
}

/** Ticks along the x axis whose texts do not run into each other, from the left on. */
function withRoom({ at, text }: Ticks, [low, high]: Axis['domain'], across: number, fontSize: number): number[] {
  let taken = -Infinity
  return at.filter((tick) => {
    const middle = ((tick - low) / (high - low)) * across
    const half = textWidth(text(tick), fontSize) / 2
    if (middle - half < taken) return false
    taken = middle + half + fontSize * 0.6
    return true
  })
}

/** Paper, grid, axes with their titles, legend. */
function ground({ x, y, headline }: Picture, { theme, fontSize }: Look, layout: Layout): Plot.Markish[] {
  const { marginTop, marginRight, marginBottom, marginLeft } = layout.margins
  const frame = { stroke: theme.ink, strokeOpacity: 0.55 }
  const axis = { ...frame, fill: theme.ink, tickSize: 4, label: null }
  const title = { fill: theme.muted, lineAnchor: 'middle' } as const
  const beyond = { insetTop: -marginTop, insetRight: -marginRight, insetBottom: -marginBottom, insetLeft: -marginLeft }
  return [
    theme.opaque ? Plot.frame({ ...beyond, fill: theme.paper, stroke: 'none' }) : null,
    Plot.gridY(layout.y.at, { stroke: theme.grid, strokeOpacity: 1 }),
    Plot.frame({ ...frame, anchor: 'bottom' }),
    Plot.axisX(layout.x.at, { ...axis, tickFormat: layout.x.text }),
    Plot.axisY(layout.y.at, { ...axis, tickFormat: layout.y.text }),
    Plot.text([y.title], {
      ...title,
      frameAnchor: 'top-left',
      dx: 3 - marginLeft,
      dy: -fontSize * (headline === true ? 2.1 : 1),
    }),
    Plot.text([x.title], {
      ...title,
      frameAnchor: 'bottom',
      textAnchor: 'middle',
      dx: (marginRight - marginLeft) / 4,
      dy: marginBottom - fontSize * 0.75,
    }),
    ...legendMarks(layout.legend.placed, theme),
  ]
}
