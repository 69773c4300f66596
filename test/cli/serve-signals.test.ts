import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { always } from '../../src/core/policy/policy.ts'
import { chat, textOf } from '../support/client.ts'
import { configOf, serveFolder, soon, startServe, type ServeScene, type Serving } from '../support/serve.ts'
import { upstream, type Said, type UpstreamAsked } from '../support/upstream.ts'

const large: Said = { words: [['large', -0.5]] }

async function serving(script: (asked: UpstreamAsked, before: number) => Said, scene: ServeScene = {}) {
  const [first, last] = [await upstream(script), await upstream(() => large)]
  const folder = serveFolder(scene, configOf({ small: first.url, large: last.url, ...scene }))
  return { first, last, ...(await startServe(scene, folder)) }
}

/** What answers wait for until they are let go. */
function held() {
  let release = () => {}
  const until = new Promise<void>((resolve) => (release = resolve))
  return { until, release }
}

describe.each([
  ['SIGTERM', 0],
  ['SIGINT', 130],
] as const)('%s', { timeout: 60_000 }, (signal, code) => {
  test('lets requests under way come to their end, and takes no new ones', async () => {
    const { until, release } = held()
    const gateway = await serving(() => ({ until }))
    const asking = [gateway.ask(chat()), gateway.ask(chat({ stream: true }))]
    await expect.poll(() => gateway.first.asked.length, soon).toBe(2)
    const ended = gateway.stop(signal)
    await expect.poll(gateway.process.stderr, soon).toMatch(/^finishing 2 requests$/m)
    await expect(gateway.ask(chat())).rejects.toThrow('fetch failed')
    release()
    for (const reply of await Promise.all(asking)) expect([reply.status, textOf(reply)]).toEqual([200, 'Grüße 🙂 done'])
    expect(await ended).toMatchObject({ code, signal: null })
    expect(gateway.lines().map(({ outcome }) => outcome)).toEqual(['kept', 'kept'])
  })
})

test(
  'the next request of a connection is turned away once the gateway is about to end',
  { timeout: 60_000 },
  async () => {
    const { until, release } = held()
    const gateway = await serving(() => ({ until }))
    const { hostname, port } = new URL(gateway.origin)
    const socket = connect(Number(port), hostname)
    const body = JSON.stringify(chat())
    const request = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    socket.write(request)
    await expect.poll(() => gateway.first.asked.length, soon).toBe(1)
    const ended = gateway.stop()
    await expect.poll(gateway.process.stderr, soon).toMatch(/^finishing 1 request$/m)
    socket.write(request)
    setTimeout(release, 500)
    expect((await ended).code).toBe(0)
    const [first, ...second] = (await text(socket)).match(/HTTP\/1.1 \d+|"code":"overloaded"/g) ?? []
    expect(first).toBe('HTTP/1.1 200')
    // It may also have come too late to be heard.
    expect([[], ['HTTP/1.1 503', '"code":"overloaded"']]).toContainEqual(second)
    expect(gateway.first.asked.length).toBe(1)
  },
)

test('a second SIGTERM ends what the first would have waited for', { timeout: 60_000 }, async () => {
  const gateway = await serving(() => held())
  const asking = gateway.ask(chat()).catch(() => 'cut')
  await expect.poll(() => gateway.first.asked.length, soon).toBe(1)
  void gateway.stop()
  await expect.poll(gateway.process.stderr, soon).toMatch(/^finishing 1 request$/m)
  expect(await gateway.stop()).toMatchObject({ code: null, signal: 'SIGTERM' })
  expect(await asking).toBe('cut')
})

describe('SIGHUP', { timeout: 60_000 }, () => {
  const again = /^the configuration has been read again$/gm
  const read = (gateway: Serving) => gateway.process.stderr().match(again)?.length ?? 0
  const stageOf = async ({ ask }: Serving) => (await ask(chat())).headers.get('x-spillway-stage')

  test('has the next request decided by the new policy, and ends those under way as they began', async () => {
    const { until, release } = held()
    const gateway = await serving((_, before) => (before === 1 ? { until } : {}))
    expect(await stageOf(gateway)).toBe('small')
    const before = gateway.ask(chat())
    await expect.poll(() => gateway.first.asked.length, soon).toBe(2)
    gateway.write('policy.json', JSON.stringify(always('escalate')))
    gateway.process.child.kill('SIGHUP')
    await expect.poll(() => read(gateway), soon).toBe(1)
    expect(await stageOf(gateway)).toBe('large')
    release()
    expect((await before).headers.get('x-spillway-stage')).toBe('small')
    expect((await gateway.stop()).code).toBe(0)
    const [first, second, third] = gateway.lines().toSorted((a, b) => (a.time < b.time ? -1 : 1))
    expect([second.policy, second.outcome]).toEqual([first.policy, 'kept'])
    expect(third.policy).not.toBe(first.policy)
  })

  test('reads models, cascades and keys again', async () => {
    const gateway = await serving(() => ({}))
    const other = await upstream(() => ({ words: [['other', -0.1]] }))
    const config = configOf({ small: other.url, large: other.url })
    gateway.write('spillway.yaml', JSON.stringify({ ...config, models: { third: { model: 'm', url: other.url } } }))
    gateway.process.child.kill('SIGHUP')
    await expect.poll(() => read(gateway), soon).toBe(1)
    expect(textOf(await gateway.ask(chat()))).toBe('other')
    expect((await gateway.get('/v1/models')).text).toContain('"third"')
    expect(gateway.first.asked).toEqual([])
    expect((await gateway.stop()).code).toBe(0)
  })

  test('keeps what there was where a file has a mistake, and says so', async () => {
    const gateway = await serving(() => ({}))
    const good = configOf({ small: gateway.first.url, large: gateway.last.url })
    const mistakes: [string, string, RegExp][] = [
      ['spillway.yaml', 'small: [', /spillway\.yaml:\d+: .*; the former configuration stays/],
      ['spillway.yaml', '', /no policy; .*; the former configuration stays/],
      ['policy.json', '{', /policy\.json: .*; the former configuration stays/],
    ]
    for (const [name, content, says] of mistakes) {
      gateway.write('spillway.yaml', JSON.stringify(good))
      gateway.write(name, content)
      gateway.process.child.kill('SIGHUP')
      await expect.poll(gateway.process.stderr, soon).toMatch(says)
      expect(await stageOf(gateway)).toBe('small')
    }
    gateway.write('policy.json', JSON.stringify(always('escalate')))
    gateway.process.child.kill('SIGHUP')
    await expect.poll(() => read(gateway), soon).toBe(1)
    expect(await stageOf(gateway)).toBe('large')
    expect((await gateway.stop()).code).toBe(0)
  })
})
