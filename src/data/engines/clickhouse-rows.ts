import { SpillwayError } from '../../core/errors.ts'
import { plural } from '../../core/outcomes/findings.ts'
import type { RecordBatch, RecordSource } from '../../core/outcomes/source.ts'
import { clickHouseColumns } from './clickhouse.ts'
import type { ClickHouseAddress } from './clickhouse-address.ts'
import { quotedTable } from './clickhouse-client.ts'
import { clickhouseIdentifier } from './clickhouse-dialect.ts'
import { refuse, withClickHouse, type ClickHouseQuery } from './clickhouse-session.ts'
import type { EngineColumn } from './dialect.ts'
import { checkRows, recordsOf, type RowsOptions } from './rows.ts'

/**
 * The rows of a table of ClickHouse as records.
 * @throws SpillwayError as `openClickHouse` does, and `bad-input` where there are too many
 */
export async function clickHouseRows(
  url: string,
  options: RowsOptions = {},
  env: Partial<Record<string, string>> = process.env,
): Promise<RecordSource> {
  return withClickHouse(url, env, async ({ address, client, query, close }) => {
    async function* stream(sql: string): AsyncGenerator<string[]> {
      const answer = await client.query({ query: sql, format: 'JSONEachRow' })
      for await (const rows of answer.stream()) yield rows.map(({ text }) => text)
    }
    return { ...(await rowsOfTable(query, stream, address, options)), close }
  })
}

/** The same, however the server is reached; `stream` gives lines of JSONEachRow. */
export async function rowsOfTable(
  query: ClickHouseQuery,
  stream: (sql: string) => AsyncIterable<string[]>,
  address: Pick<ClickHouseAddress, 'place' | 'database' | 'table'>,
  options: RowsOptions = {},
): Promise<Omit<RecordSource, 'close'>> {
  const { place: name, table } = address
  const from = quotedTable(address)
  const columns = await clickHouseColumns(query, from)
  const rows = Number(await query(`SELECT count() FROM ${from}`))
  checkRows(name, rows, options)
  const texts = await unsafeOf(columns, query, from)
  const values = columns.map((column) => `${jsonOf(column, texts)} AS ${clickhouseIdentifier(column.path)}`)
  const sql = `SELECT ${values.join(', ')} FROM ${from} ORDER BY ${orderOf(columns)}`
  return {
    name,
    dataset: table,
    unit: 'row',
    numericText: false,
    batches: whole(recordsOf(stream(sql), name), rows, address),
  }
}

/** Whole numbers of 64 bits, ids mostly, that go beyond what a JSON number holds exactly. */
async function unsafeOf(
  columns: readonly EngineColumn[],
  query: ClickHouseQuery,
  from: string,
): Promise<ReadonlySet<EngineColumn>> {
  const wide = columns.filter(({ kind, type }) => kind === 'number' && /Int(64|128|256)\b/.test(type))
  if (wide.length === 0) return new Set()
  const beyond = wide.map(({ sql }) => `countIf(abs(toFloat64(${sql})) > ${Number.MAX_SAFE_INTEGER})`)
  const counts = (await query(`SELECT ${beyond.join(', ')} FROM ${from}`)).split('\t')
  return new Set(wide.filter((_, i) => Number(counts[i]) > 0))
}

/** A column as JSON has it: numbers without quotes, ids beyond its exact numbers as texts, times as ISO 8601 has them. */
function jsonOf(column: EngineColumn, texts: ReadonlySet<EngineColumn>): string {
  const { sql, kind, type } = column
  if (texts.has(column)) return `toString(${sql})`
  if (kind === 'number') return `toFloat64(${sql})`
  return /^(Nullable\()?DateTime/.test(type) ? `concat(replaceOne(toString(${sql}, 'UTC'), ' ', 'T'), 'Z')` : sql
}

/** A table has no order of its own, but the same rows are to be split and drawn alike every time: by id, then by the rest. */
function orderOf(columns: readonly EngineColumn[]): string {
  const plain = columns.filter(({ kind }) => kind !== 'other')
  const [ids, rest] = [plain.filter(({ path }) => path === 'id'), plain.filter(({ path }) => path !== 'id')]
  return [...ids, ...rest].map(({ sql }) => sql).join(', ') || 'tuple()'
}

/** All rows; an answer that breaks off says so in ways that differ by version, or not at all. */
async function* whole(
  batches: AsyncGenerator<RecordBatch, number>,
  rows: number,
  address: Pick<ClickHouseAddress, 'place'>,
): AsyncGenerator<RecordBatch> {
  try {
    const came = yield* batches
    if (came < rows)
      throw new SpillwayError('bad-input', `${address.place}: of ${plural(rows, 'row')} only ${came} came; try again`)
  } catch (cause) {
    refuse(cause, address)
  }
}
