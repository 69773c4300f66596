import { request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { hashOfKey } from '../../../src/gateway/client-keys.ts'
import { chat, errorOf } from '../../support/gateway.ts'
import { recordOf } from '../../support/live.ts'
import { startLive, watch } from '../../support/live-gateway.ts'
import { unsure } from '../../support/upstream-words.ts'
import { upstream } from '../../support/upstream.ts'

const paths = ['/dashboard', '/dashboard/events']
const keys = ['first', 'second'].map((name) => ({ name, sha256: hashOfKey(`sk-${name}`) }))
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

async function pair(
  scene: Partial<Parameters<typeof startLive>[0]> = {},
  small: Parameters<typeof upstream>[0] = () => ({}),
) {
  const [first, last] = [await upstream(small), await upstream()]
  return startLive({ small: first.url, large: last.url, ...scene })
}

/** The head of an answer to a request with whatever headers; `fetch` sets Host itself. */
function headOf(origin: string, path: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
    const asked = request(`${origin}${path}`, { method, headers }, (response) => {
      resolve({ status: response.statusCode!, headers: response.headers })
      response.destroy()
    })
    asked.on('error', reject).end()
  })
}

describe('who may see the live page', () => {
  test.each<[string, string | undefined, number]>([
    ['nobody', undefined, 401],
    ['a wrong key', 'Bearer sk-third', 401],
    ['a wrong password', basic('x', 'sk-third'), 401],
    ['an empty password', basic('x', ''), 401],
    ['a key as the name', basic('sk-first', ''), 401],
    ['the hash', basic('x', keys[0].sha256), 401],
    ['no base64', 'Basic ???', 401],
    ['no colon', `Basic ${Buffer.from('sk-first').toString('base64')}`, 401],
    ['a key', 'Bearer sk-first', 200],
    ['a key as the password', basic('', 'sk-first'), 200],
    ['another, with a name', basic('anyone', 'sk-second'), 200],
  ])('%s', async (_, authorization, status) => {
    const { origin, get, streams } = await pair({ keys })
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    for (const path of paths) {
      const head = await headOf(origin, path, headers)
      expect([path, head.status]).toEqual([path, status])
      expect(head.headers['www-authenticate']).toBe(status === 401 ? 'Basic realm="spillway"' : undefined)
    }
    await expect.poll(() => streams.count()).toBe(0)
    // The API takes no passwords, and asks for none.
    const models = await get('/v1/models', headers)
    expect(models.status).toBe(authorization?.startsWith('Bearer') ? status : 401)
    expect(models.headers.get('www-authenticate')).toBeNull()
  })

  test.each<[string, number]>([
    ['localhost', 200],
    ['localhost:8080', 200],
    ['LOCALHOST:1', 200],
    ['127.0.0.1', 200],
    ['127.0.0.1:65535', 200],
    ['127.8.0.9:80', 200],
    ['[::1]', 200],
    ['[::1]:8080', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example:8080', 403],
    ['evil.example:8080', 403],
    ['192.168.0.7:8080', 403],
    ['localhost@evil.example', 403],
  ])('without keys, whoever asks for %j gets %i', async (host, status) => {
    const { origin } = await pair()
    for (const path of paths) expect((await headOf(origin, path, { host })).status).toBe(status)
    // Other pages are as they were.
    expect((await headOf(origin, '/v1/models', { host })).status).toBe(200)
  })

  test('without keys, nobody who asks for no name', async () => {
    const { origin } = await pair()
    const { hostname, port } = new URL(origin)
    const socket = connect(Number(port), hostname)
    socket.write('GET /dashboard HTTP/1.0\r\n\r\n')
    const head = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
    expect(head.toString()).toMatch(/^HTTP\/1\.1 403 /)
    socket.destroy()
  })

  test('with keys, the name in the address does not matter', async () => {
    const { origin } = await pair({ keys })
    const headers = { host: 'gateway.example', authorization: basic('', 'sk-first') }
    for (const path of paths) expect((await headOf(origin, path, headers)).status).toBe(200)
  })

  test('nobody, by another method', async () => {
    const { ask, origin, streams } = await pair()
    for (const path of paths) {
      expect((await ask('{}', { path })).status).toBe(405)
      expect((await headOf(origin, path, {}, 'HEAD')).status).toBe(200)
    }
    expect(streams.count()).toBe(0)
  })

  test('and nobody else keeps it, shows it, or guesses at it', async () => {
    const { get } = await pair()
    const { headers } = await get('/dashboard')
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    })
  })
})

