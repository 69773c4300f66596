import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { clickHouseSource } from '../../../src/data/engines/clickhouse.ts'
import { rowsOfTable } from '../../../src/data/engines/clickhouse-rows.ts'
import { clickhouseIdentifier } from '../../../src/data/engines/clickhouse-dialect.ts'
import { creation } from '../../../src/data/engines/clickhouse-table.ts'
import { decisionColumns } from '../../../src/gateway/clickhouse-log.ts'
import { engineContract } from '../../support/engine-contract.ts'
import { file, jsonl } from '../../support/files.ts'

interface Session {
  query(sql: string, format: string): string
}

/** ClickHouse in process, a modern version; half a gigabyte, and so no dependency: `npm install --no-save chdb`. */
const session = ((): Session | undefined => {
  try {
    const from = process.env.SPILLWAY_CHDB ?? import.meta.url
    const { Session } = createRequire(from)('chdb') as { Session: new () => Session }
    return new Session()
  } catch {
    process.stderr.write('chdb is not installed (SPILLWAY_CHDB=FILE beside its node_modules): its tests are skipped\n')
    return undefined
  }
})()

describe.skipIf(session === undefined)('chdb', () => {
  if (session === undefined) return
  process.stderr.write(`chdb, ClickHouse ${session.query('SELECT version()', 'TabSeparated').trim()}\n`)
  let tables = 0
  engineContract('chdb', async (rows, options) => {
    const table = `t${tables++}`
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const columns = names.map((name) => {
      const type = rows.some((row) => typeof row[name] === 'string') ? 'String' : 'Float64'
      return `${clickhouseIdentifier(name)} Nullable(${type})`
    })
    const path = file(`chdb-${table}.jsonl`, jsonl(...rows))
    session.query(`CREATE DATABASE IF NOT EXISTS contract ENGINE = Atomic`, 'TabSeparated')
    session.query(
      `CREATE TABLE contract.${table} (${columns.join(', ')}) ENGINE = MergeTree ORDER BY tuple()`,
      'TabSeparated',
    )
    session.query(
      `INSERT INTO contract.${table} SELECT * FROM file('${path}', 'JSONEachRow', '${columns.join(', ').replaceAll("'", "\\'")}') SETTINGS precise_float_parsing = 1`,
      'TabSeparated',
    )
    const address = { place: `chdb/${table}`, database: ['contract'], table }
    const query = async (sql: string) => session.query(sql, 'TabSeparated')
    return { source: await clickHouseSource(query, address, options), close: async () => {} }
  })

  test('gives rows as records, nested where tuples have names', async () => {
    session.query('CREATE DATABASE IF NOT EXISTS contract ENGINE = Atomic', 'TabSeparated')
    session.query(
      `CREATE TABLE contract.nested (id UInt64, small Tuple(quality Float64, signals Tuple(mean_logprob Float32)), large Tuple(quality Decimal(9, 4)), at DateTime64(3, 'Europe/Rome')) ENGINE = MergeTree ORDER BY tuple()`,
      'TabSeparated',
    )
    session.query(
      `INSERT INTO contract.nested VALUES (2, (0.25, tuple(-0.5)), tuple(1), '2026-01-02 03:04:05.5'), (1, (1, tuple(-0.25)), tuple(0.1), '2026-01-02 03:04:05')`,
      'TabSeparated',
    )
    const { batches } = await rowsOfTable(
      async (sql) => session.query(sql, 'TabSeparated'),
      async function* (sql) {
        yield session.query(sql, 'JSONEachRow').trimEnd().split('\n')
      },
      { place: 'chdb', database: ['contract'], table: 'nested' },
    )
    for await (const { records } of batches)
      expect(records).toEqual([
        {
          id: 1,
          small: { quality: 1, signals: { mean_logprob: -0.25 } },
          large: { quality: 0.1 },
          at: '2026-01-02T02:04:05.000Z',
        },
        {
          id: 2,
          small: { quality: 0.25, signals: { mean_logprob: -0.5 } },
          large: { quality: 1 },
          at: '2026-01-02T02:04:05.500Z',
        },
      ])
  })

  test('takes the rows of a decision log, in a table made by the same SQL as on old servers', () => {
    session.query('CREATE DATABASE IF NOT EXISTS contract ENGINE = Atomic', 'TabSeparated')
    for (let i = 0; i < 2; i++) session.query(creation('contract.decisions', decisionColumns), 'TabSeparated')
    const row = { id: 'a', time: 1767225600, cascade: 'c', policy: null, status: 200, cost: 0.25, record: '{"id":"a"}' }
    session.query(`INSERT INTO contract.decisions FORMAT JSONEachRow ${JSON.stringify(row)}`, 'TabSeparated')
    expect(
      session.query(
        "SELECT id, toUnixTimestamp(time), isNull(policy), cost, JSONExtractString(record, 'id') FROM contract.decisions",
        'TabSeparated',
      ),
    ).toBe('a\t1767225600\t1\t0.25\ta\n')
  })
})
