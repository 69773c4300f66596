import { expect, test } from 'vitest'
import { metricsOf } from '../../../src/gateway/metrics.ts'
import { chat, startGateway } from '../../support/gateway.ts'
import { liveScene, offerOf, recordOf, tunedPolicy } from '../../support/live.ts'
import { unsure } from '../../support/upstream-words.ts'
import { upstream, type Said } from '../../support/upstream.ts'

async function pair(small: Said, large: Said = {}, speculateAfter?: number) {
  const [first, last] = [await upstream(() => small), await upstream(() => large)]
  const cascade = speculateAfter === undefined ? {} : { speculateAfter }
  return { first, last, ...(await startGateway({ small: first.url, large: last.url, cascade })) }
}

test('calls are under way until they end, however they do', async () => {
  const { ask, small } = await pair({ firstMs: 150 })
  const asked = [ask(chat()), ask(chat({ stream: true }))]
  await expect.poll(() => small.inFlight()).toBe(2)
  await Promise.all(asked)
  expect([small.inFlight(), small.failures()]).toEqual([0, 0])
})

test('calls that break off, fail, or are left are under way no more', async () => {
  for (const said of [{ ends: 'reset', after: 1 }, { status: 500, body: '{}' }, { words: unsure }] as Said[]) {
    const { ask, small } = await pair(said, {}, 1)
    for (const stream of [true, false]) expect((await ask(chat({ stream, max_tokens: 9 }))).status).toBe(200)
    await expect.poll(() => small.inFlight()).toBe(0)
    expect(small.failures()).toBe('words' in said ? 0 : 2)
  }
})

test('a call whose client has left is under way no more', async () => {
  const { begin, small } = await pair({ ends: 'stall', after: 2 })
  const controller = new AbortController()
  await begin(chat({ model: 'small', stream: true }), { signal: controller.signal })
  expect(small.inFlight()).toBe(1)
  controller.abort()
  await expect.poll(() => small.inFlight()).toBe(0)
})

test('metrics tell the drift of the policies there are', async () => {
  const tuned = Array.from({ length: 900 }, (_, i) => -((i % 30) + 0.5) / 10)
  const { live, add } = liveScene(tunedPolicy(tuned))
  const nothing = { inFlight: () => 0, waiting: () => 0, logDropped: () => 0, breakers: () => [] }
  const metrics = metricsOf({ ...nothing, drift: () => live.drift() })
  const lines = async () => (await metrics.text()).split('\n').filter((line) => line.startsWith('spillway_drift'))
  add(recordOf(-0.2))
  expect(await lines()).toEqual([])
  for (let i = 0; i < 400; i++) add(recordOf(tuned[(i * 7) % 900] - 1))
  const labels = (window: string) => `{cascade="cascade",stage="small",signal="mean_logprob",window="${window}"}`
  const told = await lines()
  expect(told.filter((line) => line.startsWith('spillway_drift{'))).toEqual([
    `spillway_drift${labels('hour')} 1`,
    `spillway_drift${labels('day')} 1`,
  ])
  expect(
    Number(told.find((line) => line.startsWith(`spillway_drift_psi${labels('day')}`))?.split(' ')[1]),
  ).toBeGreaterThan(0.1)
  live.offer(offerOf(tunedPolicy(tuned), 'next'))
  expect(await lines()).toEqual([])
})
