import { SpillwayError } from '../../core/errors.ts'
import { parseAddress, type ClickHouseAddress } from './clickhouse-address.ts'
import { connectClickHouse } from './clickhouse-client.ts'

/** A scan of a week of decisions may take so long. */
const TIMEOUT_MS = 3_600_000

/** Runs a query and gives its rows as tab-separated texts, which every version writes alike. */
export type ClickHouseQuery = (sql: string) => Promise<string>

/** A server of ClickHouse that is asked about one table. */
export interface ClickHouseSession {
  address: ClickHouseAddress
  client: Awaited<ReturnType<typeof connectClickHouse>>
  query: ClickHouseQuery
  close: () => Promise<void>
}

/**
 * Opens ClickHouse for reading a table, and does with it what is to be done first; where that fails, it is closed again.
 * @throws SpillwayError `usage` where the address is none or the client is not installed, else what `refuse` makes
 */
export async function withClickHouse<Opened>(
  url: string,
  env: Partial<Record<string, string>>,
  begin: (session: ClickHouseSession) => Promise<Opened>,
): Promise<Opened> {
  const address = parseAddress(url, env)
  const client = await connectClickHouse(address, TIMEOUT_MS)
  const query = (sql: string) => client.query({ query: sql, format: 'TabSeparated' }).then((answer) => answer.text())
  const close = () => client.close()
  try {
    return await begin({ address, client, query, close })
  } catch (cause) {
    await close()
    return refuse(cause, address)
  }
}

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
