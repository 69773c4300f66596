import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { chat, startGateway, type Scene } from '../support/gateway.ts'
import { unsure } from '../support/upstream-words.ts'
import { upstream, type Said } from '../support/upstream.ts'

const slow: Said = { firstMs: 5000 }
const stream = { stream: true }
const ways = [{ stream: false }, stream]
/** Any failure would open it. */
const breaker = { failures: 1, restMs: 1e6 }

async function pair(small: Said, large: Said, scene: Partial<Scene> = {}) {
  const [first, last] = [await upstream(() => small), await upstream(() => large)]
  return { first, last, ...(await startGateway({ small: first.url, large: last.url, breaker, ...scene })) }
}
type Pair = Awaited<ReturnType<typeof pair>>

/** The client has gone: nothing goes on, and nobody is to blame. */
async function expectLeft({ records, faults, first, last, gateway, small }: Pair, calls: object[]) {
  await expect.poll(() => records.length).toBe(1)
  expect(records).toMatchObject([{ outcome: 'aborted', status: 499, calls }])
  expect(records[0]).not.toHaveProperty('error')
  const open = [...first.asked, ...last.asked].filter((_, i) => calls[i] !== undefined)
  await expect.poll(() => open.filter(({ left }) => left).length).toBeGreaterThan(0)
  await expect.poll(() => gateway.inFlight()).toBe(0)
  expect([faults, small.state()]).toEqual([[], 'closed'])
}

describe('a client that leaves', () => {
  test.each(ways)('before the small model says anything ends its call (%o)', async (way) => {
    const gateway = await pair(slow, {})
    const controller = new AbortController()
    const asking = gateway.ask(chat(way), { signal: controller.signal }).catch(() => 'left')
    await expect.poll(() => gateway.first.asked.length).toBe(1)
    controller.abort()
    expect(await asking).toBe('left')
    await expectLeft(gateway, [{ stage: 'small', result: 'aborted' }])
    expect(gateway.last.asked).toEqual([])
  })

  test.each(ways)('before the large model says anything ends its call, whatever could stand in (%o)', async (way) => {
    const gateway = await pair({ words: unsure }, slow, { cascade: { fallback: true } })
    const controller = new AbortController()
    const asking = gateway.ask(chat(way), { signal: controller.signal }).catch(() => 'left')
    await expect.poll(() => gateway.last.asked.length).toBe(1)
    controller.abort()
    expect(await asking).toBe('left')
    await expectLeft(gateway, [{ result: 'answered' }, { stage: 'large', result: 'aborted' }])
  })

  test('while comments keep its stream alive ends the calls too', async () => {
    const gateway = await pair({ words: unsure }, slow, { limits: { keepaliveMs: 20 } })
    const controller = new AbortController()
    const response = await gateway.begin(chat(stream), { signal: controller.signal })
    const { value } = await response.body!.getReader().read()
    expect(Buffer.from(value as Uint8Array).toString()).toMatch(/^: /)
    await expect.poll(() => gateway.last.asked.length).toBe(1)
    controller.abort()
    await expectLeft(gateway, [{ result: 'answered' }, { stage: 'large', result: 'aborted' }])
  })

  test.each<[string, Pick<Scene, 'policy' | 'cascade'>, Said, Said]>([
    ['the large answer', {}, { words: unsure }, { ends: 'forever', after: 3 }],
    [
      'the small answer, told early,',
      { policy: keepWhen([{ signal: 'mean_logprob_at_1', atLeast: -1 }]), cascade: { mode: 'early' } },
      { ends: 'forever', after: 3 },
      {},
    ],
  ])('within %s ends the call', async (_, scene, small, large) => {
    const gateway = await pair(small, large, scene)
    const controller = new AbortController()
    const response = await gateway.begin(chat(stream), { signal: controller.signal })
    expect(response.status).toBe(200)
    await response.body!.getReader().read()
    controller.abort()
    const calls = gateway.last.asked.length === 0 ? [{ stage: 'small' }] : [{}, { stage: 'large' }]
    await expectLeft(gateway, [...calls.slice(0, -1), { ...calls.at(-1), result: 'aborted' }])
  })

  test('within an answer of which no more comes ends the call', async () => {
    const gateway = await pair({ words: unsure }, { ends: 'stall', after: 3 })
    const controller = new AbortController()
    const response = await gateway.begin(chat(stream), { signal: controller.signal })
    await response.body!.getReader().read()
    controller.abort()
    await expectLeft(gateway, [{}, { stage: 'large', result: 'aborted' }])
  })

  test('while it waits for a place is nobody’s fault', async () => {
    const gateway = await pair(slow, {}, { limits: { places: 1 } })
    const [busy, waiting] = [new AbortController(), new AbortController()]
    const first = gateway.ask(chat(), { signal: busy.signal }).catch(() => 'left')
    await expect.poll(() => gateway.gateway.inFlight()).toBe(1)
    const second = gateway.ask(chat(), { signal: waiting.signal }).catch(() => 'left')
    await expect.poll(() => gateway.gateway.waiting()).toBe(1)
    waiting.abort()
    await expect.poll(() => gateway.gateway.waiting()).toBe(0)
    busy.abort()
    expect(await Promise.all([first, second])).toEqual(['left', 'left'])
    await expectLeft(gateway, [{ stage: 'small', result: 'aborted' }])
  })

  test('within its own request is nobody’s fault', async () => {
    const gateway = await pair({}, {})
    const { hostname, port } = new URL(gateway.origin)
    const socket = connect(Number(port), hostname)
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"model":')
    await expect.poll(() => gateway.gateway.inFlight()).toBe(1)
    socket.destroy()
    await expect.poll(() => gateway.gateway.inFlight()).toBe(0)
    expect([gateway.faults, gateway.records]).toEqual([[], []])
  })
})
