import type { ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { SpillwayError } from '../../src/core/errors.ts'
import type { HttpModel } from '../../src/models/exchange.ts'
import { ModelError } from '../../src/models/model-error.ts'
import type { ModelEvent, ModelRequest } from '../../src/models/model.ts'
import type { OpenAiOptions } from '../../src/models/openai-options.ts'
import { openAiModel } from '../../src/models/openai.ts'
import { httpServer, type Asked, type HttpServer } from '../support/http-server.ts'

const KEY = 'sk-very-secret-1234567890'
const prompt = [{ role: 'user', content: 'Hello' }] as const

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

type Answer = (response: ServerResponse, asked: Asked, before: number) => void | Promise<void>

interface Subject {
  model: HttpModel
  server: HttpServer
  /** Waits before further attempts, ms. */
  waits: number[]
  notices: string[]
  ask: (request?: Partial<ModelRequest>, signal?: AbortSignal) => Promise<ModelEvent[]>
  fault: (request?: Partial<ModelRequest>) => Promise<ModelError>
}

async function subject(answer: Answer, options: Partial<OpenAiOptions> = {}): Promise<Subject> {
  const server = await httpServer(answer)
  const waits: number[] = []
  const notices: string[] = []
  const model = openAiModel({
    id: 'small',
    url: `${server.origin}/v1`,
    model: 'tiny',
    key: KEY,
    random: () => 0.5,
    sleep: async (ms) => void waits.push(ms),
    onNotice: (text) => notices.push(text),
    ...options,
  })
  open.push(server, model)
  const ask = async (request: Partial<ModelRequest> = {}, signal?: AbortSignal) => {
    const events: ModelEvent[] = []
    for await (const event of model.generate({ prompt, ...request }, { signal })) events.push(event)
    return events
  }
  const fault = async (request: Partial<ModelRequest> = {}) => {
    const error: unknown = await ask(request).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof ModelError)) throw new Error(`no ModelError but ${inspect(error)}`)
    expect(SpillwayError.is(error)).toBe(true)
    expect(error.message.startsWith(`${server.origin}/v1/chat/completions: `)).toBe(true)
    expect(inspect(error, { depth: 10, showHidden: true }) + error.stack).not.toContain(KEY)
    return error
  }
  return { model, server, waits, notices, ask, fault }
}

const whole = (text: string, more: object = {}) =>
  JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop', ...more }],
    usage: { prompt_tokens: 1, completion_tokens: 1 },
  })
