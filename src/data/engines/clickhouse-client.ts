import { SpillwayError } from '../../core/errors.ts'
import type { ClickHouseAddress } from './clickhouse-address.ts'
import { clickhouseIdentifier } from './clickhouse-dialect.ts'

type Client = ReturnType<typeof import('@clickhouse/client').createClient>

/**
 * A client for the server of an address; nothing is asked of it yet.
 * @throws SpillwayError `usage` where the package is not installed
 */
export async function connectClickHouse(address: ClickHouseAddress, timeoutMs: number): Promise<Client> {
  const { createClient, ClickHouseLogLevel } = await loadClient()
  return createClient({
    url: address.url,
    username: address.user,
    password: address.password,
    request_timeout: timeoutMs,
    // What goes wrong is told once, and without the query.
    log: { level: ClickHouseLogLevel.OFF },
  })
}

/** A table's name, quoted. */
export const quotedTable = ({ database, table }: Pick<ClickHouseAddress, 'database' | 'table'>): string =>
  [...database, table].map(clickhouseIdentifier).join('.')

async function loadClient(): Promise<typeof import('@clickhouse/client')> {
  try {
    return await import('@clickhouse/client')
  } catch (cause) {
    throw new SpillwayError('usage', 'ClickHouse needs one more package: npm install @clickhouse/client', { cause })
  }
}
