import { plain } from '../../../charts/format.ts'
import type { LiveState, WindowName } from '../../../live/state.ts'
import { element } from '../../dom/element.ts'
import { stackedTable } from '../dom/stacked-table.ts'
import { duration, stateText } from '../model/words.ts'

const heads = [
  'model',
  'health',
  'in flight',
  'calls',
  'failed',
  'stopped',
  'first token p50',
  'p95',
  'whole answer p50',
  'p95',
]

/** How the models are, and how long they take. */
export function upstreams(): { element: HTMLElement; show(state: LiveState, window: WindowName): void } {
  const body = element('tbody', {})
  const table = stackedTable('Models, their health and how long they take', heads, body)
  return {
    element: table,
    show({ upstreams: all, windows }, window) {
      const { latencies } = windows[window]
      const of = (model: string | undefined) => latencies.find((each) => each.model === model)
      const row = (name: string, health: Node | string, inFlight: string, times = of(name)) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, name),
          ...[
            health,
            inFlight,
            plain(times?.calls ?? 0),
            plain(times?.failed ?? 0),
            plain(times?.stopped ?? 0),
            duration(times?.first_token?.p50),
            duration(times?.first_token?.p95),
            duration(times?.latency?.p50),
            duration(times?.latency?.p95),
          ].map((cell, i) => element('td', { class: i > 0 ? 'right' : undefined, 'data-head': headOf(i + 1) }, cell)),
        )
      body.replaceChildren(
        ...all.map(({ name, state, failures, in_flight }) => {
          const words = failures > 0 ? `${stateText(state)}, ${plain(failures)} failed in a row` : stateText(state)
          return row(name, element('span', { class: `health ${state}` }, words), plain(in_flight))
        }),
        row('whole requests', '', '', of(undefined)),
      )
    },
  }
}

/** On a narrow page a head stands alone. */
const headOf = (column: number): string =>
  heads[column] === 'p95' ? heads[column - 1].replace('p50', 'p95') : heads[column]