const piece = (text: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text }, finish_reason: finish }] })}\n\n`
const textOf = (events: readonly ModelEvent[]) =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('')
const refuse = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
  response.writeHead(status, headers)
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
const ok: Answer = (response) => void response.end(whole('Hi'))

describe('a request', () => {
  test('goes to the address of its API, with the key, and says what is asked', async () => {
    const { ask, server } = await subject(ok, { query: { 'api-version': '2024-10-21' }, headers: { 'X-Team': 'a' } })
    await ask({ maxTokens: 5, temperature: 0, seed: 7, stop: ['\n'], topLogprobs: 3 })
    const [asked] = server.asked
    expect(asked.path).toBe('/v1/chat/completions?api-version=2024-10-21')
    expect(asked.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'x-team': 'a',
    })
    expect(JSON.parse(asked.body)).toEqual({
      model: 'tiny',
      messages: prompt,
      max_tokens: 5,
      temperature: 0,
      seed: 7,
      stop: ['\n'],
      stream: false,
      logprobs: true,
      top_logprobs: 3,
    })
  })

  test('for a text to go on from goes to the completions API', async () => {
    const { ask, server } = await subject((response) => void response.end('{"choices":[{"text":"x"}]}'))
    await ask({ prompt: 'Once', topLogprobs: 0 })
    expect(server.asked[0].path).toBe('/v1/completions')
    // Ollama and llama.cpp take 0 for none at all.
    expect(JSON.parse(server.asked[0].body)).toEqual({ model: 'tiny', prompt: 'Once', stream: false, logprobs: 1 })
  })

  test('has the further fields of the model, but for what it says itself', async () => {
    const { ask, server } = await subject(ok, {
      body: { temperature: 1, top_p: 0.9, max_completion_tokens: 9, model: 'other' },
    })
    await ask({ temperature: 0, maxTokens: 5 })
    expect(JSON.parse(server.asked[0].body)).toEqual({
      model: 'tiny',
      messages: prompt,
      stream: false,
      temperature: 0,
      top_p: 0.9,
      max_completion_tokens: 5,
    })
  })

  test('may be given the address of an API in place of the base URL', async () => {
    const { server } = await subject(ok)
    const model = openAiModel({ id: 'x', url: `${server.origin}/v1/chat/completions/`, model: 'tiny' })
    open.push(model)
    await model.generate({ prompt })[Symbol.asyncIterator]().next()
    expect(server.asked[0].path).toBe('/v1/chat/completions')
  })

  test('with messages for the completions API is refused', async () => {
    const { ask } = await subject(ok, { api: 'completions' })
    await expect(ask()).rejects.toThrow('small: the completions API takes a text, not messages')
  })

  test('with a text for a chat is the message of a user', async () => {
    const { ask, server } = await subject(ok, { api: 'chat' })
    await ask({ prompt: 'Hello' })
    expect(JSON.parse(server.asked[0].body)).toMatchObject({ messages: prompt })
  })

  test('waits for its turn where more are under way than are allowed, and may be aborted then', async () => {
    let most = 0
    let now = 0
    const { ask } = await subject(
      async (response) => {
        most = Math.max(most, ++now)
        await new Promise((resolve) => setTimeout(resolve, 10))
        now--
        response.end(whole('Hi'))
      },
      { concurrency: 2 },
    )
    const reason = new Error('never mind')
    const controller = new AbortController()
    const running = [ask(), ask(), ask(), ask()]
    const late = ask({}, controller.signal)
    controller.abort(reason)
    await expect(late).rejects.toBe(reason)
    await Promise.all(running)
    expect(most).toBe(2)
  })
})

describe('a URL', () => {
  test.each(['localhost:11434', 'ftp://x', ''])('%j is none of a model', (url) => {
    expect(() => openAiModel({ id: 'x', url, model: 'm' })).toThrow("a model's URL must begin with http://")
  })

  test('with a password is refused without showing it', () => {
    const make = () => openAiModel({ id: 'x', url: 'http://me:hush@host/v1', model: 'm' })
    expect(make).toThrow(/^host: a model's URL cannot hold a password/)
  })
})

describe('an answer', () => {
  test('comes as a whole by default', async () => {
    const { ask } = await subject(ok)
    expect(await ask()).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
      { type: 'finish', reason: 'stop' },
    ])
  })

  test.each([
    ['without a field for log-probabilities', {}],
    ['with none', { logprobs: null }],
    ['with empty ones', { logprobs: { content: [] } }],
    ['with log-probabilities of another form', { logprobs: 'yes' }],
  ])('%s has no tokens', async (_, more) => {
    const { ask } = await subject((response) => void response.end(whole('Hi', more)))
    expect((await ask({ topLogprobs: 2 })).map(({ type }) => type)).toEqual(['text', 'usage', 'finish'])
  })

  test('may call itself what it is not', async () => {
    const stream: Answer = (response) => {
      response.setHeader('content-type', 'application/json')
      response.end(`${piece('Hi', 'stop')}data: [DONE]`)
    }
    const json: Answer = (response) => {
      response.setHeader('content-type', 'text/event-stream')
      response.end(`\n\n${whole('Hi')}`)
    }
    for (const answer of [stream, json]) expect(textOf(await (await subject(answer)).ask())).toBe('Hi')
  })

  test('may have a NaN among its numbers, as Python writes it', async () => {
    const { ask } = await subject(
      (response) => void response.end(whole('NaN').replace('"prompt_tokens":1', '"x":NaN,"y":-Infinity')),
    )
    expect(textOf(await ask())).toBe('NaN')
  })

  test('of which a call of a tool is part ends for another reason', async () => {
    const { ask } = await subject(
      (response) => void response.end('{"choices":[{"message":{"tool_calls":[{"id":"1"}]},"finish_reason":"stop"}]}'),
    )
    expect(await ask()).toEqual([{ type: 'finish', reason: 'other' }])
  })

  test('whose connection the server closes each time is followed by others', async () => {
    const { ask, server } = await subject((response) => {
      response.setHeader('connection', 'close')
      response.end(whole('Hi'))
    })
    for (let i = 0; i < 3; i++) expect(textOf(await ask())).toBe('Hi')
    expect(server.connections()).toBe(3)
  })

  test('over a kept connection that the server has just closed is asked for again', async () => {
    const { ask, server } = await subject((response, _, before) => {
      if (before === 1) response.socket?.destroy()
      else response.end(whole('Hi'))
    })
    await ask()
    expect(textOf(await ask())).toBe('Hi')
    expect(server.asked).toHaveLength(3)
  })
})

describe('a failure', () => {
  test('of a connection that is refused says so', async () => {
    const { ask, fault, server, waits } = await subject(ok)
    await ask()
    await server.close()
    const error = await fault()
    expect(error.message).toContain('connection refused; is the server running?')
    expect(error).toMatchObject({ retryable: true, status: undefined })
    expect(waits).toHaveLength(4)
  })

  test('of a host that does not exist says so, and is not tried again', async () => {
    const { waits, model } = await subject(ok, { url: 'http://no.such.host.invalid/v1' })
    const answer = model.generate({ prompt })[Symbol.asyncIterator]().next()
    await expect(answer).rejects.toThrow(
      /no\.such\.host\.invalid\/v1\/chat\/completions: (?:there is no host|the name server)/,
    )
    expect(waits.length === 0 || waits.length === 4).toBe(true)
  })

  test('to speak TLS says so', async () => {
    const { server } = await subject(ok)
    const model = openAiModel({ id: 'x', url: server.origin.replace('http', 'https'), model: 'm', retries: 0 })
    open.push(model)
    await expect(model.generate({ prompt })[Symbol.asyncIterator]().next()).rejects.toThrow(
      'should the URL begin with http://?',
    )
  })

  test.each([
    ['headers', () => {}],
    [
      'a body',
      (response: ServerResponse) => {
        response.write('{"choices"')
      },
    ],
  ])('to send %s in time ends the request', async (_, answer) => {
    const { fault, server } = await subject(answer, { timeoutMs: 60, retries: 1 })
    const error = await fault()
    expect(error.message).toContain('no whole answer within 0.06 s; a longer timeout may help')
    expect(error.retryable).toBe(true)
    expect(server.asked).toHaveLength(2)
  })

  test.each(['{"choices":[{"mess', ''])('of a connection cut after %j is tried again', async (start) => {
    const { ask, fault, server } = await subject(
      (response, _, before) => {
        if (before === 1) {
          response.end(whole('Hi'))
          return
        }
        response.setHeader('content-length', 1000)
        response.write(start)
        setTimeout(() => response.destroy(), 5)
      },
      { retries: 1 },
    )
    expect(textOf(await ask())).toBe('Hi')
    expect((await fault()).message).toContain('the server cut the connection before the answer was whole')
    expect(server.asked).toHaveLength(4)
  })

  test('of a stream that ends too early says so', async () => {
    const { fault } = await subject((response) => void response.end(piece('Hi')), { stream: true, retries: 0 })
    expect(await fault()).toMatchObject({
      retryable: true,
      message: expect.stringContaining('stopped short of its end'),
    })
  })

  test('of a stream of which something was told is not tried again', async () => {
    const { model, server } = await subject((response) => void response.end(piece('Hi')), { stream: true })
    const answer = model.generate({ prompt })[Symbol.asyncIterator]()
    expect(await answer.next()).toEqual({ done: false, value: { type: 'text', text: 'Hi' } })
    await expect(answer.next()).rejects.toThrow('stopped short of its end')
    expect(server.asked).toHaveLength(1)
  })

  test('of a stream of which nothing was told is tried again', async () => {
    const { ask } = await subject(
      (response, _, before) => void response.end(before === 0 ? ': wait\n\n' + piece('') : piece('Hi', 'stop')),
      { stream: true },
    )
    expect(textOf(await ask())).toBe('Hi')
  })

  test.each([
    ['data: {"error":{"message":"out of memory","type":"server_error"}}\n\n', true],
    ['data: {"error":{"message":"out of memory","code":503}}\n\n', true],
    ['event: error\ndata: {"message":"out of memory"}\n\n', true],
    ['error: {"code":500,"message":"out of memory","type":"server_error"}\n\n', true],
    ['data: {"object":"error","message":"out of memory","code":400}\n\n', false],
    ['data: {"error":{"message":"out of memory","type":"invalid_request_error"}}\n\n', false],
    ['data: {"choices":[{"index":0,"delta":{},"error":{"code":502,"message":"out of memory"}}]}\n\n', true],
  ])('that a stream tells, %j, is one', async (told, retryable) => {
    const { fault } = await subject((response) => void response.end(`: begins\n\n${told}data: [DONE]\n\n`), {
      stream: true,
      retries: 0,
    })
    const error = await fault()
    expect(error.message).toContain('the server gave an error within its answer: out of memory')
    expect(error.retryable).toBe(retryable)
  })

  test('to be JSON shows what the answer is', async () => {
    const answers: [string, RegExp, boolean][] = [
      [
        '<html><head><title>Login</title>',
        /is an HTML page, "Login", not JSON; is this the URL of a model server\?/,
        false,
      ],
      ['Hello there', /is not JSON: Hello there$/, false],
      [`Key ${KEY} is fine`, /is not JSON: Key \*\*\* is fine$/, false],
      ['{"choices":[', /the JSON of the answer is broken/, true],
      ['', /the answer is empty/, true],
      ['[1]', /no JSON object/, false],
      ['{"choices":[]}', /holds no choice/, false],
      ['{}', /holds no choice/, false],
      ['data: {"choices":[{"index":0,"delta":{"content":"x"\n\n', /the JSON of the answer is broken/, true],
    ]
    for (const [answer, message, retryable] of answers) {
      const { fault } = await subject((response) => void response.end(answer), { retries: 0 })
      const error = await fault()
      expect(error.message).toMatch(message)
      expect(error.retryable).toBe(retryable)
    }
  })

  test('of an answer that does not end is bounded', async () => {
    const { fault } = await subject(
      (response) => {
        const more = () => response.write(' '.repeat(60_000), () => setImmediate(more))
        response.on('error', () => {})
        more()
      },
      { maxAnswerBytes: 1_000_000, retries: 0 },
    )
    expect((await fault()).message).toContain('the answer is longer than 1000000 bytes')
  })

  test('of an answer in a coding that was not asked for says so', async () => {
    const { fault } = await subject((response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(whole('Hi'))
    })
    expect((await fault()).message).toContain('the answer is packed (gzip)')
  })
})

describe('a refusal', () => {
  test.each([
    [401, { error: { message: 'bad key' } }, 'HTTP 401, the key was not accepted: bad key', false],
    [403, { error: 'no' }, 'HTTP 403, the key may not do this: no', false],
    [
      404,
      { detail: 'Not Found' },
      `HTTP 404: Not Found; does the base URL end as the server's manual says (often /v1), and is there a model "tiny"?`,
      false,
    ],
    [400, { object: 'error', message: 'too long' }, 'HTTP 400: too long', false],
    [422, { detail: [{ loc: ['body', 'n'], msg: 'too big' }] }, 'HTTP 422: body.n: too big', false],
    [408, '', 'HTTP 408', true],
    [409, '', 'HTTP 409', true],
    [425, '', 'HTTP 425', true],
    [
      429,
      { error: { message: 'slow down' } },
      'HTTP 429, too many requests: slow down; a lower concurrency may help',
      true,
    ],
    [
      429,
      { error: { message: 'pay', code: 'insufficient_quota' } },
      'HTTP 429, the account has no quota left: pay',
      false,
    ],
    [500, '', 'HTTP 500, the server failed', true],
    [501, 'never', 'HTTP 501, the server failed: never', false],
    [
      502,
      '<html><title>502 Bad\nGateway</title>',
      'HTTP 502, the server failed: an HTML page, "502 Bad Gateway"',
      true,
    ],
    [503, '{"broken', 'HTTP 503, the server failed: {"broken', true],
  ])('with %i and %j is told', async (status, body, message, retryable) => {
    const { fault, server } = await subject((response) => refuse(response, status, body), { retries: 1 })
    const error = await fault()
    expect(error.message.slice(`${server.origin}/v1/chat/completions: `.length)).toBe(message)
    expect(error).toMatchObject({ status, retryable, place: `${server.origin}/v1/chat/completions` })
    expect(server.asked).toHaveLength(retryable ? 2 : 1)
  })

  test('without a key that was sent asks for one', async () => {
    const { fault } = await subject((response) => refuse(response, 401, ''), { key: undefined })
    expect((await fault()).message).toContain('HTTP 401, the server wants a key')
  })

  test('to another address says which, without its query', async () => {
    const { fault } = await subject((response) => refuse(response, 308, '', { location: `https://x/v1?key=${KEY}` }))
    expect((await fault()).message).toContain('HTTP 308, a redirect to https://x/v1; is that the base URL?')
  })

  test('that is long is cut', async () => {
    const { fault } = await subject((response) => refuse(response, 400, 'x'.repeat(100_000)))
    expect((await fault()).message.length).toBeLessThan(500)
  })

  test.each([
    `Bearer ${KEY} is wrong`,
    `${'x'.repeat(290)}${KEY}`,
    { error: { message: `Incorrect API key provided: ${KEY}`, code: KEY, param: KEY } },
    { [KEY]: KEY },
    `<title>${KEY}</title>`,
  ])('that echoes the key, as %j, does not show it', async (body) => {
    for (const status of [400, 401, 500]) {
      const { fault } = await subject((response) => refuse(response, status, body), { retries: 0 })
      const { message } = await fault()
      expect(message).not.toContain(KEY)
      expect(message).not.toContain(KEY.slice(0, 8))
    }
  })

  test('does not show secrets in headers and in the query', async () => {
    const { fault } = await subject((response) => refuse(response, 400, 'azure-key-1 and token-2 and cookie-3'), {
      headers: { 'api-key': 'azure-key-1', cookie: 'session=cookie-3; a=b' },
      query: { access_token: 'token-2' },
    })
    expect((await fault()).message).toContain('HTTP 400: *** and *** and ***')
  })
})

