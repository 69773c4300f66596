import { SpillwayError } from '../../core/errors.ts'
import type { RecordBatch } from '../../core/outcomes/source.ts'
import { parseObject } from '../jsonl.ts'

/** So many rows are read out of an engine: texts and all, a few gigabytes of memory. */
export const MOST_ROWS = 2_000_000

/** Few enough that rows are used and forgotten before the garbage collector has to carry them on. */
const BATCH_ROWS = 256

/** How rows are read that lie in an engine. */
export interface RowsOptions {
  /** The most memory DuckDB takes meanwhile, such as `4GB`. */
  memoryLimit?: string
  /** Told how many rows there are, before the first is read. */
  onRows?: (name: string, rows: number) => void
}

/** What no sums over columns tell, and rows in memory would: they can be read instead. */
export class RowsNeeded extends SpillwayError {
  /** What needs them. */
  readonly why: string

  constructor(why: string, message: string) {
    super('bad-input', message)
    this.why = why
  }
}

/**
 * Looks at how many rows there are before any is read.
 * @throws SpillwayError `bad-input` where they are too many to be read into memory
 */
export function checkRows(name: string, rows: number, { onRows }: RowsOptions): void {
  if (rows > MOST_ROWS)
    throw new SpillwayError(
      'bad-input',
      `${name}: more than ${MOST_ROWS.toLocaleString('en')} rows, which is the most that is read into memory: take a sample of whole groups, or let \`spillway sweep\` sum them up where they lie, without what needs the rows themselves (a second file, --joint, --models, --report)`,
    )
  onRows?.(name, rows)
}

/**
 * Rows that an engine writes as JSON, as the records that the same lines of a file are.
 * @throws SpillwayError `bad-input` naming a row that is no object
 */
export async function* recordsOf(
  chunks: AsyncIterable<readonly string[]>,
  name: string,
): AsyncGenerator<RecordBatch, number> {
  const place = { name, unit: 'row' } as const
  let row = 0
  for await (const texts of chunks)
    for (let start = 0; start < texts.length; start += BATCH_ROWS) {
      const batch = { records: [] as Record<string, unknown>[], lines: [] as number[] }
      for (const text of texts.slice(start, start + BATCH_ROWS)) {
        const record = parseObject(text, place, ++row)
        if (record === undefined) continue
        batch.records.push(record)
        batch.lines.push(row)
      }
      yield batch
    }
  return row
}