describe('the events of the live page', () => {
  test('are the state, then what changes, and agree with what was recorded', async () => {
    const { origin, ask, records } = await pair({}, (_, before) => (before % 3 === 0 ? { words: unsure } : {}))
    const { events, headers } = await watch(origin)
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await expect.poll(() => events.length).toBe(1)
    expect(events[0]).toMatchObject({ name: 'state', state: { totals: {}, decisions: [] } })
    for (let i = 0; i < 6; i++) expect((await ask(chat({ stream: i % 2 === 0 }))).status).toBe(200)
    await expect.poll(() => events.at(-1)?.state.totals.cascade?.requests).toBe(6)
    const updates = events.slice(1)
    expect(new Set(updates.map(({ name }) => name))).toEqual(new Set(['update']))
    const ids = updates.flatMap(({ state }) => state.decisions.map(({ id }) => id).toReversed())
    expect(ids).toEqual(records.map(({ id }) => id))
    const { cascade } = events.at(-1)!.state.totals
    expect(cascade.outcomes).toEqual({ kept: 4, escalated: 2 })
    expect(cascade.cost).toBeCloseTo(
      records.reduce((sum, { cost }) => sum + cost!, 0),
      12,
    )
    // Nothing happens, and nothing is said of it.
    const told = events.length
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(events.length).toBe(told)
  })

  test('have nothing of what was asked and answered', async () => {
    const told = async (texts: boolean) => {
      const { origin, ask } = await pair({ options: { texts } })
      await ask(chat({ messages: [{ role: 'user', content: 'a canary' }] }))
      const { events } = await watch(origin)
      await expect.poll(() => events.length).toBeGreaterThan(0)
      return JSON.stringify(events)
    }
    expect(await told(false)).not.toMatch(/canary|Grüße/)
    expect(await told(true)).toMatch(/canary.*Grüße/)
  })

  test('are alive by comments where nothing happens', async () => {
    const { origin } = await pair({ streams: { everyMs: 10, keepaliveMs: 40 } })
    const { comments, events } = await watch(origin)
    await expect.poll(comments).toBeGreaterThan(2)
    expect(events.length).toBe(1)
  })

  test('go to 32 at once; more are told to come again, and may once one has left', async () => {
    const { origin, streams, get } = await pair()
    const all = await Promise.all(Array.from({ length: 32 }, () => watch(origin)))
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 32 }, () => 200))
    const refused = await get('/dashboard/events')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
    expect(errorOf(refused)?.message).toMatch(/enough pages/)
    all[7].leave()
    await expect.poll(() => streams.count()).toBe(31)
    expect((await watch(origin)).status).toBe(200)
  })

  test('end for who leaves, before the first event too', async () => {
    const { origin, streams, faults } = await pair()
    const { hostname, port } = new URL(origin)
    for (let i = 0; i < 40; i++) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      socket.write(`GET /dashboard/events HTTP/1.1\r\nhost: localhost\r\n\r\n`)
      if (i % 2 === 0) await new Promise((resolve) => socket.once('data', resolve))
      socket.destroy()
    }
    await expect.poll(() => streams.count()).toBe(0)
    const one = await watch(origin)
    await expect.poll(() => one.events.length).toBe(1)
    one.leave()
    await expect.poll(() => streams.count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('end once the gateway drains, and hold it up by nothing', async () => {
    const { origin, streams, drain, get } = await pair()
    const all = await Promise.all([watch(origin), watch(origin)])
    await expect.poll(() => all.every(({ events }) => events.length === 1)).toBe(true)
    const start = performance.now()
    await drain(10_000)
    expect(performance.now() - start).toBeLessThan(8000)
    await Promise.all(all.map(({ ended }) => ended))
    expect(streams.count()).toBe(0)
    await expect(get('/dashboard/events')).rejects.toThrow()
  })

  test('wait for nobody who does not read, and then tell the state anew', async () => {
    const { origin, streams, live } = await pair()
    const { hostname, port } = new URL(origin)
    const socket = connect(Number(port), hostname)
    socket.write(`GET /dashboard/events HTTP/1.1\r\nhost: localhost\r\n\r\n`)
    await new Promise((resolve) => socket.once('readable', resolve))
    // Long records, so that what it does not read fills every buffer on the way.
    const record = recordOf(-0.2, { id: 'x'.repeat(2 ** 20) })
    const fast = await watch(origin)
    for (let i = 0; i < 30; i++) {
      live.add(record)
      const before = fast.events.length
      await expect.poll(() => fast.events.length, { interval: 5 }).toBeGreaterThan(before)
    }
    expect(streams.count()).toBe(2)
    let text = ''
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    await expect.poll(() => text.split('event: state').length - 1, { timeout: 10_000 }).toBeGreaterThan(1)
    // Not every update it missed was kept for it.
    expect(text.split('event: update').length - 1).toBeLessThan(30)
    socket.destroy()
    await expect.poll(() => streams.count()).toBe(1)
  })
})