describe('another attempt', () => {
  test('waits as long as the server asks', async () => {
    const times: [Record<string, string>, number][] = [
      [{ 'retry-after': '2' }, 2250],
      [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1750],
      [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }, 3250],
      [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:01 GMT' }, 250],
      [{ 'retry-after': '3600' }, 60_000],
      [{ 'retry-after': 'soon' }, 250],
    ]
    for (const [headers, wait] of times) {
      const { ask, waits } = await subject(
        (response, asked, before) => (before === 0 ? refuse(response, 429, '', headers) : ok(response, asked, before)),
        { now: () => 7000 },
      )
      expect(textOf(await ask())).toBe('Hi')
      expect(waits).toEqual([wait])
    }
  })

  test('waits longer each time, at random', async () => {
    const { ask, waits } = await subject((response, asked, before) =>
      before < 3 ? refuse(response, 500, '') : ok(response, asked, before),
    )
    expect(textOf(await ask())).toBe('Hi')
    expect(waits).toEqual([250, 500, 1000])
  })

  test('is made, or not, as the server says', async () => {
    const no = await subject((response) => refuse(response, 500, '', { 'x-should-retry': 'false' }))
    await no.fault()
    expect(no.server.asked).toHaveLength(1)
    const yes = await subject((response) => refuse(response, 400, '', { 'x-should-retry': 'true' }))
    await yes.fault()
    expect(yes.server.asked).toHaveLength(5)
  })

  test('is not waited for once it is aborted', async () => {
    const { ask, server } = await subject((response) => refuse(response, 429, '', { 'retry-after': '30' }), {
      sleep: undefined,
    })
    const reason = new Error('enough')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 50)
    await expect(ask({}, controller.signal)).rejects.toBe(reason)
    expect(server.asked).toHaveLength(1)
  })
})

