import { SpillwayError } from '../../core/errors.ts'

type Row = Record<string, unknown>

/** A text that may be missing. */
export const textIn = (row: Row, column: string): string | undefined => {
  const value = row[column]
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
}

/** A number that may be missing, also as a text; Python's truths are 1 and 0. */
export function numberIn(row: Row, column: string): number | undefined {
  const value = row[column]
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  if (/^(?:true|false)$/i.test(value)) return Number(value.toLowerCase() === 'true')
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** One signal, where a row has it. */
export const signalOf = (name: string, value: number | undefined): Record<string, number> =>
  value === undefined ? {} : { [name]: value }

/** A quality, which a row has to have. */
export function qualityIn(row: Row, column: string, place: string): number {
  const value = numberIn(row, column)
  if (value === undefined)
    throw new SpillwayError(
      'bad-input',
      `${place}: ${column in row ? `${column} is no number` : `no column ${column}; there are: ${Object.keys(row).join(', ')}`}`,
    )
  if (value < 0 || value > 1) throw new SpillwayError('bad-input', `${place}: ${column} is ${value}, outside [0, 1]`)
  return value
}
