import type { StatisticsSource } from '../../core/statistics/source.ts'
import type { BuildOptions } from '../../core/outcomes/mapping.ts'
import type { ClickHouseAddress } from './clickhouse-address.ts'
import { quotedTable } from './clickhouse-client.ts'
import { clickhouse, clickhouseColumn } from './clickhouse-dialect.ts'
import { refuse, withClickHouse, type ClickHouseQuery } from './clickhouse-session.ts'
import type { EngineColumn } from './dialect.ts'
import type { OpenSource } from './duckdb.ts'
import { engineFields } from './fields.ts'
import { sqlSource } from './sql-source.ts'

/**
 * A table of ClickHouse, also a Distributed one, as the source of a sweep. Every query is one flat GROUP BY, so that
 * shards send merged states of their bins and never rows. User and password come from CLICKHOUSE_USER and
 * CLICKHOUSE_PASSWORD.
 * @throws SpillwayError `usage` where the address is none, nothing answers there or the client is not installed,
 * `bad-input` where there is no such table or it lacks a column
 */
export async function openClickHouse(
  url: string,
  options: BuildOptions = {},
  env: Partial<Record<string, string>> = process.env,
): Promise<OpenSource> {
  return withClickHouse(url, env, async ({ address, query, close }) => ({
    source: await clickHouseSource(query, address, options),
    close,
  }))
}

/** A table as the source of a sweep, however its server is reached. */
export async function clickHouseSource(
  query: ClickHouseQuery,
  address: Pick<ClickHouseAddress, 'place' | 'database' | 'table'>,
  options: BuildOptions,
): Promise<StatisticsSource> {
  const { place, table } = address
  const from = quotedTable(address)
  const lines = async (sql: string) => linesOf(await query(sql))
  const columns = await clickHouseColumns(query, from)
  const opened = {
    name: place,
    dataset: table,
    from,
    fields: engineFields(columns, options, place),
    dialect: clickhouse,
    numbers: (sql: string) => lines(sql).then(numbersOf, (cause: unknown) => refuse(cause, address)),
    texts: async (sql: string) => (await lines(sql)).map(([value]) => unescape(value)),
  }
  return sqlSource(opened, options.group)
}

/** The columns of a table. */
export async function clickHouseColumns(query: ClickHouseQuery, from: string): Promise<EngineColumn[]> {
  const described = linesOf(await query(`DESCRIBE TABLE ${from}`))
  return described.map(([name, type]) => clickhouseColumn(unescape(name), unescape(type)))
}

const linesOf = (text: string): string[][] =>
  text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => line.split('\t'))

function numbersOf(lines: readonly string[][]): Float64Array[] {
  const width = lines[0]?.length ?? MOST_COLUMNS
  return Array.from({ length: width }, (_, i) => Float64Array.from(lines, (line) => numberOf(line[i])))
}

/** A query without a row does not tell how many columns it has: as many as any asks for. */
const MOST_COLUMNS = 16

function numberOf(text: string): number {
  if (text === 'inf' || text === '+inf') return Infinity
  if (text === '-inf') return -Infinity
  return Number(text) // nan, -nan and \N are NaN
}

const unescape = (text: string): string =>
  text === '\\N' ? '' : text.replace(/\\(.)/g, (_, mark: string) => ({ n: '\n', t: '\t' })[mark] ?? mark)
