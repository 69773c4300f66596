import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openGateway } from '../../src/serve/open-gateway.ts'
import { nodeServer } from '../../src/gateway/node-server.ts'
import { chat, clientOf, type Client } from '../support/client.ts'
import { clickHousePair, haveClickHouse, PASSWORD, textOf, type ClickHousePair } from '../support/clickhouse.ts'
import { configOf, serveFolder, soon, type ServeFolder } from '../support/serve.ts'
import { upstream } from '../support/upstream.ts'
import { unsure } from '../support/upstream-words.ts'

interface Logging extends Client, ServeFolder {
  notices: string[]
  close: () => Promise<void>
}

/** A gateway on a socket, as `spillway serve` opens it. */
async function logging(log: object, env: Record<string, string>): Promise<Logging> {
  const [small, large] = [await upstream(() => ({ words: unsure })), await upstream(() => ({}))]
  const folder = serveFolder({}, configOf({ small: small.url, large: large.url, serve: { log } }))
  const notices: string[] = []
  const opened = await openGateway(folder.config, { env, onNotice: (text) => notices.push(text) })
  const server = nodeServer(opened.gateway, {
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 60_000,
    onFault: (error) => notices.push(String(error)),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  let closing: Promise<void> | undefined
  const close = () =>
    (closing ??= (async () => {
      server.close()
      await opened.close()
    })())
  onTestFinished(close)
  return { ...folder, ...clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), notices, close }
}

describe.skipIf(!haveClickHouse)('the decision log in ClickHouse', { timeout: 120_000 }, () => {
  let pair: ClickHousePair
  beforeAll(async () => {
    pair = await clickHousePair()
  })
  afterAll(() => pair?.stop())

  const url = (table: string) => `clickhouse://analyst:\${SINK_PASSWORD}@${pair.host}/default.${table}`
  const env = { SINK_PASSWORD: PASSWORD }
  const told = (sql: string) => textOf(pair.clients[0], sql).then((text) => text.trim())

  test('has a row a request, flat and whole, in a table that it makes, beside the files', async () => {
    const gateway = await logging({ folder: 'decisions', clickhouse: url('flat') }, env)
    const replies = [await gateway.ask(chat()), await gateway.ask(chat({ model: 'small' }))]
    await gateway.close()
    const ids = replies.map(({ headers }) => headers.get('x-spillway-id'))
    expect(await told('SELECT count(), uniqExact(id) FROM flat')).toBe('2\t2')
    const sums = await told(
      "SELECT id, outcome, stage, status, decision, reason, signal, isNull(policy), cost > 0, saved = always_large_cost - cost, latency_ms > 0, toUnixTimestamp(time) > 1e9 FROM flat WHERE cascade = 'cascade'",
    )
    expect(sums).toBe(
      [ids[0], 'escalated', 'large', '200', 'escalate', 'condition-fails', 'mean_logprob', 0, 1, 1, 1, 1].join('\t'),
    )
    const whole = (await told('SELECT record FROM flat ORDER BY stage')).split('\n')
    expect(whole.map((line) => JSON.parse(line) as unknown)).toEqual(gateway.lines())
    // As the manual has it.
    const perDay =
      "SELECT toDate(time) AS day, countIf(outcome = 'kept') / count() AS kept, sum(saved) FROM flat GROUP BY day ORDER BY day"
    expect(await told(perDay)).toMatch(/^20\d\d-\d\d-\d\d\t0\t/)
    expect(await told(`SELECT isNull(policy), isNull(decision) FROM flat WHERE cascade = 'small'`)).toBe('1\t1')
    expect(gateway.notices).toEqual([])
  })

  test('without a folder there are no files', async () => {
    const gateway = await logging({ clickhouse: url('alone') }, env)
    await gateway.ask(chat())
    await expect.poll(() => told('SELECT count() FROM alone').catch(() => '0'), soon).toBe('1')
    await gateway.close()
    expect(gateway.logFiles()).toEqual([])
  })

  test('a server that goes away delays no request, and has every line once it is back', async () => {
    const gateway = await logging({ clickhouse: url('comeback') }, env)
    await gateway.ask(chat())
    await expect.poll(() => told('SELECT count() FROM comeback').catch(() => '0'), soon).toBe('1')
    await pair.down()
    const replies = await Promise.all(Array.from({ length: 20 }, () => gateway.ask(chat())))
    expect(replies.map(({ status }) => status)).toEqual(Array.from(replies, () => 200))
    await expect.poll(() => gateway.notices, soon).toHaveLength(1)
    expect(gateway.notices[0]).toMatch(
      new RegExp(
        `^the decision log cannot be written to clickhouse://${pair.host}/default.comeback \\(E[A-Z]+\\); it is tried again$`,
      ),
    )
    await pair.up()
    await expect.poll(() => told('SELECT uniqExact(id) FROM comeback'), soon).toBe('21')
    expect((await gateway.get('/metrics')).text).toMatch(/^spillway_log_dropped 0$/m)
    await gateway.close()
    expect(gateway.notices).toHaveLength(1)
  })

  test('a password that is wrong is told of, and not told', async () => {
    const gateway = await logging({ clickhouse: url('wrong') }, { SINK_PASSWORD: 'hunter2' })
    await gateway.ask(chat())
    await gateway.close()
    expect(gateway.notices.join('\n')).toMatch(/cannot be written[\s\S]*ends with 1 lines that/)
    expect(gateway.notices.join('\n')).not.toMatch(/hunter2|kept secret/)
  })
})

test.each<[string, string, RegExp]>([
  [
    'a password in the file',
    'clickhouse://me:hunter2@host/db.t',
    /serve\.log\.clickhouse.*a key does not belong in a file/,
  ],
  [
    'a variable that is not set',
    'clickhouse://me:${NOT_SET}@host/db.t',
    /serve\.log\.clickhouse: the environment variable NOT_SET/,
  ],
  ['no table', 'clickhouse://me:${SINK_PASSWORD}@host/', /no table is named/],
  ['another address', 'http://host/db.t', /serve\.log\.clickhouse.*expected clickhouse:\/\//],
])('%s is refused at the start', async (_, clickhouse, message) => {
  const refused = logging({ clickhouse }, { SINK_PASSWORD: 'hunter2' })
  await expect(refused).rejects.toThrow(message)
  await expect(refused).rejects.not.toThrow(/hunter2/)
})
