import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { hashOfKey } from '../../src/gateway/client-keys.ts'
import { chat, startGateway, textOf, type Scene } from '../support/gateway.ts'
import { unsure } from '../support/upstream-words.ts'
import { upstream, type Said } from '../support/upstream.ts'

const ways = [{ stream: false }, { stream: true }]

async function pair(scene: Partial<Scene> = {}, small: Said = { words: unsure }, large: Said = {}) {
  const [first, last] = [await upstream(() => small), await upstream(() => large)]
  return { first, last, ...(await startGateway({ small: first.url, large: last.url, ...scene })) }
}

/** What a client may say that concerns nobody but the gateway. */
const own = {
  authorization: 'Bearer sk-client',
  cookie: 'a=b',
  'proxy-authorization': 'Basic eDp5',
  'x-api-key': 'sk-x',
  'x-forwarded-for': '10.0.0.1',
  'user-agent': 'client/1',
  'accept-encoding': 'gzip, br',
  accept: 'text/x-own',
  'x-spillway-details': '1',
  'x-trace': 't-1',
  'x-other': 'o-1',
  'openai-organization': 'org-1',
  te: 'trailers',
}
const keys = [{ name: 'alice', sha256: hashOfKey('sk-client') }]

describe('of the headers of a request', () => {
  test('none goes on by itself', async () => {
    const { ask, first, last } = await pair({ keys, model: { key: 'sk-upstream' } })
    await ask(chat(), { headers: own })
    for (const { asked } of [first, last]) {
      const { host, 'content-length': length, ...headers } = asked[0].headers
      expect(headers).toEqual({
        'content-type': 'application/json',
        'user-agent': 'spillway',
        authorization: 'Bearer sk-upstream',
        connection: 'keep-alive',
      })
      expect([host, Number(length)]).toEqual([
        expect.stringMatching(/^127\.0\.0\.1:/),
        Buffer.byteLength(asked[0].body),
      ])
    }
  })

  test('those go on that are named, and none that belongs to a connection', async () => {
    const unfit = [
      'connection',
      'host',
      'content-length',
      'transfer-encoding',
      'te',
      'accept-encoding',
      'expect',
      'upgrade',
    ]
    const forward = ['x-trace', 'openai-organization', 'x-none', 'proxy-authorization', ...unfit]
    const { ask, first } = await pair({ keys, model: { key: 'sk-upstream' }, options: { forward } })
    const { text: whole } = await ask(chat({ model: 'small' }), { headers: own })
    const { host, 'content-length': length, ...headers } = first.asked[0].headers
    expect(headers).toEqual({
      'content-type': 'application/json',
      'user-agent': 'spillway',
      authorization: 'Bearer sk-upstream',
      connection: 'keep-alive',
      'x-trace': 't-1',
      'openai-organization': 'org-1',
    })
    expect([host, length]).toEqual([new URL(first.url).host, String(first.asked[0].body.length)])
    expect(whole).toContain('no idea')
  })

  test('a header that is named may take the place of the model’s own', async () => {
    const { ask, first } = await pair({ model: { key: 'sk-upstream' }, options: { forward: ['authorization'] } })
    await ask(chat({ model: 'small' }), { headers: { authorization: 'Bearer sk-theirs' } })
    await ask(chat({ model: 'small' }))
    expect(first.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-theirs', 'Bearer sk-upstream'])
  })
})

describe.each(ways)('of the headers of an answer, with %o,', (way) => {
  test('the client gets none but what it is made of', async () => {
    const odd = {
      'set-cookie': 'a=b',
      server: 'uvicorn',
      'x-request-id': 'r-1',
      'openai-processing-ms': '7',
      'keep-alive': 'timeout=1',
      'proxy-connection': 'keep-alive',
      'x-spillway-decision': 'keep',
      'x-spillway-other': 'x',
      trailer: 'x-end',
      'access-control-allow-origin': '*',
      'cache-control': 'max-age=60',
      etag: '"x"',
    }
    const { ask } = await pair({}, { words: unsure, headers: odd }, { headers: odd })
    const reply = await ask(chat(way))
    expect(textOf(reply)).toBe('Grüße 🙂 done')
    const names = [...reply.headers.keys()].filter((name) => !/^(?:date|connection|keep-alive)$/.test(name))
    const told = ['decision', 'id', 'outcome', 'signal', 'stage'].map((name) => `x-spillway-${name}`)
    const more = way.stream ? ['cache-control', 'transfer-encoding'] : ['content-length', 'x-spillway-cost']
    expect(names.toSorted()).toEqual([...more, 'content-type', ...told].toSorted())
    expect(reply.headers.get('x-spillway-decision')).toBe('escalate')
    expect(reply.headers.get('cache-control')).toBe(way.stream ? 'no-cache' : null)
    expect(reply.headers.get('keep-alive')).not.toBe('timeout=1')
  })

  test('the length is that of what is told, not of what came', async () => {
    const { origin, first } = await pair({}, {})
    const body = JSON.stringify(chat(way))
    const { hostname, port } = new URL(origin)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    )
    const [head, ...rest] = (await text(socket)).split('\r\n\r\n')
    const lengths = head.match(/^(?:content-length|transfer-encoding): .*$/gim)
    const length = Buffer.byteLength(rest.join('\r\n\r\n'))
    expect(lengths).toEqual(
      [way.stream ? 'transfer-encoding: chunked' : `content-length: ${length}`].map((line) =>
        expect.stringMatching(new RegExp(`^${line}$`, 'i')),
      ),
    )
    // The log-probabilities that the gateway asked for are taken out.
    expect(first.asked[0].fields.logprobs).toBe(true)
    expect(rest.join('')).toMatch(/"logprobs":null/)
    expect(first.asked[0].headers['transfer-encoding']).toBeUndefined()
    expect(first.asked[0].headers['content-length']).toBe(String(Buffer.byteLength(first.asked[0].body)))
  })

  test('an answer that is packed without being asked is none', async () => {
    const { ask, records } = await pair({}, { headers: { 'content-encoding': 'gzip' } })
    expect(textOf(await ask(chat(way)))).toBe('Grüße 🙂 done')
    expect(records).toMatchObject([{ outcome: 'small-failed' }])
  })
})
