import type { FigureData } from '../../figures/figure-data.ts'
import { element, setAttribute } from '../dom/element.ts'
import type { Store } from '../dom/store.ts'
import { tableElement } from '../dom/table.ts'
import { withSignal } from '../model/stop.ts'
import { signalTable } from '../model/signal-table.ts'

/** More signals than this are folded where it is narrow: the threshold stands below them. */
const FEW = 6

/** Every signal in a table, the best first; pressing a name chooses it. */
export function signalsTable(data: FigureData, store: Store): HTMLElement {
  const { signals } = data
  const table = tableElement(signalTable(data), { caption: 'Signals, the best first', stacked: true })
  const rows = [...table.tBodies[0].rows]
  rows.forEach((row, i) => {
    const button = element('button', { type: 'button', class: 'plain' }, signals[i].signal)
    button.addEventListener('click', () => store.set(withSignal(signals, store.get(), i)))
    row.cells[0].replaceChildren(button)
  })
  store.follow(({ signal }) =>
    rows.forEach((row, i) => {
      setAttribute(row, 'aria-current', i === signal ? 'true' : undefined)
      setAttribute(row.cells[0].querySelector('button')!, 'aria-pressed', String(i === signal))
    }),
  )
  const open = signals.length <= FEW || matchMedia('(width >= 66rem)').matches
  const summary = element(
    'summary',
    {},
    `${signals.length} ${signals.length === 1 ? 'signal' : 'signals'}, the best first`,
  )
  return element('details', { open, class: 'signals' }, summary, table)
}
