import { parseAddress } from './clickhouse-address.ts'
import { connectClickHouse, quotedTable } from './clickhouse-client.ts'
import { clickhouseIdentifier } from './clickhouse-dialect.ts'

/** A table to which rows are added. */
export interface GrowingTable {
  /** Its address, without user and password. */
  place: string
  /** Makes the table, unless it is there; rows that came twice under one `id` become one in time. */
  create(columns: Readonly<Record<string, string>>): Promise<void>
  insert(rows: readonly object[]): Promise<void>
  close(): Promise<void>
}

/** Makes a table of rows that have an `id` and a `time`, in the SQL of old and new servers. */
export function creation(table: string, columns: Readonly<Record<string, string>>): string {
  const list = Object.entries(columns).map(([name, type]) => `${clickhouseIdentifier(name)} ${type}`)
  return `CREATE TABLE IF NOT EXISTS ${table} (${list.join(', ')}) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(time) ORDER BY (time, id)`
}

/** An insert that takes longer has failed. */
const TIMEOUT_MS = 30_000

/**
 * A table of ClickHouse by its address, for adding rows. Nothing is asked of the server before the first row.
 * @throws SpillwayError `usage` where the address is none or the client is not installed
 */
export async function growingTable(url: string, env: Partial<Record<string, string>>): Promise<GrowingTable> {
  const address = parseAddress(url, env)
  const client = await connectClickHouse(address, TIMEOUT_MS)
  const table = quotedTable(address)
  const { password = '' } = address
  /** No server is known to repeat a password; none will. */
  const silent = (error: unknown): never => {
    if (error instanceof Error && password !== '') error.message = error.message.replaceAll(password, '…')
    throw error
  }
  return {
    place: address.place,
    async create(columns) {
      await client.command({ query: creation(table, columns) }).catch(silent)
    },
    async insert(values) {
      await client.insert({ table, values, format: 'JSONEachRow' }).catch(silent)
    },
    close: () => client.close(),
  }
}
