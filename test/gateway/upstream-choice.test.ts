import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { httpServer } from '../support/http-server.ts'
import { chat, startGateway, type Scene } from '../support/gateway.ts'
import { unsure } from '../support/upstream-words.ts'
import { upstream, type Said } from '../support/upstream.ts'

/** A gateway, and a server beside it that nobody has any business with. */
async function pair(small: Said = {}, large: Said = {}, scene: Partial<Scene> = {}) {
  const [first, last, stranger] = [await upstream(() => small), await upstream(() => large), await upstream()]
  const host = new URL(stranger.url).host
  return { first, last, stranger, host, ...(await startGateway({ small: first.url, large: last.url, ...scene })) }
}

/** What comes back for a request as it stands. */
async function raw(origin: string, head: readonly string[], body = JSON.stringify(chat())): Promise<string> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  const lines = [...head, `content-length: ${Buffer.byteLength(body)}`, 'connection: close', '', body]
  socket.write(lines.join('\r\n'))
  return text(socket)
}

describe('where a request goes', () => {
  test.each<[string, (host: string) => string[], RegExp]>([
    ['an address', (host) => [`POST http://${host}/v1/chat/completions HTTP/1.1`, 'host: x'], /^HTTP\/1\.1 404 /],
    [
      'an address of two slashes',
      (host) => [`POST //${host}/v1/chat/completions HTTP/1.1`, 'host: x'],
      /^HTTP\/1\.1 404 /,
    ],
    ['a way around', () => ['POST /v1/../v1/chat/completions HTTP/1.1', 'host: x'], /^HTTP\/1\.1 404 /],
    [
      'a query',
      (host) => [`POST /v1/chat/completions?base_url=http://${host}/v1 HTTP/1.1`, 'host: x'],
      /^HTTP\/1\.1 200 /,
    ],
    ['a tunnel', (host) => [`CONNECT ${host} HTTP/1.1`, `host: ${host}`], /^(?:HTTP\/1\.1 4\d\d |$)/],
    ['everything', () => ['OPTIONS * HTTP/1.1', 'host: x'], /^HTTP\/1\.1 404 /],
  ])('is not a matter of its path, were it %s', async (_, head, says) => {
    const { origin, host, stranger, faults } = await pair()
    expect(await raw(origin, head(host))).toMatch(says)
    expect([stranger.asked, stranger.connections(), faults]).toEqual([[], 0, []])
  })

  test('is not a matter of its headers', async () => {
    const { origin, host, first, stranger } = await pair()
    const url = `http://${host}/v1`
    const head = [
      'POST /v1/chat/completions HTTP/1.1',
      `host: ${host}`,
      ...['x-forwarded-host', 'x-forwarded-server', 'x-host', 'x-original-host'].map((name) => `${name}: ${host}`),
      ...['x-original-url', 'x-rewrite-url', 'x-base-url', 'openai-base-url', 'referer', 'origin'].map(
        (name) => `${name}: ${url}`,
      ),
      ...['upstream', 'url', 'base-url', 'host', 'model', 'stage'].map((name) => `x-spillway-${name}: ${url}`),
      `forwarded: host=${host}`,
      `x-portkey-custom-host: ${url}`,
    ]
    expect(await raw(origin, head)).toMatch(/^HTTP\/1\.1 200 /)
    expect(first.asked[0].headers.host).toBe(new URL(first.url).host)
    expect(JSON.stringify(first.asked[0].headers)).not.toContain(host)
    expect([stranger.asked, stranger.connections()]).toEqual([[], 0])
  })

  test('is not a matter of its fields, which go on to the models that there are', async () => {
    const { ask, host, first, last, stranger } = await pair({ words: unsure })
    const url = `http://${host}/v1`
    const fields = {
      base_url: url,
      api_base: url,
      url,
      host,
      endpoint: url,
      custom_llm_provider: 'openai',
      api_key: 'x',
    }
    const nested = { extra_body: fields, extra_headers: { host }, metadata: { base_url: url } }
    expect((await ask(chat({ ...fields, ...nested }))).status).toBe(200)
    for (const { asked } of [first, last]) expect(asked).toMatchObject([{ fields: { ...fields, ...nested } }])
    expect([stranger.asked, stranger.connections()]).toEqual([[], 0])
  })

  test.each([
    (host: string) => `small@http://${host}/v1`,
    (host: string) => `http://${host}/v1`,
    () => 'openai:gpt-4.1',
    () => 'ollama:llama3.2:1b',
    () => '../small.gguf',
    () => 'small/../large',
    () => 'SMALL',
    () => ' small',
    () => 'small-model',
    () => '__proto__',
    () => 'constructor',
    () => '',
  ])('is not a matter of the name of a model that there is none of, %o', async (name) => {
    const { ask, host, first, last, stranger } = await pair()
    expect((await ask(chat({ model: name(host) }))).status).toBe(404)
    expect([first.asked, last.asked, stranger.asked, stranger.connections()]).toEqual([[], [], [], 0])
  })
})

describe.each([301, 302, 303, 307, 308])('a redirect with status %i', (status) => {
  test.each([{ stream: false }, { stream: true }])('is not followed (%o)', async (way) => {
    const stranger = await httpServer((response) => void response.end('{}'))
    const moved: Said = { status, body: '', headers: { location: `${stranger.origin}/v1/chat/completions` } }
    const { ask, first, last } = await pair(moved, moved)
    expect((await ask(chat(way))).status).toBe(502)
    expect([first.asked.length, last.asked.length]).toEqual([1, 1])
    expect([stranger.asked, stranger.connections()]).toEqual([[], 0])
    await stranger.close()
  })
})

test('a connection that wants to become something else stays what it is', async () => {
  const { origin, first } = await pair()
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname).on('error', () => {})
  socket.end('GET /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  const [said] = (await once(socket, 'data')) as [Buffer]
  expect(String(said)).toMatch(/^HTTP\/1\.1 (?:400|405|426) /)
  expect(first.asked).toEqual([])
})
