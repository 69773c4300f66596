import type { ChartElement, ChartOptions } from '../../../charts/chart.ts'
import { element, type Child } from '../../dom/element.ts'
import { tableElement } from '../../dom/table.ts'
import { chartTheme, followTheme } from '../../dom/theme.ts'
import type { Table } from '../../model/tables.ts'

/** A chart with its caption and the table behind it, of something that changes. */
export interface LiveFigureSpec<T> {
  title: string
  /** In CSS pixels. */
  height: number
  caption?: (view: T) => Child[]
  chart: (view: T, options: ChartOptions) => ChartElement
  /** Without one, its numbers stand in a table beside it. */
  table?: (view: T) => Table
}

export interface LiveFigure<T> {
  element: HTMLElement
  show(view: T): void
}

const LEAST_WIDTH = 280
/** What someone points at stays as it is for a while. */
const MOST_HELD_MS = 8000

/** Draws a figure anew whenever it is in sight and there is something else to see. */
export function liveFigure<T>({ title, height, caption, chart, table }: LiveFigureSpec<T>): LiveFigure<T> {
  const box = element('div', { class: 'chart' })
  box.style.minHeight = `${height}px`
  const words = element('span', {})
  const scroll = element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': `Table: ${title}` })
  const details = element('details', {}, element('summary', {}, 'Table'), scroll)
  const figure = element(
    'figure',
    {},
    element('figcaption', {}, element('b', {}, `${title}. `), words),
    box,
    table !== undefined && details,
  )
  let view: T | undefined
  let inSight = false
  let drawnAt = -Infinity

  const draw = () => {
    if (view === undefined || !inSight) return
    if (box.matches(':hover') && performance.now() - drawnAt < MOST_HELD_MS) return
    drawnAt = performance.now()
    const width = Math.max(LEAST_WIDTH, Math.floor(box.clientWidth))
    box.replaceChildren(chart(view, { document, width, height, theme: chartTheme() }))
  }
  const fillTable = () => {
    if (details.open && view !== undefined && table !== undefined)
      scroll.replaceChildren(tableElement(table(view), { caption: title }))
  }
  const anew = () => {
    drawnAt = -Infinity
    draw()
  }
  details.addEventListener('toggle', fillTable)
  followTheme(anew)
  new ResizeObserver(anew).observe(box)
  new IntersectionObserver(
    ([entry]) => {
      inSight = entry.isIntersecting
      draw()
    },
    { rootMargin: '200px 0px' },
  ).observe(box)
  return {
    element: figure,
    show(next) {
      view = next
      words.replaceChildren(...(caption?.(next) ?? []).filter((child) => child !== undefined && child !== false))
      draw()
      fillTable()
    },
  }
}
