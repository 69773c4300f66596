import type { LiveState, LiveUpstream, LiveWindow } from '../../live/state.ts'
import { element } from '../dom/element.ts'
import { section } from '../sections/section.ts'
import { latencyChart } from './charts/latency.ts'
import type { LiveView } from './charts/live-chart.ts'
import type { Connection } from './connection.ts'
import { liveFigure } from './dom/live-figure.ts'
import { slotsOf, slotsSince, sumsOf } from './model/slots.ts'
import { driftNews, promiseNews } from './model/words.ts'
import { decisions } from './sections/decisions.ts'
import { glance } from './sections/glance.ts'
import { heading, type Looking } from './sections/heading.ts'
import { overTime } from './sections/over-time.ts'
import { promises } from './sections/promises.ts'
import { reasons } from './sections/reasons.ts'
import { signals } from './sections/signals.ts'
import { upstreams } from './sections/upstreams.ts'

/** The page; what it shows follows from the state and from what someone chose to look at. */
export interface LivePage {
  element: HTMLElement
  show(state: LiveState): void
  connection(connection: Connection): void
}

export function livePage(): LivePage {
  let state: LiveState | undefined
  let looking: Looking = { window: 'hour' }
  let waiting = false
  /** At most once a frame, and not at all while nobody sees it. */
  const draw = () => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      if (state !== undefined) show(state)
    })
  }
  const head = heading((next) => {
    looking = next
    draw()
  })
  const news = element('p', { class: 'hidden', role: 'status' })
  const parts = {
    glance: glance(),
    time: overTime(),
    reasons: reasons(),
    signals: signals(),
    promises: promises(),
    models: upstreams(),
    last: decisions(),
  }
  const latency = liveFigure<LiveView>({
    title: 'Latency',
    height: 230,
    caption: () => ['First token and whole answer; requests and each model’s calls.'],
    chart: latencyChart,
  })

  function show(now: LiveState): void {
    const { window: windowName, name } = looking
    const window = inOrder(now.windows[windowName], now.upstreams)
    const slots = slotsSince(slotsOf(window, name), now.time - 1000 * now.uptime_s)
    const view: LiveView = { window, name, slots, currency: now.currency }
    head.show(now)
    parts.glance.show(now, windowName, name)
    parts.time.show(view)
    parts.reasons.show(sumsOf(window, name))
    parts.signals.show(window, name)
    parts.promises.show(now, name)
    latency.show(view)
    parts.models.show(now, windowName)
    parts.last.show(now, name)
    // Read aloud, so that it changes with the verdicts only, and not with every request.
    const text = `${promiseNews(now.audits)} ${driftNews(window.signals)}`.trim()
    if (news.textContent !== text) news.textContent = text
  }

  return {
    element: element(
      'div',
      {},
      head.element,
      news,
      element(
        'main',
        {},
        parts.glance.element,
        section('time', 'Over time', parts.time.element),
        element(
          'div',
          { class: 'beside' },
          section('signal-values', 'Signals', parts.signals.element),
          section('reasons', 'Decisions', parts.reasons.element),
        ),
        parts.promises.element,
        section('models', 'Models', element('div', { class: 'models' }, latency.element, parts.models.element)),
        section('last', 'Last decisions', parts.last.element),
      ),
    ),
    show(next) {
      state = next
      draw()
    },
    connection: (connection) => head.connection(connection),
  }
}

/** Whole requests first, then the models as the configuration has them. */
function inOrder(window: LiveWindow, upstreams: readonly LiveUpstream[]): LiveWindow {
  const place = (model: string | undefined) =>
    model === undefined ? -1 : upstreams.findIndex(({ name }) => name === model) >>> 0
  return { ...window, latencies: window.latencies.toSorted((a, b) => place(a.model) - place(b.model)) }
}
