/** Columns to their widest cell: the first column to the left, numbers to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)))
  const pad = (cell: string, i: number) => {
    const spaces = ' '.repeat(widths[i] - cell.length)
    return i === 0 ? cell + spaces : spaces + cell
  }
  return rows.map((row) => row.map(pad).join('  ').trimEnd())
}

/** A share in percent, `12.3 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** A score to four decimals; no value: a dash. */
export const score = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(4))

/** A number of any size to six digits that mean something. */
export const number = (value: number): string => String(Number(value.toPrecision(6)))

/** A signed percentage without decimals once it is large; no value: a dash. */
export const signed = (value: number | undefined): string => {
  if (value === undefined) return '–'
  const digits = Math.abs(value) >= 100 ? 0 : 1
  const text = value.toFixed(digits)
  if (Number(text) === 0) return '0'
  return value > 0 ? `+${text}` : text
}

/** 1000000 as `1,000,000`. */
export const count = (value: number): string => value.toLocaleString('en-US')
