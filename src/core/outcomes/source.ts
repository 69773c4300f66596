/** Parsed rows of one file, in batches, as a reader hands them over. */
export interface RecordBatch {
  /** One plain object a row. */
  records: Record<string, unknown>[]
  /** The line (or item of a JSON array) each row began on, from 1. */
  lines: ArrayLike<number>
}

/** A file of rows, whatever its format. */
export interface RecordSource {
  /** What the user calls it: the path, or `stdin`. */
  name: string
  /** What its rows are called where no column says it. Default: the stem of its name. */
  dataset?: string
  /** Whether rows stand on lines, are items of an array, or come out of a table. */
  unit: 'line' | 'item' | 'row'
  /** True where every value is a text, as in CSV, so that numbers are read from texts. */
  numericText: boolean
  batches: AsyncIterable<RecordBatch>
  /** Lets go of the file, read to its end or not. */
  close(): Promise<void>
}

/** Where a row stands, for messages: `outcomes.jsonl:17`, `outcomes.parquet, row 17`. */
export const placeIn = ({ name, unit }: Pick<RecordSource, 'name' | 'unit'>, line: number): string =>
  unit === 'line' ? `${name}:${line}` : `${name}, ${unit} ${line}`

/** A file's name without folder and endings. */
export const stemOf = (name: string): string =>
  name.replace(/^.*[\\/]/, '').replace(/(\.(parquet|jsonl|ndjson|json|csv|tsv|gz|zst))+$/i, '') || 'outcomes'

/** The line of every row, stored only where lines do not follow each other. */
export class LineMap {
  readonly #rows: number[] = []
  readonly #lines: number[] = []

  set(row: number, line: number): void {
    const last = this.#rows.length - 1
    if (last >= 0 && this.#lines[last] + (row - this.#rows[last]) === line) return
    this.#rows.push(row)
    this.#lines.push(line)
  }

  get(row: number): number {
    let low = 0
    let high = this.#rows.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#rows[middle] <= row) low = middle
      else high = middle - 1
    }
    return this.#lines[low] + (row - this.#rows[low])
  }
}
