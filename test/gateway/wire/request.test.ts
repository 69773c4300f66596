import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BadRequest, bodyFor, readRequest } from '../../../src/gateway/wire/request.ts'

const messages = [{ role: 'user', content: 'Hi "there" \\ é' }]
const read = (body: object, api: 'chat' | 'completions' = 'chat') => readRequest(Buffer.from(JSON.stringify(body)), api)
const sent = (body: object, asked: Parameters<typeof bodyFor>[1], api: 'chat' | 'completions' = 'chat') =>
  JSON.parse(Buffer.from(bodyFor(read(body, api), asked)).toString()) as Record<string, unknown>

describe('a request', () => {
  test('says which model, how, and how long', () => {
    const plain = read({ model: 'cascade', messages })
    expect(plain).toMatchObject({ model: 'cascade', stream: false, includeUsage: false, limit: Infinity, n: 1 })
    expect(plain.logprobs).toBeUndefined()
    const full = {
      model: 'm',
      messages,
      stream: true,
      stream_options: { include_usage: true },
      logprobs: true,
      top_logprobs: 3,
    }
    const more = { max_tokens: 9, max_completion_tokens: 7, n: 2, temperature: 0.5 }
    expect(read({ ...full, ...more })).toMatchObject({
      stream: true,
      includeUsage: true,
      logprobs: 3,
      limit: 7,
      n: 2,
      temperature: 0.5,
    })
    expect(read({ model: 'm', messages, logprobs: true }).logprobs).toBe(0)
    expect(read({ model: 'm', messages, max_tokens: null, n: null, stream: null })).toMatchObject({
      limit: Infinity,
      n: 1,
    })
  })

  test('of a completion may be for several texts, which are several answers', () => {
    expect(read({ model: 'm', prompt: ['a', 'b'] }, 'completions').n).toBe(2)
    expect(read({ model: 'm', prompt: [1, 2, 3] }, 'completions').n).toBe(1)
    expect(read({ model: 'm', prompt: 'a', best_of: 3, logprobs: 2 }, 'completions')).toMatchObject({
      n: 3,
      logprobs: 2,
    })
  })

  test.each([
    ['', 'no JSON object'],
    ['[]', 'no JSON object'],
    ['{"model":"m"', 'no JSON object'],
    ['{"model":"m","messages":[]} x', 'something follows'],
    ['{"messages":[]}', 'model must name a model'],
    ['{"model":7,"messages":[]}', 'model must name a model'],
    ['{"model":"m"}', 'messages is missing'],
    ['{"model":"m","messages":[],"n":"2"}', 'n must be a number'],
    [`{"model":"m","messages":${'['.repeat(200)}${']'.repeat(200)}}`, 'deep'],
  ])('%s is refused', (text, message) => {
    expect(() => readRequest(Buffer.from(text), 'chat')).toThrow(BadRequest)
    expect(() => readRequest(Buffer.from(text), 'chat')).toThrow(message)
  })
})

describe('the request to a stage', () => {
  test('is the same bytes but for the model, where its policy reads no log-probabilities', () => {
    const text = '{ "x": 1e400, "big": 12345678901234567890, "model": "cascade",\n"messages": [] }'
    const body = Buffer.from(bodyFor(readRequest(Buffer.from(text), 'chat'), { model: 'gpt-5' })).toString()
    expect(body).toBe(text.replace('"cascade"', '"gpt-5"'))
  })

  test('asks for as many alternatives as the policy or the client reads', () => {
    const body = { model: 'm', messages }
    expect(sent(body, { model: 's', alternatives: 0 })).toEqual({ ...body, model: 's', logprobs: true })
    expect(sent(body, { model: 's', alternatives: 5 })).toMatchObject({ logprobs: true, top_logprobs: 5 })
    const wanted = { ...body, logprobs: true, top_logprobs: 3 }
    expect(sent(wanted, { model: 's', alternatives: 0 })).toMatchObject({ logprobs: true, top_logprobs: 3 })
    expect(sent(wanted, { model: 's', alternatives: 5 })).toMatchObject({ logprobs: true, top_logprobs: 5 })
    expect(sent({ ...body, logprobs: false, top_logprobs: null }, { model: 's', alternatives: 0 })).toMatchObject({
      logprobs: true,
      top_logprobs: 0,
    })
    expect(sent(wanted, { model: 'l' })).toEqual({ ...wanted, model: 'l' })
    expect(sent({ model: 'm', prompt: 'a' }, { model: 's', alternatives: 0 }, 'completions')).toMatchObject({
      logprobs: 1,
    })
  })

  test('asks for the count of tokens of a stream', () => {
    expect(sent({ model: 'm', messages, stream: true, stream_options: { x: 1 } }, { model: 's' })).toMatchObject({
      stream_options: { x: 1, include_usage: true },
    })
    expect(sent({ model: 'm', messages }, { model: 's' })).not.toHaveProperty('stream_options')
  })

  test('has the fields of the configuration where the request does not have them', () => {
    const asked = { model: 's', body: { seed: 1, top_p: 0.9 } }
    expect(sent({ model: 'm', messages, seed: 2 }, asked)).toEqual({ model: 's', messages, seed: 2, top_p: 0.9 })
  })

  test('leaves every other field as it came', () => {
    const others = fc.dictionary(
      fc.string().map((name) => `x${name}`),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(others, fc.constantFrom(undefined, 0, 4), (rest, alternatives) => {
        const asked = alternatives === undefined ? {} : { logprobs: true }
        expect(sent({ ...rest, messages, model: 'm' }, { model: 's', alternatives })).toEqual({
          ...(JSON.parse(JSON.stringify(rest)) as object),
          messages,
          model: 's',
          ...asked,
          ...(alternatives === 4 ? { top_logprobs: 4 } : {}),
        })
      }),
    )
  })

  test('replaces a field that is there twice, both times', () => {
    const text = '{"model":"a","messages":[],"model":"b"}'
    const request = readRequest(Buffer.from(text), 'chat')
    expect(request.model).toBe('b')
    expect(Buffer.from(bodyFor(request, { model: 's' })).toString()).toBe('{"model":"s","messages":[],"model":"s"}')
  })
})
