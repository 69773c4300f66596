import { describe, expect, test } from 'vitest'
import { hashOfKey } from '../../src/gateway/client-keys.ts'
import { chat, errorOf, startGateway, textOf, type Scene } from '../support/gateway.ts'
import { upstream, type Said } from '../support/upstream.ts'

async function pair(scene: Partial<Scene> = {}, small: (before: number) => Said = () => ({})) {
  const [first, last] = [await upstream((_, before) => small(before)), await upstream()]
  return { first, last, ...(await startGateway({ small: first.url, large: last.url, ...scene })) }
}

const messages = '"messages":[{"role":"user","content":"hi"}]'
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

describe('a request that nobody is asked', () => {
  test.each<[string, string, number, object]>([
    ['is longer than may be', JSON.stringify({ model: 'x'.repeat(3000) }), 413, { code: 'request_too_large' }],
    ['is nested too deeply', `{"model":"cascade","messages":${deep(200)}}`, 400, {}],
    ['is nested too deeply from the start', deep(1000), 400, {}],
    ['is empty', '', 400, {}],
    ['is no JSON', '{"model":', 400, {}],
    ['is no object', '"cascade"', 400, {}],
    ['goes on after its end', `{"model":"cascade",${messages}} and`, 400, {}],
    ['has a word for a value', `{"model":cascade,${messages}}`, 400, {}],
    ['has half a word for a value', `{"model":"cascade","stream":tru,${messages}}`, 400, {}],
    ['names no model', `{${messages}}`, 400, { param: 'model' }],
    ['names a model that is none', `{"model":7,${messages}}`, 400, { param: 'model' }],
    ['names another model', `{"model":"gpt-x",${messages}}`, 404, { code: 'model_not_found', param: 'model' }],
    ['has no messages', '{"model":"cascade"}', 400, { param: 'messages' }],
    ['has a limit that is no number', `{"model":"cascade","max_tokens":"9",${messages}}`, 400, { param: 'max_tokens' }],
  ])('%s', async (_, body, status, facts) => {
    const { ask, first, last, faults } = await pair({ limits: { bodyBytes: 2000 } })
    const reply = await ask(body)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'application/json'])
    expect(errorOf(reply)).toMatchObject({ message: expect.stringMatching(/\w/), ...facts })
    expect([first.asked, last.asked, faults]).toEqual([[], [], []])
  })

  test.each<[string, string, string, number]>([
    ['uses another method', 'GET', '/v1/chat/completions', 405],
    ['asks for another page', 'POST', '/v1/images', 404],
    ['asks for an API that is not offered', 'POST', '/v1/embeddings', 404],
    ['asks for a name that every object has', 'POST', '/constructor', 404],
  ])('%s', async (_, method, path, status) => {
    const { ask, first } = await pair()
    const reply = await ask(chat(), { method, path })
    expect([reply.status, errorOf(reply)?.type]).toEqual([status, 'invalid_request_error'])
    expect(first.asked).toEqual([])
  })

  test('is far longer than may be, and still gets to hear of it', async () => {
    const { ask, gateway } = await pair({ limits: { bodyBytes: 2000 } })
    const reply = await ask(JSON.stringify({ model: 'x'.repeat(2 ** 22) }))
    expect([reply.status, errorOf(reply)]).toEqual([413, expect.objectContaining({ code: 'request_too_large' })])
    expect(gateway.inFlight()).toBe(0)
  })

  test('wants another mode than there are', async () => {
    const { ask } = await pair()
    expect((await ask(chat(), { headers: { 'x-spillway-mode': 'fast' } })).status).toBe(400)
  })
})

describe('requests at a time', () => {
  test('wait for a place, and are turned away where enough wait', async () => {
    const limits = { places: 1, queue: 1 }
    const { ask, gateway, first, records } = await pair({ limits }, () => ({ firstMs: 300 }))
    const inside = ask(chat())
    await expect.poll(() => gateway.inFlight()).toBe(1)
    const waiting = ask(chat())
    await expect.poll(() => gateway.waiting()).toBe(1)
    const refused = await ask(chat())
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(errorOf(refused)?.type).toBe('rate_limit_error')
    for (const reply of await Promise.all([inside, waiting])) expect(textOf(reply)).toBe('Grüße 🙂 done')
    expect([first.asked.length, records.length, gateway.inFlight()]).toEqual([2, 2, 0])
  })

  test('that wait for too long are turned away', async () => {
    const { ask, gateway } = await pair({ limits: { places: 1, waitMs: 50 } }, () => ({ firstMs: 400 }))
    const inside = ask(chat())
    await expect.poll(() => gateway.inFlight()).toBe(1)
    const refused = await ask(chat())
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await inside).status).toBe(200)
  })

  test('take a place up as long as their streams last', async () => {
    const { begin, gateway } = await pair({}, () => ({ ends: 'stall', after: 3 }))
    const controller = new AbortController()
    await begin(chat({ model: 'small', stream: true }), { signal: controller.signal })
    expect(gateway.inFlight()).toBe(1)
    controller.abort()
    await expect.poll(() => gateway.inFlight()).toBe(0)
  })
})

describe('keys', () => {
  const keys = ['first', 'second'].map((name) => ({ name, sha256: hashOfKey(`sk-${name}`) }))

  test.each<[string, string | undefined, number]>([
    ['none', undefined, 401],
    ['a wrong one', 'Bearer sk-third', 401],
    ['an empty one', 'Bearer ', 401],
    ['its hash', `Bearer ${keys[0].sha256}`, 401],
    ['one of another scheme', 'Basic sk-first', 401],
    ['the first', 'Bearer sk-first', 200],
    ['the second', 'bearer sk-second', 200],
  ])('%s: %s gives %i', async (_, authorization, status) => {
    const { ask, first, records } = await pair({ keys })
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    expect((await ask(chat(), { headers })).status).toBe(status)
    expect((await ask('', { method: 'GET', path: '/v1/models', headers })).status).toBe(status)
    expect(first.asked.length).toBe(status === 200 ? 1 : 0)
    expect(records.map(({ client }) => client)).toEqual(status === 200 ? [authorization!.slice(10)] : [])
  })

  test('are not wanted for what a balancer asks', async () => {
    const { ask } = await pair({ keys })
    for (const path of ['/healthz', '/readyz']) expect((await ask('', { method: 'GET', path })).status).toBe(200)
  })
})
