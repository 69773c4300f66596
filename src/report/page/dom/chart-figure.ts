import type { Chart, ChartElement } from '../../charts/chart.ts'
import type { FigureData } from '../../figures/figure-data.ts'
import type { Table } from '../model/tables.ts'
import { element } from './element.ts'
import type { Choice } from '../model/stop.ts'
import type { Store } from './store.ts'
import { tableElement } from './table.ts'
import { chartTheme, followTheme } from './theme.ts'

/** A chart with its caption and the table behind it. */
export interface FigureSpec {
  number: number
  /** What the figure is called in one line. */
  title: string
  /** The rest of the caption; it may tell of the signal. */
  caption: (choice: Choice) => string
  chart: Chart
  /** Height over width, on a wide page. */
  shape?: number
  table: (choice: Choice) => Table
}

/** What the page sees of a figure. */
export interface ChartFigure {
  element: HTMLElement
  /** The box that the chart fills, and the chart in it with its scales; none before it was first drawn. */
  box: HTMLElement
  drawn: () => ChartElement | undefined
  /** Called after every drawing. */
  onDrawn: (listener: () => void) => void
}

const LEAST_WIDTH = 280

/** Draws a figure whenever it is in sight and something about it has changed. */
export function chartFigure(data: FigureData, store: Store, spec: FigureSpec): ChartFigure {
  const { number, title, chart, shape = 0.56 } = spec
  const box = element('div', { class: 'chart' })
  const caption = element('span')
  const scroll = element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': `Table: ${title}` })
  const details = element('details', {}, element('summary', {}, 'Table'), scroll)
  const figure = element(
    'figure',
    { id: `figure-${number}` },
    box,
    element('figcaption', {}, element('b', {}, `Fig. ${number}. ${title}. `), caption),
    details,
  )
  const listeners: (() => void)[] = []
  let base: ChartElement | undefined
  let selection: ChartElement | undefined
  let [baseOf, selectionOf] = ['', '']
  let inSight = false
  const size = () => {
    const width = Math.max(LEAST_WIDTH, Math.floor(box.clientWidth))
    return { width, height: Math.round(Math.min(430, Math.max(280, width * shape))) }
  }

  const draw = () => {
    const choice = store.get()
    const theme = chartTheme()
    const { width, height } = size()
    const look = JSON.stringify([width, height, theme.paper, theme.ink, choice.signal])
    const part = (which: 'base' | 'selection') =>
      chart(data, { document, width, height, theme, ...choice, part: which })
    if (look !== baseOf) {
      baseOf = look
      base = replaced(box, base, part('base'))
    }
    if (`${look} ${choice.stop}` === selectionOf) return
    selectionOf = `${look} ${choice.stop}`
    selection = replaced(box, selection, part('selection'))
    selection.classList.add('selection')
    for (const listener of listeners) listener()
  }

  const fillTable = () => {
    if (!details.open) return
    scroll.replaceChildren(tableElement(spec.table(store.get()), { caption: title }))
  }
  details.addEventListener('toggle', fillTable)

  let tableOf = -1
  store.follow((choice) => {
    caption.textContent = spec.caption(choice)
    if (inSight) draw()
    if (choice.signal !== tableOf) fillTable()
    tableOf = choice.signal
  })
  followTheme(draw)
  new ResizeObserver(() => {
    box.style.minHeight = `${size().height}px` // what comes into sight later does not push the page about
    if (inSight) draw()
  }).observe(box)
  new IntersectionObserver(
    ([entry]) => {
      inSight = entry.isIntersecting
      if (inSight) draw()
    },
    { rootMargin: '300px 0px' },
  ).observe(box)
  return { element: figure, box, drawn: () => base, onDrawn: (listener) => void listeners.push(listener) }
}

/** Puts a drawing in the place of the one before; whatever else lies on the box stays, and a hand may hold it. */
function replaced(box: HTMLElement, before: ChartElement | undefined, after: ChartElement): ChartElement {
  if (before === undefined) box.append(after)
  else before.replaceWith(after)
  return after
}
