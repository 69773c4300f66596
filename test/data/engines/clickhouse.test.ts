import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sweep } from '../../../src/core/sweep.ts'
import { readOutcomes } from '../../../src/data/read-outcomes.ts'
import { file, jsonl } from '../../support/files.ts'
import { rowsOf } from '../../support/parquet.ts'
import { expectSameSweep } from '../../support/same-sweep.ts'
import { hasSharedData, recorded } from '../../support/shared.ts'
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
    const log = `SELECT max(result_rows), count() FROM system.query_log WHERE type = 2 AND query LIKE '%many_part%GROUP BY%'`
    const sent = async () => (await textOf(pair.clients[1], log).catch(() => '0\t0')).split('\t').map(Number)
    for (let tries = 0; tries < 50 && (await sent())[1] < 3; tries++) await wait(100)
    const [rowsSent, queries] = await sent()
    expect(queries).toBeGreaterThanOrEqual(3)
    expect(rowsSent).toBeLessThanOrEqual(200)
  })

  test('whole numbers, decimals, floats of four bytes and empty texts are read as what they are', async () => {
    const [client] = pair.clients
    await client.command({
      query:
        'CREATE TABLE kinds (small_quality UInt8, large_quality Decimal(9, 4), mean_logprob Nullable(Float32), id Nullable(String), top_k Int32) ENGINE = Log',
    })
    await client.command({
      query:
        "INSERT INTO kinds VALUES (1, 0.5, -0.25, 'a', 5), (0, 1, -0.5, '', 5), (1, 0.25, NULL, NULL, 5), (0, 0.75, -0.5, 'a', 5)",
    })
    const rows = [
      { small_quality: 1, large_quality: 0.5, mean_logprob: -0.25, id: 'a' },
      { small_quality: 0, large_quality: 1, mean_logprob: -0.5, id: '' },
      { small_quality: 1, large_quality: 0.25 },
      { small_quality: 0, large_quality: 0.75, mean_logprob: -0.5, id: 'a' },
    ]
    const { source, close } = await openClickHouse(`clickhouse://${pair.host}/kinds`, {}, env)
    const { result } = await sweepStatistics(source)
    expectSameSweep(result, sweep(await readOutcomes(file('kinds.jsonl', jsonl(...rows)))))
    const intervals = sweepStatistics(source, { intervals: {} })
    await expect(intervals).rejects.toThrow(/id is empty in 2 rows.*name another column with --group/)
    await close()
  })

  test.skipIf(!hasSharedData).each(['coqa', 'qasper'] as const)(
    'the recorded outcomes of %s give the same in memory and in ClickHouse',
    async (set) => {
      const [file, signalsFile] = recorded(set)
      const outcomes = await readOutcomes(file, { signalsFile })
      const table = await distributed(pair.clients, set, rowsOf(outcomes))
      const settings = { costs: { small: 1, verify: 4, large: 20 }, target: { maxCost: 12 } }
      const { source, close } = await openClickHouse(`clickhouse://${pair.host}/${table}`, { group: 'doc' }, env)
      const { result } = await sweepStatistics(source, settings)
      await close()
      expectSameSweep(result, sweep({ ...outcomes, groups: { ...outcomes.groups, from: 'group' } }, settings))
    },
  )

  test.each<[string, string, Partial<Record<string, string>>, RegExp]>([
    ['another password', '/t', { ...env, CLICKHOUSE_PASSWORD: 'hunter2' }, /CLICKHOUSE_USER and CLICKHOUSE_PASSWORD/],
    ['a table that is not there', '/default.absent', env, /default\.absent: there is no such table/],
    ["a table's name with a quote", '/default.a`;%20DROP', env, /there is no such table/],
    ['a table without qualities', '/system.one', env, /no column for small\.quality/],
  ])('is refused with %s, and no password is told', async (_, path, as, message) => {
    const refused = openClickHouse(`clickhouse://${pair.host}${path}`, {}, as)
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.not.toThrow(/hunter2|kept secret/)
  })
})

test('nothing that answers is said so', async () => {
  await expect(openClickHouse('clickhouse://127.0.0.1:9/db.t', {}, {})).rejects.toThrow(
    /clickhouse:\/\/127\.0\.0\.1:9\/db\.t: no ClickHouse answers there/,
  )
})

test('a password in an address is refused, and not repeated', async () => {
  for (const url of ['clickhouse://me:hunter2@host/db.t', 'clickhouse://me:hunter2@', 'clickhouse://me:hunter2@host/'])
    await expect(openClickHouse(url, {}, {})).rejects.toThrow(/^(?!.*hunter2).*(CLICKHOUSE_PASSWORD|no address)/)
})
