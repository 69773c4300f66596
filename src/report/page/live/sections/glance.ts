import type { LiveState, WindowName } from '../../../live/state.ts'
import { decidedOf, keptShare } from '../../../live/sums.ts'
import { plain } from '../../../charts/format.ts'
import { element } from '../../dom/element.ts'
import { sumsOf } from '../model/slots.ts'
import { duration, many, money, share } from '../model/words.ts'

/** One number of the line at the top: what it is, the number, and what goes with it. */
type Figure = [term: string, value: string, more: string]

/** The whole window in a line of numbers. */
export function glance(): { element: HTMLElement; show(state: LiveState, window: WindowName, name?: string): void } {
  const list = element('dl', { class: 'glance' })
  return {
    element: list,
    show(state, window, name) {
      list.replaceChildren(
        ...figuresOf(state, window, name).map(([term, value, more]) =>
          element(
            'div',
            {},
            element('dt', {}, term),
            element('dd', { class: 'figure' }, value),
            element('dd', {}, more),
          ),
        ),
      )
    },
  }
}

function figuresOf({ windows, currency, in_flight, waiting }: LiveState, window: WindowName, name?: string): Figure[] {
  const sums = sumsOf(windows[window], name)
  const { requests, outcomes, cost, saved, requests_without_cost: unpriced } = sums
  const { failed = 0, aborted = 0 } = outcomes
  const always = cost + saved
  const { latency } = windows[window].latencies[0]
  const paid = unpriced < requests || requests === 0
  return [
    ['Requests', plain(requests), `${plain(in_flight)} in flight${waiting > 0 ? `, ${plain(waiting)} waiting` : ''}`],
    ['Kept', share(keptShare(sums)), `of ${plain(decidedOf(sums))} decided`],
    [
      'Cost',
      paid ? money(cost, currency) : '–',
      unpriced > 0 ? `${plain(unpriced)} without a known cost` : 'all calls together',
    ],
    [
      'Saved',
      always > 0 ? share(saved / always) : '–',
      paid ? `${money(saved, currency)} of always large` : 'no prices',
    ],
    ['Failed', plain(failed), aborted > 0 ? `${many(aborted, 'client')} left` : 'requests without an answer'],
    ['Latency', duration(latency?.p50), `half of them; 95 % within ${duration(latency?.p95)}`],
  ]
}