describe('what a server does not take', () => {
  const openAi = (param: string, message: string) => ({
    error: { message, type: 'invalid_request_error', param, code: 'unsupported_parameter' },
  })

  const strict =
    (refused: Record<string, unknown>): Answer =>
    (response, { body }) => {
      const sent = JSON.parse(body) as Record<string, unknown>
      const [name] = Object.keys(refused).filter((each) => each in sent)
      if (name === undefined) response.end(whole('Hi'))
      else refuse(response, 400, refused[name])
    }

  test('is left out, from then on, and told once', async () => {
    const { ask, server, notices } = await subject(
      strict({
        temperature: openAi('temperature', "Unsupported value: 'temperature' does not support 0 with this model."),
        seed: { error: { message: 'Unknown parameter: "seed"' } },
        logprobs: { error: { message: 'Logprobs is not enabled for this model', code: 400 } },
      }),
    )
    const request = { temperature: 0, seed: 1, topLogprobs: 2 }
    expect(textOf(await ask(request))).toBe('Hi')
    expect(server.asked).toHaveLength(4)
    expect(textOf(await ask(request))).toBe('Hi')
    expect(server.asked).toHaveLength(5)
    expect(JSON.parse(server.asked[4].body)).toEqual({ model: 'tiny', messages: prompt, stream: false })
    expect(notices.toSorted()).toEqual([
      'small: the server does not take logprobs; without log-probabilities there are no signals from this model',
      'small: the server does not take seed; answers may differ from run to run',
      "small: the server does not take temperature; answers are sampled at the server's own temperature",
    ])
  })

  test('may be just the alternatives', async () => {
    const { ask, server } = await subject(
      strict({ top_logprobs: { detail: [{ loc: ['body', 'top_logprobs'], msg: 'Extra inputs are not permitted' }] } }),
    )
    await ask({ topLogprobs: 2 })
    expect(JSON.parse(server.asked[1].body)).toMatchObject({ logprobs: true })
  })

  test('may be a limit by its former name', async () => {
    const { ask, server, notices } = await subject(
      strict({
        max_tokens: openAi(
          'max_tokens',
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        ),
      }),
    )
    await ask({ maxTokens: 5 })
    await ask({ maxTokens: 6 })
    expect(server.asked.map(({ body }) => (JSON.parse(body) as Record<string, unknown>).max_completion_tokens)).toEqual(
      [undefined, 5, 6],
    )
    expect(notices).toEqual(['small: the server does not take max_tokens; it is sent as max_completion_tokens'])
  })

  test('is told once where several requests find it out', async () => {
    const { ask, notices } = await subject(strict({ seed: openAi('seed', 'not supported') }))
    await Promise.all([ask({ seed: 1 }), ask({ seed: 2 }), ask({ seed: 3 })])
    expect(notices).toHaveLength(1)
  })

  test.each([
    [{ error: { message: "max_tokens is too large: 9. This model's maximum context length is 4" } }],
    [{ error: { message: 'Unsupported parameter', param: 'messages' } }],
    [{ error: { message: 'Please stop: this is not supported' } }],
    [{ error: { message: 'seed is not supported', param: 'seed' } }],
  ])('is not what another refusal is about: %j', async (body) => {
    const { fault, server } = await subject((response) => refuse(response, 400, body))
    expect((await fault({ maxTokens: 9, stop: ['x'], topLogprobs: 1 })).status).toBe(400)
    expect(server.asked).toHaveLength(1)
  })
})
