import { element } from '../../dom/element.ts'

/** A table whose rows stand one cell under another on a narrow page; from the third column on, to the right. */
export const stackedTable = (caption: string, heads: readonly string[], body: HTMLElement): HTMLElement =>
  element(
    'table',
    { class: 'stacked' },
    element('caption', { class: 'hidden' }, caption),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...heads.map((head, i) => element('th', { scope: 'col', class: i > 1 ? 'right' : undefined }, head)),
      ),
    ),
    body,
  )
