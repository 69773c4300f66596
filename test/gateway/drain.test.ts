import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { chat, startGateway, textOf, type RunningGateway, type Scene } from '../support/gateway.ts'
import { upstream, type Said } from '../support/upstream.ts'

/** More than fits into the buffers of a connection. */
const long: Said = { words: Array.from({ length: 8 }, (_, i) => [`${i}${'x'.repeat(2 ** 20)}`, -0.1] as const) }
const ways = [{ stream: false }, { stream: true }]

async function pair(small: Said, scene: Partial<Scene> = {}) {
  const [first, last] = [await upstream(() => small), await upstream()]
  return { first, ...(await startGateway({ small: first.url, large: last.url, ...scene })) }
}

/** A client that asks, and does not take anything of the answer until it is asked how many bytes it has. */
async function lazyClient({ origin }: RunningGateway, way: object): Promise<() => Promise<number>> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const closed = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve))
  const body = JSON.stringify(chat({ model: 'small', ...way }))
  socket.pause()
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  return async () => {
    let size = 0
    socket.on('data', (bytes: Buffer) => (size += bytes.length)).resume()
    await closed
    return size
  }
}

describe.each(ways)('a gateway that is to end, with %o,', (way) => {
  test('waits until an answer has gone to its last byte', async () => {
    const gateway = await pair({ ...long, firstMs: 100 })
    const bytes = await lazyClient(gateway, way)
    await expect.poll(() => gateway.first.asked.length).toBe(1)
    const drained = gateway.drain()
    await expect.poll(() => gateway.records.length + gateway.gateway.inFlight()).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await bytes()).toBeGreaterThan(8 * 2 ** 20)
    await drained
    expect(gateway.records).toMatchObject([{ status: 200 }])
  })

  test('does not wait for ever for a client that takes nothing', async () => {
    const gateway = await pair(long)
    const bytes = await lazyClient(gateway, way)
    await expect.poll(() => gateway.first.asked.length).toBe(1)
    await gateway.drain(300)
    expect(await bytes()).toBeLessThan(8 * 2 ** 20)
    expect([gateway.records.length, gateway.gateway.inFlight(), gateway.faults]).toEqual([1, 0, []])
  })

  test('answers everyone who came before', async () => {
    const gateway = await pair({ firstMs: 50 })
    const asking = Array.from({ length: 30 }, () => gateway.ask(chat(way)))
    await expect.poll(() => gateway.first.asked.length).toBe(30)
    await gateway.drain()
    for (const reply of await Promise.all(asking)) expect(textOf(reply)).toBe('Grüße 🙂 done')
    expect(gateway.records.length).toBe(30)
  })
})

test('a gateway that is to end does not wait for ever for the rest of a request', async () => {
  const gateway = await pair({})
  const { hostname, port } = new URL(gateway.origin)
  const socket = connect(Number(port), hostname).on('error', () => {})
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"model":')
  await expect.poll(() => gateway.gateway.inFlight()).toBe(1)
  await gateway.drain(100)
  expect([gateway.gateway.inFlight(), gateway.records]).toEqual([0, []])
})

test('a gateway that is to end turns away who waits for a place', async () => {
  const gateway = await pair({ firstMs: 200 }, { limits: { places: 1 } })
  const inside = gateway.ask(chat())
  await expect.poll(() => gateway.gateway.inFlight()).toBe(1)
  const waiting = gateway.ask(chat())
  await expect.poll(() => gateway.gateway.waiting()).toBe(1)
  expect((await gateway.get('/readyz')).status).toBe(200)
  const drained = gateway.drain()
  expect((await waiting).status).toBe(503)
  expect((await inside).status).toBe(200)
  await drained
})

test.each(ways)('a client that takes nothing of its answer any more is let go after a while (%o)', async (way) => {
  const gateway = await pair(long, { idleTimeoutMs: 200 })
  const bytes = await lazyClient(gateway, way)
  await expect.poll(() => gateway.records.length, { timeout: 5000 }).toBe(1)
  await expect.poll(() => gateway.connections(), { timeout: 5000 }).toBe(0)
  expect(await bytes()).toBeLessThan(8 * 2 ** 20)
  expect([gateway.gateway.inFlight(), gateway.faults]).toEqual([0, []])
})
