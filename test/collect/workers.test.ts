import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { remoteModel } from '../../src/collect/workers/queue.ts'
import { connectRedis } from '../../src/collect/workers/redis.ts'
import { spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import type { HttpServer } from '../support/http-server.ts'
import {
  echoServer,
  freePort,
  haveRedis,
  killed,
  redisServer,
  start,
  until,
  type RedisServer,
  type Running,
} from '../support/workers-server.ts'

if (!haveRedis) process.stderr.write('test/collect/workers.test.ts is skipped: there is no redis-server here\n')

let redis: RedisServer
const redises: RedisServer[] = []
const servers: HttpServer[] = []
const running: Running[] = []

beforeAll(async () => {
  if (haveRedis) redis = await ownRedis()
})
afterAll(async () => {
  for (const { child } of running) await killed(child, 'SIGKILL')
  for (const server of servers) await server.close()
  for (const each of redises) await each.stop()
})

async function ownRedis(...more: string[]): Promise<RedisServer> {
  const one = await redisServer(...more)
  redises.push(one)
  return one
}

/** Questions, a server for both models, and the command lines that go with them. */
async function scene(name: string, count: number, delayMs: number, status?: number) {
  const server = await echoServer(delayMs, status)
  servers.push(server)
  const questions = file(
    `${name}.jsonl`,
    jsonl(
      ...Array.from({ length: count }, (_, i) => ({ id: `q${i}`, question: `Say ${name}${i}`, gold: `${name}${i}` })),
    ),
  )
  const out = inFolder(`${name}.out.jsonl`)
  const journal = inFolder(`${name}.out.calls.jsonl`)
  const models = ['--small', `s@${server.origin}/v1`, '--large', `l@${server.origin}/v1`]
  const local = ['collect', questions, ...models, '--prompt', 'plain', '--cost', 'small=1,large=10', '--out', out]
  const collect = [...local, '--workers', redis.url]
  return {
    server,
    out,
    journal,
    local,
    collect,
    run: (args = collect) => begin(args),
    /** A worker that waits for calls. */
    worker: async (...more: string[]) => {
      const one = begin(['worker', redis.url, ...models, ...more])
      await until(() => one.said().includes('waiting for calls'), 'the worker waits')
      return one
    },
    rows: () => lines(out) as { id: string; small?: { answer: string }; large?: { answer: string } }[],
    keys: () => lines(journal).map((call) => (call as { key: string }).key),
  }
}

function begin(args: readonly string[], env?: NodeJS.ProcessEnv): Running {
  const one = start(args, env)
  running.push(one)
  return one
}

const lines = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

/** All that a Redis is told, on a connection of its own: a client's mixes it up with replies now and then. */
async function monitored(url: string): Promise<{ seen: () => string; end: () => void }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let seen = ''
  socket.setEncoding('utf8').on('data', (text: string) => (seen += text))
  socket.write('MONITOR\r\n')
  await until(() => seen.startsWith('+OK'), 'Redis tells what it is told')
  return { seen: () => seen, end: () => socket.destroy() }
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => `q${i}`)

