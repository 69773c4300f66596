import type { DuckDBConnection, DuckDBStructType, DuckDBType } from '@duckdb/node-api'
import type { BuildOptions } from '../../core/outcomes/mapping.ts'
import { stemOf } from '../../core/outcomes/source.ts'
import type { StatisticsSource } from '../../core/statistics/source.ts'
import type { EngineColumn } from './dialect.ts'
import { readCsvTable } from './duckdb-csv.ts'
import { duckdb, duckdbIdentifier, duckdbText, duckdbTexts } from './duckdb-dialect.ts'
import { refuse, withDuckDb, type DuckDbLimits } from './duckdb-session.ts'
import { engineFields } from './fields.ts'
import { literally, readerOf, shownPath, type Reader } from './paths.ts'
import { sqlSource } from './sql-source.ts'

/** How DuckDB reads, and what it may take. */
export interface DuckDbOptions extends BuildOptions, DuckDbLimits {}

/** A source with something to let go of. */
export interface OpenSource {
  source: StatisticsSource
  close: () => Promise<void>
}

/**
 * Outcomes in files that DuckDB reads (Parquet, JSONL, CSV, also gzipped or zst, globs, S3, HTTP) as the source of a
 * sweep. Parquet is read where it lies, column by column; texts are read once into a table that may spill to disk.
 * @throws SpillwayError `usage` where DuckDB is not installed or its memory limit is none, `bad-input` where files
 * cannot be read or lack a column
 */
export async function openDuckDb(path: string, options: DuckDbOptions = {}): Promise<OpenSource> {
  const name = shownPath(path)
  const reader = readerOf(path)
  return withDuckDb(path, options, async ({ connection, close }) => {
    const columns =
      reader.format === 'csv' ? await readCsvTable(connection, path) : await readTable(connection, path, reader)
    const fields = engineFields(columns, options, name)
    const numbers = (sql: string) =>
      readNumbers(connection, sql).catch((cause: unknown) => refuse(cause, path, options))
    const texts = async (sql: string) => {
      const rows = await connection.runAndReadAll(sql)
      return rows.getRows().map(([value]) => String(value ?? ''))
    }
    const dialect = reader.format === 'csv' ? duckdbTexts : duckdb
    const source = await sqlSource(
      { name, dataset: stemOf(name), from: 'outcomes', fields, dialect, numbers, texts },
      options.group,
    )
    return { source, close }
  })
}

async function readTable(
  connection: DuckDBConnection,
  path: string,
  reader: Exclude<Reader, { format: 'csv' }>,
): Promise<EngineColumn[]> {
  const kind = reader.format === 'parquet' ? 'VIEW' : 'TABLE'
  await connection.run(`CREATE TEMP ${kind} outcomes AS SELECT * FROM ${reader.call(duckdbText(literally(path)))}`)
  const none = await connection.run('SELECT * FROM outcomes LIMIT 0')
  return none.columnNames().flatMap((name, i) => flatten(name, duckdbIdentifier(name), none.columnType(i)))
}

/** A column, or of a struct the fields inside it. */
function flatten(path: string, sql: string, type: DuckDBType): EngineColumn[] {
  const text = type.toString()
  if (text.startsWith('STRUCT(')) {
    const { entryNames, entryTypes } = type as DuckDBStructType
    return entryNames.flatMap((name, i) =>
      flatten(`${path}.${name}`, `struct_extract(${sql}, ${duckdbText(name)})`, entryTypes[i]),
    )
  }
  return [{ path, sql, kind: kindOf(text), type: text }]
}

function kindOf(type: string): EngineColumn['kind'] {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|"NULL"|NULL|SQLNULL)$/.test(type))
    return 'number'
  if (type === 'BOOLEAN') return 'boolean'
  return /^(VARCHAR|ENUM\(.*\))$/.test(type) ? 'text' : 'other'
}

async function readNumbers(connection: DuckDBConnection, sql: string): Promise<Float64Array[]> {
  const result = await connection.stream(sql)
  const parts: Float64Array[][] = Array.from({ length: result.columnCount }, () => [])
  for await (const chunk of result)
    parts.forEach((list, i) => {
      const vector = chunk.getColumnVector(i)
      const values = new Float64Array(chunk.rowCount)
      for (let row = 0; row < values.length; row++) values[row] = Number(vector.getItem(row) ?? NaN)
      list.push(values)
    })
  return parts.map((list) => {
    const column = new Float64Array(list.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of list) {
      column.set(part, at)
      at += part.length
    }
    return column
  })
}
