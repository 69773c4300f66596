import { SpillwayError } from '../../core/errors.ts'
import type { StatisticsSource } from '../../core/statistics/source.ts'
import type { BuildOptions } from '../../core/outcomes/mapping.ts'
import { parseAddress, type ClickHouseAddress } from './clickhouse-address.ts'
import { connectClickHouse, quotedTable } from './clickhouse-client.ts'
import { clickhouse, clickhouseColumn } from './clickhouse-dialect.ts'
import type { EngineColumn } from './dialect.ts'
import type { OpenSource } from './duckdb.ts'
import { engineFields } from './fields.ts'
import { sqlSource } from './sql-source.ts'

/** A scan of a week of decisions may take so long. */
export const TIMEOUT_MS = 3_600_000

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
  const address = parseAddress(url, env)
  const client = await connectClickHouse(address, TIMEOUT_MS)
  const close = () => client.close()
  const query = (sql: string) => client.query({ query: sql, format: 'TabSeparated' }).then((answer) => answer.text())
  try {
    return { source: await clickHouseSource(query, address, options), close }
  } catch (cause) {
    await close()
    return refuse(cause, address)
  }
}

/** Runs a query and gives its rows as tab-separated texts, which every version writes alike. */
export type ClickHouseQuery = (sql: string) => Promise<string>

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

/** What ClickHouse or its client says, as a mistake of the user's. */
export function refuse(cause: unknown, { place }: Pick<ClickHouseAddress, 'place'>): never {
  if (SpillwayError.is(cause) || !(cause instanceof Error)) throw cause
  const { code = '' } = cause as { code?: string }
  const said = cause.message.split('\n')[0].slice(0, 300).trim()
  if (code === '60' || /UNKNOWN_TABLE|doesn't exist/.test(said))
    throw new SpillwayError('bad-input', `${place}: there is no such table`, { cause })
  if (/^E[A-Z]+$/.test(code))
    throw new SpillwayError(
      'usage',
      `${place}: no ClickHouse answers there (${code}); start one, or mend the address`,
      { cause },
    )
  if (/AUTHENTICATION|password|Authentication/i.test(said) || code === '516' || code === '193' || code === '192')
    throw new SpillwayError(
      'usage',
      `${place}: ClickHouse wants another user or password; give them as CLICKHOUSE_USER and CLICKHOUSE_PASSWORD`,
      { cause },
    )
  throw new SpillwayError('bad-input', `${place}: ClickHouse refuses (${said})`, { cause })
}
