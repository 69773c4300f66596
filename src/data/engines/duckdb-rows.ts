import type { DuckDBConnection, DuckDBStructType, DuckDBType } from '@duckdb/node-api'
import type { RecordSource } from '../../core/outcomes/source.ts'
import { csvRows } from './duckdb-csv.ts'
import { duckdbIdentifier, duckdbText } from './duckdb-dialect.ts'
import { refuse, withDuckDb, type DuckDbLimits } from './duckdb-session.ts'
import { literally, readerOf, shownPath } from './paths.ts'
import { checkRows, MOST_ROWS, recordsOf, type RowsOptions } from './rows.ts'

/**
 * The rows of files that only DuckDB reads, in their order, as records. Texts are taken as they stand: nothing is
 * guessed of them that the reader in memory does not guess.
 * @throws SpillwayError `usage` where DuckDB is not installed, `bad-input` where files cannot be read or hold too much
 */
export async function duckDbRows(path: string, options: RowsOptions = {}): Promise<RecordSource> {
  const name = shownPath(path)
  const reader = readerOf(path)
  return withDuckDb(path, options, async ({ connection, close }) => {
    const from = reader.format === 'csv' ? await csvRows(connection, path) : reader.raw(duckdbText(literally(path)))
    // Parquet says how many rows it has; of texts no more are looked at than are needed to refuse them.
    const counted = reader.format === 'parquet' ? from : `(SELECT 1 FROM ${from} LIMIT ${MOST_ROWS + 1})`
    const [[rows]] = (await connection.runAndReadAll(`SELECT count(*) FROM ${counted}`)).getRows()
    checkRows(name, Number(rows), options)
    const row = reader.format === 'json' ? 'json' : await rowAsJson(connection, from)
    return {
      name,
      unit: 'row',
      numericText: reader.format === 'csv',
      batches: recordsOf(textsOf(connection, `SELECT ${row} FROM ${from}`, path, options), name),
      close,
    }
  })
}

/** One column of texts, in the chunks in which DuckDB makes them. */
async function* textsOf(
  connection: DuckDBConnection,
  sql: string,
  path: string,
  limits: DuckDbLimits,
): AsyncGenerator<string[]> {
  try {
    const result = await connection.stream(sql)
    for await (const chunk of result) yield chunk.getColumnValues(0) as string[]
  } catch (cause) {
    refuse(cause, path, limits)
  }
}

async function rowAsJson(connection: DuckDBConnection, from: string): Promise<string> {
  const none = await connection.run(`SELECT * FROM ${from} LIMIT 0`)
  return jsonObject(none.columnNames(), (name) => duckdbIdentifier(name), none.columnTypes())
}

const jsonObject = (names: readonly string[], sqlOf: (name: string) => string, types: readonly DuckDBType[]): string =>
  `json_object(${names.flatMap((name, i) => [duckdbText(name), jsonOf(sqlOf(name), types[i])]).join(', ')})`

/** The whole numbers that JSON numbers hold exactly. */
const SAFE = `BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`

/** A value as DuckDB puts it into JSON, but for what JSON has no exact form. */
function jsonOf(sql: string, type: DuckDBType): string {
  const text = type.toString()
  if (text.startsWith('STRUCT(')) {
    const { entryNames, entryTypes } = type as DuckDBStructType
    const field = (name: string) => `struct_extract(${sql}, ${duckdbText(name)})`
    return `CASE WHEN ${sql} IS NOT NULL THEN ${jsonObject(entryNames, field, entryTypes)} END`
  }
  // An id of 64 bits is a text where it is no safe number.
  if (/^(U?(BIG|HUGE)INT|BIGNUM)$/.test(text))
    return `CASE WHEN ${sql} ${SAFE} THEN to_json(CAST(${sql} AS BIGINT)) ELSE to_json(CAST(${sql} AS VARCHAR)) END`
  if (/^(FLOAT|DOUBLE)$/.test(text))
    return `CASE WHEN isfinite(${sql}) THEN to_json(${sql}) ELSE to_json(CAST(${sql} AS VARCHAR)) END`
  if (text === 'TIMESTAMP WITH TIME ZONE') return `${iso(`make_timestamp(epoch_us(${sql}))`)} || 'Z'`
  return text.startsWith('TIMESTAMP') ? iso(sql) : sql
}

/** A time as ISO 8601 writes it. */
const iso = (sql: string): string => `replace(CAST(${sql} AS VARCHAR), ' ', 'T')`
