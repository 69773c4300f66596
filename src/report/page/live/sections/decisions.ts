import { plain } from '../../../charts/format.ts'
import type { LiveDecision, LiveState } from '../../../live/state.ts'
import { element } from '../../dom/element.ts'
import { secondText } from '../model/clock.ts'
import { duration, outcomeText, reasonText, valueText } from '../model/words.ts'

const heads = [
  'time',
  'asked for',
  'outcome',
  'answered by',
  'reason',
  'signal',
  'cost',
  'first token',
  'whole answer',
  'status',
  'id',
]
const NUMBERS = ['cost', 'first token', 'whole answer', 'status']

/** The last decisions, the newest first. Rows stay where they are, so that what is marked or read aloud does too. */
export function decisions(): {
  element: HTMLElement
  show(state: Pick<LiveState, 'decisions' | 'currency'>, name?: string): void
} {
  const columns = heads.map((head) => element('th', { scope: 'col', class: side(head) }, head))
  const table = element(
    'table',
    { class: 'stacked' },
    element('caption', { class: 'hidden' }, 'The last decisions, the newest first'),
    element('thead', {}, element('tr', {}, ...columns)),
  )
  const none = element('p', { class: 'soft' }, 'No request yet.')
  const box = element(
    'div',
    { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'The last decisions' },
    table,
  )
  const rows = new Map<string, HTMLElement>()
  return {
    element: element('div', {}, none, box),
    show({ decisions: list, currency }, name) {
      columns[heads.indexOf('cost')].textContent = `cost, ${currency}`
      const wanted = list.filter(({ cascade }) => name === undefined || cascade === name)
      const ids = new Set(wanted.map(({ id }) => id))
      for (const [id, row] of rows)
        if (!ids.has(id)) {
          row.remove()
          rows.delete(id)
        }
      let after: Element = table.tHead!
      for (const decision of wanted) {
        const row = rows.get(decision.id) ?? rowOf(decision)
        rows.set(decision.id, row)
        if (after.nextElementSibling !== row) after.after(row)
        after = row
      }
      none.hidden = wanted.length > 0
      box.hidden = wanted.length === 0
    },
  }
}

const side = (head: string): string | undefined => (NUMBERS.includes(head) ? 'right' : undefined)

/** One decision, with its texts below it where they are logged. */
function rowOf(decision: LiveDecision): HTMLElement {
  const { time, id, cascade, outcome, stage, reason, signal, value, cost, first_token_ms, latency_ms, status } =
    decision
  const cells = [
    cascade,
    element('span', { class: `outcome ${outcome}` }, outcomeText(outcome)),
    stage ?? '–',
    reason === null ? '–' : reasonText(reason),
    signal === null ? '–' : `${signal} ${valueText(value)}`,
    cost === null ? 'not known' : plain(Number(cost.toPrecision(4))),
    duration(first_token_ms),
    duration(latency_ms),
    String(status),
    element('span', { class: 'mono', title: id }, id.slice(0, 8)),
  ]
  const { question, answer } = decision
  return element(
    'tbody',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, secondText(Date.parse(time))),
      ...cells.map((cell, i) => element('td', { class: side(heads[i + 1]), 'data-head': heads[i + 1] }, cell)),
    ),
    (question !== undefined || answer !== undefined) &&
      element(
        'tr',
        { class: 'texts' },
        element('td', { colspan: heads.length }, element('b', {}, question ?? ''), ' ', answer ?? ''),
      ),
  )
}
