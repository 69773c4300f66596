import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sweep } from '../../../src/core/sweep.ts'
import { clickHouseRows, rowsOfTable } from '../../../src/data/engines/clickhouse-rows.ts'
import { lintOutcomes, lintRecords, readOutcomes, type ReadOptions } from '../../../src/data/read-outcomes.ts'
import { clickHousePair, haveClickHouse, PASSWORD, type ClickHousePair } from '../../support/clickhouse.ts'
import { distributed } from '../../support/clickhouse-rows.ts'
import { engineCases } from '../../support/engine-cases.ts'
import { file, jsonl } from '../../support/files.ts'
import { expectSameSweep } from '../../support/same-sweep.ts'

const env = { CLICKHOUSE_USER: 'analyst', CLICKHOUSE_PASSWORD: PASSWORD }

describe.skipIf(!haveClickHouse)('rows of a table in ClickHouse', () => {
  let pair: ClickHousePair
  beforeAll(async () => {
    pair = await clickHousePair()
  })
  afterAll(() => pair?.stop())

  const open = (table: string, as = env) => clickHouseRows(`clickhouse://${pair.host}/${table}`, {}, as)
  async function read(table: string, options?: ReadOptions) {
    const source = await open(table)
    try {
      return await lintRecords([source], options)
    } finally {
      await source.close()
    }
  }

  let tables = 0
  test.each(engineCases)(
    '$name: what comes of them is what comes of the same lines',
    async ({ rows, read: how, sweep: options }) => {
      const { outcomes, findings } = await read(await distributed(pair.clients, `r${tables++}`, rows), how)
      const lines = await lintOutcomes(file('case.jsonl', jsonl(...rows)), how)
      expectSameSweep(sweep(outcomes, options), sweep(lines.outcomes, options))
      const facts = ({ code, rows: count }: (typeof findings)[number]) => `${code} ${count}`
      expect(findings.map(facts).toSorted()).toEqual(lines.findings.map(facts).toSorted())
    },
  )

  test('come in the order of their ids, whichever shard they lie on, however often they are asked for', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => ({
      z: i,
      id: `q${String((i * 7919) % 30_000).padStart(5, '0')}`,
      small_quality: (i % 7) / 6,
      large_quality: 1,
      mean_logprob: -(i + 1) / 30_000,
    }))
    const table = await distributed(pair.clients, 'ordered', rows)
    const sorted = rows.toSorted((a, b) => a.id.localeCompare(b.id))
    const expected = await readOutcomes(file('sorted.jsonl', jsonl(...sorted)))
    for (let i = 0; i < 2; i++) {
      const { outcomes } = await read(table)
      expect({ ...outcomes, place: 0, datasets: [] }).toEqual({ ...expected, place: 0, datasets: [] })
      expect(outcomes.datasets).toEqual(['ordered'])
      expect(outcomes.place(3)).toBe(`clickhouse://${pair.host}/ordered, row 4`)
    }
  })

  test('are numbers, texts and times, whatever their types', async () => {
    const [client] = pair.clients
    await client.command({
      query:
        'CREATE TABLE types (id UInt64, n Int64, q Decimal(9, 4), f Nullable(Float32), x Float64, u Nullable(UInt8), s String, at DateTime, day Date, list Array(UInt8)) ENGINE = Log',
    })
    await client.command({
      query:
        "INSERT INTO types VALUES (18446744073709551615, -3, 0.1, 0.5, nan, NULL, 'a\"b\\\\\\n', toDateTime('2026-01-02 03:04:05', 'UTC'), '2026-01-02', [1, 2])",
    })
    const source = await open('types')
    for await (const { records, lines } of source.batches) {
      expect(lines).toEqual([1])
      expect(records).toEqual([
        {
          id: '18446744073709551615',
          n: -3,
          q: 0.1,
          f: 0.5,
          x: null,
          u: null,
          s: 'a"b\\\n',
          at: '2026-01-02T03:04:05Z',
          day: '2026-01-02',
          list: [1, 2],
        },
      ])
    }
    await source.close()
  })

  test('are refused where they are too many, before any is read', async () => {
    await pair.clients[0].command({ query: 'CREATE TABLE big (small_quality UInt8) ENGINE = Memory' })
    await pair.clients[0].command({
      query: 'INSERT INTO big SELECT toUInt8(1) FROM system.numbers LIMIT 2000001',
    })
    await expect(open('big')).rejects.toThrow(/\/big: more than 2,000,000 rows/)
  })

  test('are refused under another password, which is not told', async () => {
    const refused = open('t', { ...env, CLICKHOUSE_PASSWORD: 'hunter2' })
    await expect(refused).rejects.toThrow(/CLICKHOUSE_USER and CLICKHOUSE_PASSWORD/)
    await expect(refused).rejects.not.toThrow(/hunter2/)
    await expect(open('default.absent')).rejects.toThrow(/default\.absent: there is no such table/)
  })
})

test('where no ClickHouse answers, that is said', async () => {
  await expect(lintOutcomes('clickhouse://127.0.0.1:9/db.t')).rejects.toThrow(
    /clickhouse:\/\/127\.0\.0\.1:9\/db\.t: no ClickHouse answers there/,
  )
})

test('rows of a table are not joined by position, since it has no order', async () => {
  const second = { signalsFile: 'clickhouse://host/db.t' }
  await expect(lintOutcomes('x.jsonl', second)).rejects.toThrow(/clickhouse:\/\/host\/db\.t: .*--join id/)
})

test('an answer that breaks off is no whole table', async () => {
  const query = async (sql: string) => (sql.startsWith('DESCRIBE') ? 'x\tFloat64\n' : '2\n')
  async function* stream() {
    yield ['{"x":1}']
  }
  const { batches } = await rowsOfTable(query, stream, { place: 'clickhouse://host/t', database: [], table: 't' })
  const all = async () => {
    for await (const _ of batches);
  }
  await expect(all()).rejects.toThrow('clickhouse://host/t: of 2 rows only 1 came; try again')
})
