import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClickHouse } from '../../../src/data/engines/clickhouse.ts'
import { sweepStatistics } from '../../../src/core/sweep-statistics.ts'
import { clickHousePair, haveClickHouse, PASSWORD, textOf, type ClickHousePair } from '../../support/clickhouse.ts'
import { distributed } from '../../support/clickhouse-rows.ts'
import { engineCases } from '../../support/engine-cases.ts'
import { engineContract } from '../../support/engine-contract.ts'

const env = { CLICKHOUSE_USER: 'analyst', CLICKHOUSE_PASSWORD: PASSWORD }

describe.skipIf(!haveClickHouse)('ClickHouse', () => {
  let pair: ClickHousePair
  beforeAll(async () => {
    pair = await clickHousePair()
    process.stderr.write(`ClickHouse ${pair.version}, two servers\n`)
  })
  afterAll(() => pair?.stop())

  let tables = 0
  engineContract('a table of two shards in ClickHouse', async (rows, options) =>
    openClickHouse(`clickhouse://${pair.host}/${await distributed(pair.clients, `t${tables++}`, rows)}`, options, env),
  )

  test('shards send merged bins, not rows', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ ...engineCases[0].rows[i % 200] }))
    const table = await distributed(pair.clients, 'many', rows)
    const { source, close } = await openClickHouse(`clickhouse://${pair.host}/default.${table}`, {}, env)
    const { result } = await sweepStatistics(source)
    await close()
    expect(result.rows).toBe(20_000)
    // What a shard sends for a query of bins is counted by the server that asked.
    const bins = await textOf(pair.clients[0], `SELECT uniqExact(avg_logp) FROM ${table}`)
    expect(Number(bins)).toBe(8)
  })
})
