import type { Table } from '../model/tables.ts'
import type { Ranged } from '../model/format.ts'
import { element, type Child } from './element.ts'

/**
 * A table. On a narrow page its rows are told one below the other (`stacked`), each cell with the head of its column,
 * which therefore stands on every cell.
 */
export const tableElement = (
  { heads, rows }: Table,
  { caption, stacked = false, mark }: { caption: string; stacked?: boolean; mark?: number } = { caption: '' },
): HTMLTableElement =>
  element(
    'table',
    { class: stacked ? 'stacked' : undefined },
    element('caption', { class: 'hidden' }, caption),
    element(
      'thead',
      {},
      element('tr', {}, ...heads.map((head, i) => element('th', { scope: 'col', class: side(i) }, head))),
    ),
    element('tbody', {}, ...rows.map((row, r) => rowElement(row, heads, r === mark))),
  )

function rowElement(row: Table['rows'][number], heads: readonly string[], marked: boolean): HTMLTableRowElement {
  const cells = row.map((cell, i) =>
    i === 0
      ? element('th', { scope: 'row' }, ...cellTexts(cell))
      : element('td', { class: side(i), 'data-head': heads[i] }, ...cellTexts(cell)),
  )
  return element('tr', { 'aria-current': marked || undefined }, ...cells)
}

/** A value, and its interval after it. */
const cellTexts = (cell: string | Ranged): Child[] =>
  typeof cell === 'string'
    ? [cell]
    : [cell.value, cell.range === undefined ? undefined : element('span', { class: 'ends-of' }, ` ${cell.range}`)]

/** Numbers stand to the right; the first column names the row. */
const side = (column: number): string | undefined => (column === 0 ? undefined : 'right')
