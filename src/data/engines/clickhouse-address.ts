import { SpillwayError } from '../../core/errors.ts'

/** Where a table of ClickHouse is. */
export interface ClickHouseAddress {
  /** The address without user and password, for messages. */
  place: string
  /** Of the HTTP interface. */
  url: string
  user?: string
  password?: string
  /** None: the user's default one. */
  database: string[]
  table: string
}

const SHAPE = 'expected clickhouse://HOST:8123/DATABASE.TABLE, with TLS clickhouses://HOST:8443/…'

/**
 * Reads `clickhouse://host:8123/db.table`. A password in it would stand in the process list and in shell histories.
 * @throws SpillwayError `usage`; what was written is not shown where it may hold a password
 */
export function parseAddress(text: string, env: Partial<Record<string, string>>): ClickHouseAddress {
  const tls = /^clickhouses:/i.test(text)
  const plain = text.replace(/^clickhouses?:/i, tls ? 'https:' : 'http:')
  const url = URL.canParse(plain) ? new URL(plain) : undefined
  if (url === undefined || url.hostname === '')
    throw new SpillwayError('usage', `this is no address of a table in ClickHouse; ${SHAPE}`)
  const host = `${url.hostname}:${url.port || (tls ? 8443 : 8123)}`
  const scheme = tls ? 'clickhouses' : 'clickhouse'
  if (url.password !== '')
    throw new SpillwayError(
      'usage',
      `${scheme}://${host}: a password in an address is seen by everybody on the machine; give it as CLICKHOUSE_PASSWORD`,
    )
  const name = decode(url.pathname.slice(1))
  const [database, table] = name.includes('.')
    ? [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)]
    : ['', name]
  if (table === '' || table.includes('/') || url.search !== '')
    throw new SpillwayError('usage', `${scheme}://${host}: no table is named; ${SHAPE}`)
  return {
    place: `${scheme}://${host}/${name}`,
    url: `${tls ? 'https' : 'http'}://${host}`,
    user: decode(url.username) || env.CLICKHOUSE_USER,
    password: env.CLICKHOUSE_PASSWORD,
    database: database === '' ? [] : [database],
    table,
  }
}

/** `%2E` and the like; what is no code stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
