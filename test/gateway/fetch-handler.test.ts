import { describe, expect, test } from 'vitest'
import { fetchHandler } from '../../src/gateway/fetch-handler.ts'
import { chat, startGateway, type Scene } from '../support/gateway.ts'
import { sure, unsure } from '../support/upstream-words.ts'
import { upstream, type Said } from '../support/upstream.ts'

async function pair(small: Said = {}, large: Said = { words: [['large', -0.5]] }, scene: Partial<Scene> = {}) {
  const [first, last] = [await upstream(() => small), await upstream(() => large)]
  const running = await startGateway({ small: first.url, large: last.url, ...scene })
  return { first, last, ...running, handle: fetchHandler(running.gateway) }
}

const asking = (body: object, init: RequestInit = {}, path = '/v1/chat/completions') =>
  new Request(`http://gateway.test${path}`, { method: 'POST', body: JSON.stringify(body), ...init })

describe('the handler of web-standard requests', () => {
  test.each([sure, unsure].flatMap((words) => [{}, { stream: true }].map((way) => [words, way] as const)))(
    'answers as the server does, byte for byte (%j, %o)',
    async (words, way) => {
      const { handle, ask } = await pair({ words })
      const response = await handle(asking(chat(way)))
      const { status, headers, text } = await ask(chat(way))
      expect([response.status, await response.text()]).toEqual([status, text])
      for (const name of ['content-type', 'x-spillway-decision', 'x-spillway-stage', 'x-spillway-cost'])
        expect(response.headers.get(name)).toBe(headers.get(name))
    },
  )

  test('can stand below a path of its own', async () => {
    const { gateway } = await pair()
    const handle = fetchHandler(gateway, '/api/ai')
    expect((await handle(asking(chat(), {}, '/api/ai/v1/chat/completions'))).status).toBe(200)
    expect((await handle(new Request('http://gateway.test/api/ai/healthz'))).status).toBe(200)
    expect((await handle(new Request('http://gateway.test/api/ai'))).status).toBe(404)
  })

  test('tells of errors in the same words', async () => {
    const { handle } = await pair()
    const response = await handle(asking({ messages: [] }))
    expect([response.status, await response.json()]).toMatchObject([400, { error: { param: 'model' } }])
  })

  test.each([
    ['gives up its request', (controller: AbortController, _: Response) => controller.abort()],
    ['stops reading', (_: AbortController, response: Response) => void response.body?.cancel()],
  ])('ends its calls where a client %s', async (_, leave) => {
    const { handle, last, records, gateway } = await pair({ words: unsure }, { ends: 'forever', after: 3 })
    const controller = new AbortController()
    const response = await handle(asking(chat({ stream: true }), { signal: controller.signal }))
    leave(controller, response)
    await expect.poll(() => last.asked[0].left).toBe(true)
    await expect.poll(() => records).toMatchObject([{ outcome: 'aborted', status: 499 }])
    await expect.poll(() => gateway.inFlight()).toBe(0)
  })

  test('ends its calls where a client gives up before there is anything to read', async () => {
    const { handle, first, records } = await pair({ firstMs: 5000 })
    const controller = new AbortController()
    const answered = handle(asking(chat(), { signal: controller.signal }))
    await expect.poll(() => first.asked.length).toBe(1)
    controller.abort()
    expect((await answered).status).toBe(499)
    expect(records).toMatchObject([{ outcome: 'aborted', calls: [{ stage: 'small', result: 'aborted' }] }])
  })
})
