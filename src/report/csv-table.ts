import type { Cell } from './rows.ts'

/** One record of fields to one CSV line (RFC 4180); no value is an empty field. */
const line = (cells: readonly Cell[]): string => `${cells.map(field).join(',')}\n`

const field = (cell: Cell): string => {
  const text = cell === null ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Records as CSV, a line each, under the names of the first one's fields. */
export function* csvTable(records: Iterable<Record<string, Cell>>): Generator<string> {
  let first = true
  for (const record of records) {
    if (first) yield line(Object.keys(record))
    first = false
    yield line(Object.values(record))
  }
}
