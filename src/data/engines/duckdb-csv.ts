import type { DuckDBConnection } from '@duckdb/node-api'
import { SpillwayError } from '../../core/errors.ts'
import { delimiterOf, readHeader } from '../csv.ts'
import type { EngineColumn } from './dialect.ts'
import { duckdbIdentifier, duckdbText, duckdbTexts } from './duckdb-dialect.ts'
import { isAddress, literally, shownPath, unpacked } from './paths.ts'

/** DuckDB guesses at separators, comments and lines to skip, and passes over rows to make a guess fit: nothing is left to guess. */
const FIXED = `auto_detect = false, escape = '', comment = ''`

/**
 * What stands after FROM for CSV files as the reader in memory reads them: a header and the separator it shows, rows of
 * as many fields, every field a text.
 * @throws SpillwayError `bad-input` where a header is none
 */
export async function csvRows(connection: DuckDBConnection, path: string): Promise<string> {
  const packed = unpacked(path)
  const parts: { files: string[]; header: string }[] = []
  for (const file of await filesOf(connection, path)) {
    const line = `read_csv(${duckdbText(literally(file))}, ${FIXED}, header = false, delim = chr(1), quote = '', columns = {line: 'VARCHAR'}${packed})`
    const header = String((await connection.runAndReadAll(`SELECT line FROM ${line} LIMIT 1`)).getRows()[0]?.[0] ?? '')
    const last = parts.at(-1)
    if (last?.header === header) last.files.push(file)
    else parts.push({ files: [file], header })
  }
  const tables = parts.map(({ files, header }) => {
    const delimiter = delimiterOf(header)
    const names = namesIn(header, delimiter, shownPath(files[0]))
    const columns = names.map((name) => `${duckdbText(name)}: 'VARCHAR'`).join(', ')
    const fixed = FIXED.replace(`escape = ''`, `escape = '"'`)
    const list = files.map((file) => duckdbText(literally(file))).join(', ')
    return `SELECT ${names.map(trimmed).join(', ')} FROM read_csv([${list}], ${fixed}, header = true, delim = ${duckdbText(delimiter)}, quote = '"', strict_mode = true, null_padding = false, columns = {${columns}}${packed})`
  })
  return `(${tables.join(' UNION ALL BY NAME ')})`
}

async function filesOf(connection: DuckDBConnection, path: string): Promise<string[]> {
  const name = literally(path)
  if (!/[*?[]/.test(path) || (name !== path && !isAddress(path))) return [path]
  const found = await connection.runAndReadAll(`SELECT file FROM glob(${duckdbText(name)}) ORDER BY file`)
  const files = found.getRows().map(([file]) => String(file))
  return files.length === 0 ? [path] : files
}

const trimmed = (name: string): string => {
  const sql = duckdbIdentifier(name)
  return `NULLIF(trim(${sql}, ' ' || chr(9) || chr(13)), '') AS ${sql}`
}

function namesIn(header: string, delimiter: string, place: string): string[] {
  const names = readHeader(header, delimiter, place)
  const folded = names.map((name) => name.toLowerCase())
  const second = folded.findIndex((name, i) => folded.indexOf(name) !== i)
  if (second >= 0)
    throw new SpillwayError(
      'bad-input',
      `${place}:1: ${names[folded.indexOf(folded[second])]} and ${names[second]} differ only in case, which is one column to DuckDB; rename one`,
    )
  return names
}

/**
 * Reads CSV into the table `outcomes`: the texts, and beside a column in which every text is a number these numbers.
 * @throws SpillwayError as `csvRows` does
 */
export async function readCsvTable(connection: DuckDBConnection, path: string): Promise<EngineColumn[]> {
  await connection.run(`CREATE TEMP TABLE texts AS SELECT * FROM ${await csvRows(connection, path)}`)
  const names = (await connection.run('SELECT * FROM texts LIMIT 0')).columnNames()
  const texts = names.map((path): EngineColumn => ({
    path,
    sql: duckdbIdentifier(path),
    kind: 'text',
    type: 'VARCHAR',
  }))
  const counts = texts.flatMap((column) => [
    duckdbTexts.count(duckdbTexts.notNumber!(column)),
    duckdbTexts.count(`isfinite(${duckdbTexts.double(column)})`),
  ])
  const [found] = (await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM texts`)).getRows()
  const columns = texts.map((column, i): EngineColumn => {
    const isNumber = found[2 * i] === 0 && Number(found[2 * i + 1]) > 0
    return isNumber
      ? { path: column.path, sql: `"\u0001${i}"`, kind: 'number', type: 'DOUBLE', text: column.sql }
      : column
  })
  const numbers = columns.flatMap(({ text, sql }, i) =>
    text === undefined ? [] : [`, ${duckdbTexts.double(texts[i])} AS ${sql}`],
  )
  await connection.run(`CREATE TEMP TABLE outcomes AS SELECT *${numbers.join('')} FROM texts`)
  await connection.run('DROP TABLE texts')
  return columns
}
