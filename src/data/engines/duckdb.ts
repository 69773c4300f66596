import type { DuckDBConnection, DuckDBStructType, DuckDBType } from '@duckdb/node-api'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SpillwayError } from '../../core/errors.ts'
import type { BuildOptions } from '../../core/outcomes/mapping.ts'
import type { StatisticsSource } from '../../core/statistics/source.ts'
import type { EngineColumn } from './dialect.ts'
import { duckdb, duckdbIdentifier, duckdbText } from './duckdb-dialect.ts'
import { engineFields } from './fields.ts'
import { readerOf, shownPath, stemOf } from './paths.ts'
import { sqlSource } from './sql-source.ts'

/** How DuckDB reads, and what it may take. */
export interface DuckDbOptions extends BuildOptions {
  /** The most memory DuckDB takes, such as `4GB`; beyond it spills to disk. Default: its own, 80 % of the machine's. */
  memoryLimit?: string
  /** Default: as many as there are cores. */
  threads?: number
}

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
  const { DuckDBInstance } = await loadDuckDb()
  const spill = await mkdtemp(join(tmpdir(), 'spillway-duckdb-'))
  const settings: Record<string, string> = { temp_directory: spill }
  if (options.memoryLimit !== undefined) settings.memory_limit = options.memoryLimit
  if (options.threads !== undefined) settings.threads = String(options.threads)
  // An interrupted process leaves no gigabytes behind.
  const leave = () => rmSync(spill, { recursive: true, force: true })
  process.once('exit', leave)
  const clear = async () => {
    process.off('exit', leave)
    await rm(spill, { recursive: true, force: true })
  }
  let close = clear
  try {
    const instance = await DuckDBInstance.create(':memory:', settings)
    const connection = await instance.connect()
    close = async () => {
      connection.closeSync()
      instance.closeSync()
      await clear()
    }
    const kind = reader.isText ? 'TABLE' : 'VIEW'
    await connection.run(`CREATE TEMP ${kind} outcomes AS SELECT * FROM ${reader.call(duckdbText(path))}`)
    const columns = await columnsOf(connection)
    const fields = engineFields(columns, options, name)
    const numbers = (sql: string) =>
      readNumbers(connection, sql).catch((cause: unknown) => refuse(cause, path, options))
    const texts = async (sql: string) => {
      const rows = await connection.runAndReadAll(sql)
      return rows.getRows().map(([value]) => String(value ?? ''))
    }
    const source = await sqlSource(
      { name, dataset: stemOf(name), from: 'outcomes', fields, dialect: duckdb, numbers, texts },
      options.group,
    )
    return { source, close }
  } catch (cause) {
    await close()
    return refuse(cause, path, options)
  }
}

async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api')
  } catch (cause) {
    throw new SpillwayError('usage', 'DuckDB, which reads this, needs one more package: npm install @duckdb/node-api', {
      cause,
    })
  }
}

async function columnsOf(connection: DuckDBConnection): Promise<EngineColumn[]> {
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

/** What DuckDB says, as a mistake of the user's: without what an address keeps secret. */
function refuse(cause: unknown, path: string, { memoryLimit }: DuckDbOptions): never {
  if (SpillwayError.is(cause) || !(cause instanceof Error)) throw cause
  const name = shownPath(path)
  const said = cause.message.replaceAll(path, name).split('\n')[0].trim()
  if (/No files found/.test(said)) throw new SpillwayError('bad-input', `${name}: there is no such file`, { cause })
  if (said === 'Failed to set config' && memoryLimit !== undefined)
    throw new SpillwayError('usage', `--memory-limit ${memoryLimit} is no size; expected one such as 4GB`, { cause })
  const remedy = /out of memory/i.test(said) ? '; give --memory-limit more' : ''
  throw new SpillwayError('bad-input', `${name}: DuckDB cannot read this (${said})${remedy}`, { cause })
}
