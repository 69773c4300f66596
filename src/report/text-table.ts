import type { Colors } from 'picocolors/types.js'

/** How a text is shown: with or without colour, and how wide; Infinity where no terminal sets a width. */
export interface View {
  colors: Colors
  width: number
}

/** One column of a table in text: its head, its cells, and, where the terminal may be too narrow for it, its turn to go. */
export interface TextColumn<Row> {
  head: string
  cell: (row: Row) => string
  /** Columns with a number are left out where the table is too wide, the highest first. */
  leaveOut?: number
}

/** Lines of a table: the first column to the left, the others to the right, the head first. */
export const renderTable = <Row>(
  columns: readonly TextColumn<Row>[],
  rows: readonly Row[],
  width = Infinity,
): string[] => linesOf(fittingColumns(columns, rows, width), rows)

const linesOf = <Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string[] =>
  alignColumns([columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))])

/** The columns for which there is room. */
function fittingColumns<Row>(
  columns: readonly TextColumn<Row>[],
  rows: readonly Row[],
  width: number,
): readonly TextColumn<Row>[] {
  if (Math.max(...linesOf(columns, rows).map((line) => line.length)) <= width) return columns
  const next = Math.max(...columns.map(({ leaveOut }) => leaveOut ?? 0))
  if (next === 0) return columns
  return fittingColumns(
    columns.filter(({ leaveOut }) => leaveOut !== next),
    rows,
    width,
  )
}

/** Says which columns found no room; none: nothing. */
export function hiddenColumns<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[], width: number): string[] {
  const shown = fittingColumns(columns, rows, width)
  const hidden = columns.filter((column) => !shown.includes(column)).map(({ head }) => head.trim())
  return hidden.length === 0 ? [] : [`Hidden for want of width: ${hidden.join(', ')}.`]
}

/** Columns to their widest cell: the first column to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)))
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))
  return rows.map((row) => row.map(pad).join('  ').trimEnd())
}

/** A text broken between words into lines of at most `width` characters. */
export function wrap(text: string, width: number): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.length - 1
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += ` ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}

/** A share in percent, `12.3 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** A score to four decimals; no value: a dash. */
export const score = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(4))

const sixDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })

/** A number of any size to six digits that mean something; no value: a dash. */
export const number = (value: number | undefined): string => (value === undefined ? '–' : sixDigits.format(value))

/** A signed percentage without decimals once it is large; no value: a dash. */
export const signed = (value: number | undefined): string => {
  if (value === undefined) return '–'
  const text = value.toFixed(Math.abs(value) >= 100 ? 0 : 1)
  if (Number(text) === 0) return '0'
  return value > 0 ? `+${text}` : text
}

/** 1000000 as `1,000,000`. */
export const count = (value: number): string => value.toLocaleString('en-US')
