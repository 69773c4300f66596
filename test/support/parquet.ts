import { DuckDBInstance } from '@duckdb/node-api'
import type { Outcomes } from '../../src/core/outcomes/outcomes.ts'
import { file, inFolder, jsonl } from './files.ts'

let files = 0

/** Rows as a Parquet file of an awkward name. */
export const parquet = (rows: Record<string, unknown>[]): Promise<string> =>
  packed(rows, 'parquet', `rows ${files++}'s.parquet`)

/** Rows as a file that DuckDB writes, packed with zstd. */
export async function packed(
  rows: Record<string, unknown>[],
  format: 'parquet' | 'json',
  name: string,
): Promise<string> {
  const from = file(`rows-${files++}.jsonl`, jsonl(...rows))
  return selected(`SELECT * FROM read_json('${from}', sample_size = -1)`, name, format)
}

/** What a query selects, as a file that DuckDB writes, packed with zstd. */
export async function selected(query: string, name: string, format = 'parquet'): Promise<string> {
  const db = await DuckDBInstance.create(':memory:')
  const connection = await db.connect()
  const to = inFolder(name)
  await connection.run(`COPY (${query}) TO '${to.replaceAll("'", "''")}' (FORMAT ${format}, COMPRESSION zstd)`)
  connection.closeSync()
  db.closeSync()
  return to
}

/** A text packed with zstd, as it is: DuckDB writes it as CSV of one column without quotes. */
export const zstd = async (text: string, name: string): Promise<string> => {
  const lines = text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `(${quoted(line)})`)
  return selected(
    `SELECT * FROM (VALUES ${lines.join(', ')}) AS t(line)`,
    name,
    `csv, HEADER false, QUOTE '', ESCAPE '', DELIM '\u0001'`,
  )
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Outcomes as flat rows, such as a warehouse holds. */
export const rowsOf = ({ rows, small, large, signals, groups }: Outcomes): Record<string, unknown>[] =>
  Array.from({ length: rows }, (_, row) => ({
    doc: `g${groups.codes[row]}`,
    small_quality: small.quality[row],
    large_quality: large.quality[row],
    ...Object.fromEntries(signals.map(({ name, values }) => [name, values[row]])),
  }))
