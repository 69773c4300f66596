import { plain } from '../../../charts/format.ts'
import type { Sums } from '../../../live/sums.ts'
import { element } from '../../dom/element.ts'
import { outcomeText, reasonText, share } from '../model/words.ts'

/** Why it was decided as it was, and what became of the requests, with the share of each. */
export function reasons(): { element: HTMLElement; show(sums: Sums): void } {
  const box = element('div', { class: 'reasons' })
  return {
    element: box,
    show: (sums) =>
      box.replaceChildren(
        bars('Reason of the first decision', sums.reasons, reasonText),
        bars('Outcome', sums.outcomes, outcomeText),
      ),
  }
}

function bars(title: string, counts: Partial<Record<string, number>>, words: (name: string) => string): HTMLElement {
  const entries = Object.entries(counts)
    .map(([name, count = 0]): [string, number] => [name, count])
    .toSorted(([, a], [, b]) => b - a)
  const total = entries.reduce((sum, [, count]) => sum + count, 0)
  return element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, title),
        element('th', { scope: 'col', class: 'right' }, 'requests'),
        element('th', { scope: 'col', class: 'right' }, 'share'),
      ),
    ),
    element(
      'tbody',
      {},
      ...(entries.length === 0 ? [element('tr', {}, element('td', { colspan: 3, class: 'soft' }, 'none yet'))] : []),
      ...entries.map(([name, count]) => {
        const row = element(
          'tr',
          { class: 'bar', title: name },
          element('th', { scope: 'row' }, words(name)),
          element('td', { class: 'right' }, plain(count)),
          element('td', { class: 'right' }, share(count / total)),
        )
        row.style.setProperty('--share', String(count / total))
        return row
      }),
    ),
  )
}
