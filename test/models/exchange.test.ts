import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import type { Exchange, HttpModel } from '../../src/models/exchange.ts'
import { ModelError } from '../../src/models/model-error.ts'
import type { ModelEvent } from '../../src/models/model.ts'
import type { OpenAiOptions } from '../../src/models/openai-options.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { httpServer, type Asked, type HttpServer } from '../support/http-server.ts'
import { openAiServer } from '../support/openai-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

async function subject(
  answer: (response: ServerResponse, asked: Asked, before: number) => void | Promise<void>,
  options: Partial<OpenAiOptions> = {},
): Promise<{ server: HttpServer; model: HttpModel }> {
  const server = await httpServer(answer)
  const model = openAiModel({ id: 'x', url: `${server.origin}/v1`, model: 'm', sleep: async () => {}, ...options })
  open.push(server, model)
  return { server, model }
}

async function read({ pieces }: Exchange): Promise<{ text: string; events: ModelEvent[]; failures: ModelError[] }> {
  const bytes: Uint8Array[] = []
  const events: ModelEvent[] = []
  const failures: ModelError[] = []
  for await (const piece of pieces) {
    bytes.push(piece.bytes)
    events.push(...piece.events)
    if (piece.failure !== undefined) failures.push(piece.failure)
  }
  return { text: Buffer.concat(bytes).toString(), events, failures }
}

const chat = (more: object = {}) =>
  JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'Hi' }], ...more })
const answer = '{ "choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}], "x_unknown":{"kept":[1, 2]} }\n'

test('a body goes as it is, and the answer comes as it is, with the events that it holds', async () => {
  const { model, server } = await subject((response) => {
    response.writeHead(201, { 'x-request-id': 'r1' })
    response.end(answer)
  })
  const body = Buffer.from(chat({ unknown: true }).replaceAll(':', ' : '))
  const exchange = await model.exchange(body)
  expect(exchange.status).toBe(201)
  expect(exchange.headers['x-request-id']).toBe('r1')
  const { text, events } = await read(exchange)
  expect(text).toBe(answer)
  expect(events).toEqual([
    { type: 'text', text: 'Hi' },
    { type: 'finish', reason: 'stop' },
  ])
  expect(server.asked[0].body).toBe(body.toString())
})

test('what a body says decides the address, and how many alternatives are read', async () => {
  const server = await openAiServer()
  const model = openAiModel({ id: 'x', url: server.origin, model: 'm' })
  open.push(server, model)
  for (const stream of [false, true])
    for (const [body, path] of [
      [chat({ logprobs: true, top_logprobs: 2, max_tokens: 5, stream }), '/chat/completions'],
      [JSON.stringify({ prompt: 'Hi', logprobs: 2, max_tokens: 5, stream }), '/completions'],
    ]) {
      const { events } = await read(await model.exchange(body))
      expect(server.asked.at(-1)?.path).toBe(path)
      const tokens = events.flatMap((event) => (event.type === 'token' ? [event.token] : []))
      expect(tokens.length).toBeGreaterThan(2)
      for (const token of tokens) expect(token.alternatives).toHaveLength(2)
    }
})

test('a caller who has read the body may say what it says', async () => {
  const { model, server } = await subject((response) => void response.end('{"choices":[{"text":"Hi"}]}'))
  await read(await model.exchange('not read', { facts: { api: 'completions' } }))
  expect(server.asked[0].path).toBe('/v1/completions')
})

test('headers of the caller come before those of the model, but for those of the connection', async () => {
  const { model, server } = await subject((response) => void response.end(answer), {
    key: 'sk-own',
    headers: { 'x-a': '1' },
  })
  const headers = {
    Authorization: 'Bearer sk-theirs',
    'accept-encoding': 'gzip',
    connection: 'close',
    host: 'elsewhere',
  }
  await read(await model.exchange(chat(), { headers }))
  expect(server.asked[0].headers).toMatchObject({ authorization: 'Bearer sk-theirs', 'x-a': '1' })
  expect(server.asked[0].headers['accept-encoding']).toBeUndefined()
  expect(server.asked[0].headers.host).toBe(new URL(server.origin).host)
})

