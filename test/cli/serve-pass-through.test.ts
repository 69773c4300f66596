import { expect, test } from 'vitest'
import { configOf, serveFolder, startServe } from '../support/serve.ts'
import { upstream, type Said } from '../support/upstream.ts'

const vectors =
  '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.10,-2e-3]}],"model":"m", "usage":{"prompt_tokens":5,"total_tokens":5}}'
const response = '{"id":"resp_1","object":"response","output":[],"usage":{"input_tokens":3,"output_tokens":4}}'
const events = [
  'event: response.created\ndata: {"type":"response.created"}\n\n',
  `event: response.completed\ndata: {"type":"response.completed","response":${response}}\n\n`,
].join('')
const refusal = JSON.stringify({
  error: { message: 'no input', type: 'invalid_request_error', code: null, param: 'input' },
})

function script({ path, fields }: { path: string; fields: Record<string, unknown> }): Said {
  if (fields.input === 'bad') return { status: 422, body: refusal }
  if (path === '/v1/embeddings') return { body: vectors }
  if (fields.stream !== true) return { body: response }
  return { body: events, headers: { 'content-type': 'text/event-stream' } }
}

test('embeddings and responses go through to the models that are named for them, and back, byte for byte', async () => {
  const other = await upstream(script)
  const models = { vectors: { model: 'text-embedding-3', url: other.url, price: { input: 1, output: 0 } } }
  const pass = { embeddings: ['vectors'], responses: ['vectors', 'large'] }
  const config = { ...configOf({ large: other.url, serve: { pass_through: pass } }), models }
  const { ask, stop, lines } = await startServe({}, serveFolder({}, config))

  const embedded = await ask('{"model":"vectors", "input":["a","\\u00e9"],"dimensions":2}', { path: '/v1/embeddings' })
  expect([embedded.status, embedded.text]).toEqual([200, vectors])
  expect(embedded.headers.get('x-spillway-decision')).toBe('passed')
  expect(other.asked[0]).toMatchObject({
    path: '/v1/embeddings',
    body: '{"model":"text-embedding-3", "input":["a","\\u00e9"],"dimensions":2}',
  })

  const path = '/v1/responses'
  const whole = await ask({ model: 'large', input: 'Hi', include: ['message.output_text.logprobs'] }, { path })
  expect([whole.status, whole.text]).toEqual([200, response])
  const streamed = await ask({ model: 'vectors', input: 'Hi', stream: true }, { path })
  expect([streamed.status, streamed.text]).toEqual([200, events])
  expect(streamed.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(other.asked[2].fields).toEqual({ model: 'text-embedding-3', input: 'Hi', stream: true })

  const refused = await ask({ model: 'vectors', input: 'bad' }, { path: '/v1/embeddings' })
  expect([refused.status, JSON.parse(refused.text)]).toEqual([422, JSON.parse(refusal)])
  // Neither cascades nor models that are not named for it.
  for (const model of ['cascade', 'small', 'large']) {
    const reply = await ask({ model, input: 'a' }, { path: '/v1/embeddings' })
    expect([reply.status, reply.text]).toEqual([404, expect.stringContaining('there are vectors')])
  }
  expect((await ask({ model: 'vectors' }, { path: '/v1/embeddings' })).status).toBe(400)
  expect(other.asked.length).toBe(4)

  await stop()
  const passed = { outcome: 'passed', status: 200, policy: null }
  expect(lines()).toMatchObject([
    { ...passed, cascade: 'vectors', calls: [{ input_tokens: 5, output_tokens: 0 }], cost: 0.000005 },
    { ...passed, cascade: 'large', calls: [{ input_tokens: 3, output_tokens: 4 }] },
    { ...passed, cascade: 'vectors', stream: true, calls: [{ input_tokens: 3, output_tokens: 4 }] },
    { outcome: 'failed', status: 422, cascade: 'vectors' },
  ])
}, 60_000)