describe.skipIf(!haveRedis).concurrent('workers', { timeout: 120_000 }, () => {
  test('a worker that is killed loses no question: another makes its calls', async () => {
    const { server, run, worker, rows, keys } = await scene('lost', 30, 150)
    const [doomed, other] = await Promise.all([worker('--concurrency', '3'), worker('--concurrency', '3')])
    const collecting = run()
    await until(() => server.asked.length > 20, 'some calls are made')
    await killed(doomed.child, 'SIGKILL')
    expect(await collecting.ended, collecting.said()).toBe(0)
    expect(rows().map(({ id }) => id)).toEqual(ids(30))
    expect(new Set(keys()).size).toBe(60)
    expect(keys()).toHaveLength(60)
    // Only what the lost worker had under way is asked again: three calls of each model at most.
    expect(server.asked.length).toBeGreaterThanOrEqual(60)
    expect(server.asked.length).toBeLessThanOrEqual(66)
    other.child.kill('SIGTERM')
    expect(await other.ended).toBe(0)
  })

  test('where Redis goes away, collection and worker end with what to do, and the rest is asked later', async () => {
    const own = await ownRedis()
    const { server, run, worker, rows, collect, keys } = await scene('away', 30, 100)
    const dying = begin(['worker', own.url, ...collect.slice(2, 6), '--concurrency', '2'])
    const collecting = run([...collect.slice(0, -1), own.url])
    await until(() => server.asked.length > 10, 'some calls are made')
    await own.stop()
    const [code, workerCode] = await Promise.all([collecting.ended, dying.ended])
    expect([code, workerCode]).toEqual([2, 2])
    expect(collecting.said()).toContain(`${own.url}: Redis has gone away (ECONNREFUSED); finished calls are kept`)
    expect(collecting.said().match(/ECONNREFUSED/g)).toHaveLength(1)
    expect(dying.said()).toContain(`${own.url}: Redis has gone away`)
    const known = keys().length
    expect(known).toBeGreaterThan(3)
    await worker()
    const last = run()
    expect(await last.ended, last.said()).toBe(0)
    expect(last.said()).toContain(`(${60 - known} calls, ${known} calls known before)`)
    expect(rows().map(({ id }) => id)).toEqual(ids(30))
  })

  test('who closes while Redis is away waits for no connection that is between two tries', async () => {
    const own = await ownRedis()
    const link = await connectRedis(own.url, '')
    const remote = await remoteModel(link, { name: 'away', model: 's', onAbsent() {} })
    const other = link.redis.duplicate()
    await other.connect()
    await own.stop()
    await until(() => other.status === 'reconnecting', 'the connection is lost')
    const ended = new Promise<void>((resolve) => other.once('end', () => resolve()))
    other.disconnect()
    await ended
    await remote.close()
    expect(link.lost.aborted).toBe(false)
    await link.close()
  })

  test('a Redis that comes back within the time goes on, and how long it was away does not count later', async () => {
    const port = await freePort()
    let own = await ownRedis('--port', String(port))
    const link = await connectRedis(`redis://127.0.0.1:${port}`, 'start it again')
    for (const _ of [1, 2]) {
      await own.stop()
      await wait(8500)
      own = await ownRedis('--port', String(port))
      await until(() => link.redis.status === 'ready', 'it is back')
    }
    expect(link.lost.aborted).toBe(false)
    await own.stop()
    await until(() => link.lost.aborted, 'it is lost', 20_000)
    expect((link.lost.reason as Error).message).toContain('Redis has gone away (ECONNREFUSED); start it again')
    await link.close()
  })

  test('a collection says that there is no worker, with the command that starts one, and goes on when there is', async () => {
    const { server, run, worker } = await scene('alone', 3, 5)
    const collecting = run()
    const command = `start one, on any machine that reaches Redis, with: spillway worker ${redis.url} --small s@${server.origin}/v1`
    await until(() => collecting.said().includes(command), 'it says so')
    expect(collecting.said()).toContain('no worker serves s;')
    await worker()
    expect(await collecting.ended, collecting.said()).toBe(0)
  })

  test('two workers share the calls; the outcomes are those of a collection without workers; no key reaches Redis and nothing stays there', async () => {
    const own = await ownRedis()
    const { server, out, local, collect, rows } = await scene('share', 60, 5)
    const client = new Redis(own.url)
    const monitor = await monitored(own.url)
    const key = ['--key-env', 'WORKER_KEY']
    const workers = [1, 2].map(() =>
      begin(['worker', own.url, ...collect.slice(2, 6), ...key, '--concurrency', '4'], { WORKER_KEY: 'sk-secret' }),
    )
    await until(() => workers.every((worker) => worker.said().includes('waiting for calls')), 'the workers wait')
    // The collecting machine has no key at all.
    const more = ['--signals', 'mean_logprob_at_1', '--keep-tokens', ...key]
    const collecting = begin([...local, '--workers', own.url, ...more])
    expect(await collecting.ended, collecting.said()).toBe(0)
    expect(server.asked).toHaveLength(120)
    expect(server.asked.every(({ headers }) => headers.authorization === 'Bearer sk-secret')).toBe(true)
    expect(rows().map(({ id }) => id)).toEqual(ids(60))

    expect(monitor.seen()).toContain('Say share7')
    expect(monitor.seen()).not.toContain('sk-secret')
    const left = await client.keys('*')
    expect(left.filter((name) => !/:(id|meta|marker|stalled-check|events)$/.test(name))).toEqual([])
    for (const name of left.filter((each) => each.endsWith(':events')))
      expect(JSON.stringify(await client.xrange(name, '-', '+'))).not.toContain('returnvalue')
    monitor.end()
    client.disconnect()

    const without = (path: string) => readFileSync(path, 'utf8').replaceAll(/"latency_ms":[\d.]+/g, '')
    const elsewhere = inFolder('share.local.jsonl')
    const here = begin([...local.slice(0, -1), elsewhere, ...more], { WORKER_KEY: 'sk-secret' })
    expect(await here.ended, here.said()).toBe(0)
    expect(without(out)).toBe(without(elsewhere))
    expect(without(out)).toContain('"mean_logprob_at_1":-0.25')

    workers[0].child.kill('SIGINT')
    workers[1].child.kill('SIGTERM')
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([130, 0])
  })

  test('a collection that is killed goes on, and no call that a worker made is made again', async () => {
    const { server, run, worker, rows, keys } = await scene('killed', 40, 40)
    await worker('--concurrency', '3')
    const collecting = run()
    await until(() => server.asked.length >= 20, 'some calls are made')
    await killed(collecting.child, 'SIGKILL')
    const last = run()
    expect(await last.ended, last.said()).toBe(0)
    expect(server.asked).toHaveLength(80)
    expect(rows().map(({ id }) => id)).toEqual(ids(40))
    expect(
      rows().every(({ small, large }, i) => small?.answer === `killed${i}` && large?.answer === `killed${i}`),
    ).toBe(true)
    expect(keys()).toHaveLength(80)
    expect(new Set(keys()).size).toBe(80)
  })

  test('Ctrl-C takes back what no worker has begun; answers under way wait for the next run', async () => {
    const { server, run, worker, rows } = await scene('ctrl-c', 12, 400)
    await worker('--concurrency', '2')
    const collecting = run()
    await until(() => server.asked.length >= 5, 'some calls are made')
    collecting.child.kill('SIGINT')
    expect(await collecting.ended).toBe(130)
    expect(collecting.said()).toMatch(/\d calls? (is|are) under way at workers/)
    const made = server.asked.length
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(server.asked.length).toBe(made)
    const last = run()
    expect(await last.ended, last.said()).toBe(0)
    expect(server.asked).toHaveLength(24)
    expect(rows().map(({ id }) => id)).toEqual(ids(12))
  })

  test('a Redis that is not there is a mistake of the user, told in one line without the password', async () => {
    const { collect } = await scene('nowhere', 3, 5)
    const place = `127.0.0.1:${await freePort()}/3`
    const { code, stderr } = await spillway([...collect.slice(0, -1), `redis://me:hush@${place}`])
    expect(code).toBe(2)
    expect(stderr).toBe(
      `spillway: redis://${place}: no Redis answers there (ECONNREFUSED); start one, or mend the address\n`,
    )
  })

  test('what is wrong with an address is told without showing what may be a password', async () => {
    const own = await ownRedis('--requirepass', 'right')
    const said = (url: string) => connectRedis(url, '').then(String, (error: Error) => error.message)
    const none = 'this is no address of Redis; expected redis://host:6379, with TLS rediss://…'
    expect(await said('http://me:hush@host')).toBe(none)
    expect(await said('me:hush@host:6379')).toBe(none)
    expect(await said(own.url)).toMatch(`${own.url}: Redis wants another user or password (NOAUTH`)
    expect(await said(own.url.replace('//', '//:wrong@'))).toMatch(
      `${own.url}: Redis wants another user or password (WRONGPASS`,
    )
    expect(await said(`${own.url.replace('//', '//:right@')}/99`)).toMatch(`${own.url}/99: Redis refuses (ERR DB index`)
  })

  test('a refused key reaches the collection as the model said it, and ends the worker', async () => {
    const { run, worker } = await scene('refused', 3, 5, 401)
    const refused = await worker()
    const collecting = run()
    expect(await collecting.ended).toBe(2)
    expect(collecting.said()).toContain('this key is not known')
    expect(await refused.ended).toBe(2)
    expect(refused.said()).toContain('this worker ends, as its model fails')
  })
})