test('the bytes of a stream come as they are sent, each with the events that it completed', async () => {
  const lines = [
    'data: {"choices":[{"delta":{"content":"a"}}]}\n\n',
    'data: {"choices":[{"delta":{"con',
    'tent":"b"}}]}\n\n',
  ]
  const { model } = await subject(async (response) => {
    for (const line of lines) {
      response.write(line)
      await wait(20)
    }
    response.end('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
  })
  const seen: [string, string[]][] = []
  for await (const { bytes, events } of (await model.exchange(chat({ stream: true }))).pieces)
    seen.push([Buffer.from(bytes).toString(), events.map((event) => (event.type === 'text' ? event.text : event.type))])
  expect(seen.map(([text]) => text).slice(0, 3)).toEqual(lines)
  expect(seen.map(([, events]) => events)).toEqual([['a'], [], ['b'], ['finish']])
})

test('a refusal is given as it came, once asking again is of no use', async () => {
  const { model, server } = await subject((response) => {
    response.writeHead(429, { 'retry-after': '7' })
    response.end('{"error":{"message":"slow down","unknown":1}}')
  })
  const exchange = await model.exchange(chat(), { retries: 2 })
  expect(server.asked).toHaveLength(3)
  expect(exchange.status).toBe(429)
  expect(exchange.headers['retry-after']).toBe('7')
  const { text, events, failures } = await read(exchange)
  expect(text).toBe('{"error":{"message":"slow down","unknown":1}}')
  expect(events).toEqual([])
  expect(failures.map(({ status }) => status)).toEqual([429])
})

test('an answer that begins after a refusal is given', async () => {
  const { model } = await subject((response, _, before) => {
    response.statusCode = before === 0 ? 503 : 200
    response.end(answer)
  })
  const exchange = await model.exchange(chat())
  expect(exchange.status).toBe(200)
  expect((await read(exchange)).text).toBe(answer)
})

test('what is wrong with an answer is told beside its bytes', async () => {
  const { model, server } = await subject((response) => void response.end('<html>'))
  const { text, events, failures } = await read(await model.exchange(chat()))
  expect(text).toBe('<html>')
  expect(events).toEqual([])
  expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('is an HTML page, not JSON')])
  expect(server.asked).toHaveLength(1)
})

test('a connection that breaks within an answer fails once, after the bytes that came', async () => {
  const { model, server } = await subject((response) => {
    response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
    setTimeout(() => response.destroy(), 20)
  })
  const pieces = (await model.exchange(chat({ stream: true }))).pieces[Symbol.asyncIterator]()
  expect((await pieces.next()).value).toMatchObject({ events: [{ type: 'text', text: 'a' }] })
  await expect(pieces.next()).rejects.toThrow('the server cut the connection')
  expect(server.asked).toHaveLength(1)
})

test('a caller who leaves lets go of the server', async () => {
  let closings = 0
  const { model, server } = await subject(
    (response) => {
      response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
      response.on('close', () => closings++)
    },
    { concurrency: 1 },
  )
  const left = (await model.exchange(chat({ stream: true }))).pieces[Symbol.asyncIterator]()
  await left.next()
  await left.return?.()
  await vi.waitFor(() => expect(closings).toBe(1))

  const reason = new Error('gone')
  const controller = new AbortController()
  const exchange = await model.exchange(chat({ stream: true }), { signal: controller.signal })
  // Not read at all: the turn ends with the abort.
  controller.abort(reason)
  await vi.waitFor(() => expect(closings).toBe(2))
  await expect(read(exchange)).rejects.toBe(reason)
  await expect(model.exchange(chat(), { signal: controller.signal })).rejects.toBe(reason)
  expect(server.asked).toHaveLength(2)
})

test('an answer that nobody reads gives its turn up when its time is over', async () => {
  const { model } = await subject((response) => void response.write('{'), { concurrency: 1, timeoutMs: 50, retries: 0 })
  const unread = await model.exchange(chat())
  const next = await model.exchange(chat())
  await expect(read(next)).rejects.toThrow('no whole answer within')
  await expect(read(unread)).rejects.toThrow('no whole answer within')
})

test('connections are kept, and gone once the model is closed', async () => {
  const { model, server } = await subject((response) => void response.end(answer))
  for (let i = 0; i < 5; i++) await read(await model.exchange(chat()))
  expect(server.connections()).toBeLessThan(5)
  await model.close()
  await expect(model.exchange(chat())).rejects.toThrow('this model has been closed')
})

test('a stream of 10,000 tokens takes time in proportion to its length', async () => {
  const line = (i: number) => {
    const entry = { token: ` w${i}`, logprob: -0.5, bytes: [...Buffer.from(` w${i}`)] }
    const top = Array.from({ length: 5 }, (_, k) => ({ ...entry, logprob: -0.5 - k }))
    const choice = { index: 0, delta: { content: ` w${i}` }, logprobs: { content: [{ ...entry, top_logprobs: top }] } }
    return `data: ${JSON.stringify({ choices: [choice] })}\n\n`
  }
  const { model } = await subject(async (response) => {
    for (let i = 0; i < 10_000; i++) if (!response.write(line(i))) await once(response, 'drain')
    response.end('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
  })
  const { events } = await read(await model.exchange(chat({ stream: true, logprobs: true, top_logprobs: 5 })))
  expect(events.filter(({ type }) => type === 'token')).toHaveLength(10_000)
}, 10_000)
