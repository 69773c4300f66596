import { expect, test } from 'vitest'
import type { DecisionRecord } from '../../src/cascade/record.ts'
import { clickhouseLog, type ClickHouseLogOptions, type DecisionTable } from '../../src/gateway/clickhouse-log.ts'
import { recordOf as record } from '../support/records.ts'

const recordOf = (id: number, error = '') => record(String(id), { time: '2026-01-01T00:00:00.900Z', error })

/** A log into a table that behaves as it is told, with all batches that came and all notices. */
function scene(options: Partial<ClickHouseLogOptions>, insert: () => Promise<void> = async () => {}) {
  const batches: string[][] = []
  const notices: string[] = []
  let created = 0
  const table: DecisionTable = {
    place: 'clickhouse://host/db.t',
    create: async () => void created++,
    async insert(rows) {
      await insert()
      batches.push(rows.map(({ id }) => String(id)))
    },
    close: async () => {},
  }
  const log = clickhouseLog(table, { restMs: 5, onNotice: (text) => notices.push(text), ...options })
  return { log, batches, notices, created: () => created }
}
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i))
const write = (log: { write(record: DecisionRecord): void }, from: number, to: number) =>
  ids(from, to).forEach((id) => log.write(recordOf(Number(id))))

test('rows go together: as many as a batch takes, or what came in a while', async () => {
  const { log, batches, created } = scene({ rows: 3, gatherMs: 50 })
  write(log, 0, 4)
  await expect.poll(() => batches.length).toBe(2)
  write(log, 4, 6)
  await log.close()
  expect(batches).toEqual([ids(0, 3), ids(3, 4), ids(4, 6)])
  expect([log.dropped(), created()]).toEqual([0, 1])
})

test('a batch that fails is tried again before all that came later, and told of once', async () => {
  let left = 3
  const { log, batches, notices, created } = scene({ rows: 2, gatherMs: 1 }, async () => {
    if (left-- > 0) throw new Error('Memory limit exceeded\nand more')
  })
  write(log, 0, 5)
  await expect.poll(() => batches.flat().length).toBe(5)
  expect(batches.flat()).toEqual(ids(0, 5))
  expect(notices).toEqual([
    'the decision log cannot be written to clickhouse://host/db.t (Memory limit exceeded); it is tried again',
  ])
  expect(created()).toBe(4)
  await log.close()
})

test('what does not fit into memory is dropped and counted; the rest is written', async () => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  const { log, batches } = scene({ rows: 2, gatherMs: 1, mostWaiting: 3000 }, () => opened)
  for (let id = 0; id < 20; id++) log.write(recordOf(id, 'x'.repeat(500)))
  expect(log.dropped()).toBeGreaterThan(14)
  const kept = 20 - log.dropped()
  open()
  await log.close()
  expect(batches.flat()).toEqual(ids(0, kept))
})

test('an end waits only so long for a server that does not answer, and says what is lost', async () => {
  const { log, notices } = scene({ gatherMs: 1, closeMs: 40 }, () => new Promise(() => {}))
  write(log, 0, 3)
  const start = performance.now()
  await log.close()
  expect(performance.now() - start).toBeLessThan(10_000)
  expect([log.dropped(), notices]).toEqual([
    3,
    ['the decision log ends with 3 lines that clickhouse://host/db.t did not take'],
  ])
})
