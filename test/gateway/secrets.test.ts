import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hashOfKey } from '../../src/gateway/client-keys.ts'
import { chat, type Reply } from '../support/client.ts'
import { configOf, serveFolder, startServe } from '../support/serve.ts'
import { unsure } from '../support/upstream-words.ts'
import { upstream, type Said, type UpstreamAsked } from '../support/upstream.ts'

// Characters that URLs and JSON write in another way, too.
const keys = {
  env: 'sk-canary/env+4711==',
  file: 'sk-canary-file-4711',
  header: 'canary "header" 4711',
  team: 'canary-team-4711',
  client: 'sk-spillway-canary-client',
}
const sent = ['authorization', 'api-key', 'x-team'] as const

/** What a server knows of its caller's secrets, as it came and in other guises. */
function echoOf({ headers }: UpstreamAsked): string {
  const values = sent.flatMap((name) => headers[name] ?? []).flat()
  return [...values, ...values.map((each) => encodeURIComponent(each))].join(' and ')
}

/** Servers that tell whoever asks what they were asked with. */
const leaks: [string, (echo: string) => Said][] = [
  ['a refusal', (echo) => ({ status: 401, body: errorOf(echo) })],
  ['a refusal in every field', (echo) => ({ status: 400, body: errorOf(echo, echo) })],
  ['a fault', (echo) => ({ status: 500, body: errorOf(echo) })],
  ['a fault with a long message', (echo) => ({ status: 500, body: errorOf(`${'x'.repeat(290)}${echo}`) })],
  ['a list of faults', (echo) => ({ status: 422, body: JSON.stringify({ detail: [{ loc: [echo], msg: echo }] }) })],
  ['a page', (echo) => ({ status: 503, body: `<html><title>${echo}</title><body>${echo}` })],
  ['a text', (echo) => ({ status: 403, body: `Sorry, ${echo}` })],
  ['a redirect', (echo) => ({ status: 307, body: '', headers: { location: `http://x/${echo}?${echo}` } })],
  ['a refusal with Retry-After', (echo) => ({ status: 429, body: errorOf(echo), headers: { 'retry-after': '1' } })],
  ['an answer that is an error', (echo) => ({ body: errorOf(echo) })],
  ['an answer that is a text', (echo) => ({ body: `It is ${echo}` })],
  ['an answer that is a page', (echo) => ({ body: `<html><title>${echo}</title>` })],
  ['an answer that is broken JSON', (echo) => ({ body: `{"choices":[{"message":{"content":${JSON.stringify(echo)}` })],
  ['an answer without a choice', (echo) => ({ body: JSON.stringify({ id: echo, choices: [] }) })],
  ['an event that is an error', (echo) => ({ body: `event: error\ndata: ${errorOf(echo)}\n\n` })],
  ['an event that is a text', (echo) => ({ body: `data: ${echo}\n\n` })],
  ['an event that is cut', (echo) => ({ body: `data: ${errorOf(echo).slice(0, -9)}` })],
  ['an error after the first words', (echo) => ({ body: `${words}data: ${errorOf(echo)}\n\n` })],
  ['an error in a choice', (echo) => ({ body: `${words}data: {"choices":[${errorOf(echo)}]}\n\n` })],
]
const errorOf = (message: string, more = 'x') =>
  JSON.stringify({ error: { message: `Incorrect API key: ${message}`, type: more, code: more, param: more } })
const words = `data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n`
const shouting = (echo: string) => ({
  'set-cookie': `key=${encodeURIComponent(echo)}`,
  'www-authenticate': `Bearer error="${encodeURIComponent(echo)}"`,
  'x-request-id': encodeURIComponent(echo),
  'openai-organization': encodeURIComponent(echo),
})

test('no secret is in any answer, header, page, message or line of the log, whatever a server gives away', async () => {
  let leak: (echo: string) => Said = () => ({})
  let smallLeaks = true
  const script = (asked: UpstreamAsked): Said => {
    const echo = echoOf(asked)
    const said = asked.fields.model === 'small-model' && !smallLeaks ? { words: unsure } : leak(echo)
    return { ...said, headers: { ...shouting(echo), ...said.headers } }
  }
  const server = await upstream(script)
  const config = configOf({
    small: server.url,
    large: server.url,
    smallEntry: { key: '${KEY}', headers: { 'x-team': 'of ${TEAM}' }, retries: 0 },
    largeEntry: { key_file: 'key', headers: { 'api-key': '${HEADER}' }, retries: 0 },
    serve: {
      keys: [{ name: 'alice', sha256: hashOfKey(keys.client) }],
      log: { folder: 'decisions', texts: true },
      pass_through: { embeddings: ['large'] },
    },
  })
  const folder = serveFolder({}, config)
  folder.write('key', keys.file)
  const env = { KEY: keys.env, TEAM: keys.team, HEADER: keys.header }
  const gateway = await startServe({ env }, folder)
  const headers = { authorization: `Bearer ${keys.client}`, 'x-spillway-details': 'true' }
  const replies: Reply[] = []
  for (const [, next] of leaks) {
    leak = next
    for (const each of [true, false]) {
      smallLeaks = each
      for (const wish of [chat(), chat({ stream: true }), chat({ model: 'small' })])
        replies.push(await gateway.ask(wish, { headers }))
    }
    replies.push(await gateway.ask({ model: 'cascade', prompt: 'a' }, { headers, path: '/v1/completions' }))
  }
  leak = (echo) => ({ status: 401, body: errorOf(echo) })
  replies.push(await gateway.ask({ model: 'large', input: 'a' }, { headers, path: '/v1/embeddings' }))
  replies.push(await gateway.ask(chat(), { headers: { authorization: `Bearer ${keys.client}x` } }))
  replies.push(await gateway.ask('{"model":', { headers }))
  for (const path of ['/metrics', '/stats', '/v1/models', `/v1/x?key=${keys.client}`])
    replies.push(await gateway.get(path, headers))
  const { code, stdout, stderr } = await gateway.stop()
  expect(code).toBe(0)

  // They were there to be given away.
  for (const key of [keys.env, keys.file])
    expect(server.asked.some(({ headers: { authorization } }) => authorization === `Bearer ${key}`)).toBe(true)
  expect(server.asked.some((asked) => asked.headers['x-team'] === `of ${keys.team}`)).toBe(true)
  expect(server.asked.some((asked) => asked.headers['api-key'] === keys.header)).toBe(true)

  for (const { text, headers: told } of replies) expect(`${text}\n${JSON.stringify([...told])}`).not.toMatch(/canary/i)
  const lines = gateway.lines()
  expect(lines.length).toBe(leaks.length * 7 + 1)
  for (const path of folder.logFiles()) expect(readFileSync(path, 'utf8')).not.toMatch(/canary/i)
  for (const text of [stdout, stderr]) expect(text).not.toMatch(/canary/i)
  expect(stderr).not.toMatch(/fault of Spillway/)
  // What else they said is told.
  expect(lines.some(({ error }) => error?.includes('Incorrect API key: ***'))).toBe(true)
}, 120_000)
