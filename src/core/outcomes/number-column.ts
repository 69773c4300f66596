import { ROUNDING, type Range } from '../signals/scale.ts'
import { plural, type Finding } from './findings.ts'

const CHUNK = 1 << 16

/** How programs write numbers that JSON does not have. */
const notFinite = /^[+-]?(nan|inf|infinity)$/i

/** A first occurrence and how many there were. */
interface Tally {
  rows: number
  place: string
  shown: string
}

/**
 * A column of numbers that grows row by row in chunks, so that memory stays near its own size, and that takes down
 * what cannot be: texts, infinities, values out of range. A row that sets nothing holds NaN.
 */
export class NumberColumn {
  readonly label: string
  readonly #range: Range | undefined
  readonly #acceptsBooleans: boolean
  readonly #min: number
  readonly #max: number
  readonly #chunks: Float64Array[] = []
  /** The chunk being filled, and its number. */
  #chunk: Float64Array = new Float64Array(0)
  #number = -1
  readonly #texts: Tally = { rows: 0, place: '', shown: '' }
  readonly #nonFinite: Tally = { rows: 0, place: '', shown: '' }
  readonly #outside: Tally = { rows: 0, place: '', shown: '' }

  /** `label` is the user's own name for the column. */
  constructor(label: string, range: Range | undefined, acceptsBooleans: boolean) {
    this.label = label
    this.#range = range
    this.#min = (range?.min ?? -Infinity) - ROUNDING
    this.#max = (range?.max ?? Infinity) + ROUNDING
    this.#acceptsBooleans = acceptsBooleans
  }

  /** Sets the value of a row; `place` is asked only where something is wrong. */
  set(row: number, value: unknown, place: () => string, numericText: boolean): void {
    if (value === null || value === undefined) return
    const number = typeof value === 'number' ? value : this.#read(value, place, numericText)
    if (number === undefined) return
    if (!Number.isFinite(number)) return note(this.#nonFinite, value, place)
    if (number > this.#max || number < this.#min) note(this.#outside, number, place)
    if (row >>> 16 !== this.#number) this.#open(row >>> 16)
    this.#chunk[row & (CHUNK - 1)] = number
  }

  #open(number: number): void {
    while (this.#chunks.length <= number) this.#chunks.push(new Float64Array(CHUNK).fill(NaN))
    this.#chunk = this.#chunks[number]
    this.#number = number
  }

  #read(value: unknown, place: () => string, numericText: boolean): number | undefined {
    if (typeof value === 'boolean' && this.#acceptsBooleans) return value ? 1 : 0
    if (typeof value === 'string') {
      const text = value.trim().toLowerCase()
      // What spreadsheets and pandas write for a missing value.
      if (numericText && /^(|n\/?a|#n\/a|null|none)$/.test(text)) return undefined
      if (notFinite.test(text)) return NaN
      if (/^(true|false)$/.test(text) && this.#acceptsBooleans && numericText) return text === 'true' ? 1 : 0
      const number = numericText && text !== '' ? Number(text) : NaN
      if (Number.isFinite(number)) return number
    }
    note(this.#texts, value, place)
    return undefined
  }

  /** The column's first `rows` values in one array; the chunks are given up. */
  take(rows: number): Float64Array {
    const values = new Float64Array(rows)
    for (let start = 0; start < rows; start += CHUNK) {
      const part = values.subarray(start, Math.min(rows, start + CHUNK))
      const chunk = this.#chunks[start / CHUNK]
      if (chunk === undefined) part.fill(NaN)
      else part.set(chunk.subarray(0, part.length))
    }
    this.#chunks.length = 0
    return values
  }

  /** The same; a column without any value is as good as none: `undefined`. */
  takeKnown(rows: number): Float64Array | undefined {
    const values = this.take(rows)
    return values.some(Number.isFinite) ? values : undefined
  }

  /** Rows whose value is not finite. */
  get nonFinite(): number {
    return this.#nonFinite.rows
  }

  /** What was wrong with single values. */
  findings(): Finding[] {
    const found: Finding[] = []
    const add = (tally: Tally, level: Finding['level'], code: Finding['code'], message: string) => {
      if (tally.rows === 0) return
      const others = tally.rows > 1 ? ` (and ${plural(tally.rows - 1, 'more row')})` : ''
      found.push({
        level,
        code,
        column: this.label,
        rows: tally.rows,
        message: `${tally.place}: ${this.label} is ${tally.shown}; ${message}${others}`,
      })
    }
    add(
      this.#texts,
      'error',
      'not-a-number',
      'a number was expected, with a decimal point and without quotes, unit or percent sign',
    )
    if (this.#range !== undefined) add(this.#outside, this.#range.level, 'out-of-range', this.#range.reason)
    add(this.#nonFinite, 'warning', 'not-finite', 'values that are not finite count as missing')
    return found
  }
}

function note(tally: Tally, value: unknown, place: () => string): void {
  if (tally.rows++ > 0) return
  tally.place = place()
  const json = JSON.stringify(value)
  const plain = typeof value === 'number' || (typeof value === 'string' && notFinite.test(value.trim()))
  const shown = plain ? String(value) : typeof value === 'string' ? `the text ${json}` : json
  tally.shown = shown.length > 60 ? `${shown.slice(0, 57)}…` : shown
}
