import OpenAI, { APIError } from 'openai'
import { describe, expect, test } from 'vitest'
import { clientBefore, question } from '../support/openai-client.ts'
import { unsure } from '../support/upstream-words.ts'
import type { Said } from '../support/upstream.ts'

type Client = Awaited<ReturnType<typeof clientBefore>>['client']
type Kind = abstract new (...given: never[]) => Error
const errorOf = (asking: Promise<unknown>) =>
  asking.then(
    () => undefined,
    (error: unknown) => error,
  )
const ways = [{ stream: false }, { stream: true }] as const

describe.each(ways)("OpenAI's client, with %o, is told of", (way) => {
  test.each<[string, (client: Client) => object, Kind, object]>([
    [
      'a key that is not known',
      (client) => client.withOptions({ apiKey: 'sk-other' }).chat.completions.create({ ...question, ...way }),
      OpenAI.AuthenticationError,
      { status: 401, code: 'invalid_api_key', type: 'invalid_request_error' },
    ],
    [
      'a model that there is none of',
      (client) => client.chat.completions.create({ ...question, ...way, model: 'gpt-x' }),
      OpenAI.NotFoundError,
      { status: 404, code: 'model_not_found', param: 'model' },
    ],
    [
      'a field that is none',
      (client) => client.chat.completions.create({ ...question, ...way, max_tokens: 'many' as unknown as number }),
      OpenAI.BadRequestError,
      { status: 400, param: 'max_tokens', type: 'invalid_request_error' },
    ],
  ])('%s', async (_, asking, kind, facts) => {
    const { client, first, records } = await clientBefore()
    const error = await errorOf(asking(client) as Promise<unknown>)
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ ...facts, message: expect.stringMatching(/\w/) })
    expect([first.asked, records]).toEqual([[], []])
  })

  test.each<[number, Kind]>([
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [500, OpenAI.InternalServerError],
    [503, OpenAI.InternalServerError],
  ])('what a model said with status %i', async (status, kind) => {
    const said = { message: 'too much', type: 'overloaded', code: 'busy', param: 'messages' }
    const body = JSON.stringify({ error: said })
    const { client } = await clientBefore(
      { words: unsure },
      {},
      { status, body, headers: { 'retry-after': '7', 'x-request-id': 'req-1' } },
    )
    const error = await errorOf(client.chat.completions.create({ ...question, ...way }))
    expect(error).toBeInstanceOf(kind)
    const { message, ...facts } = said
    expect(error).toMatchObject({ status, ...facts, message: expect.stringContaining(message) })
    expect((error as APIError).headers?.get('retry-after')).toBe('7')
  })
})

test.each<[string, Said]>([
  ['stalls', { ends: 'stall', after: 2 }],
  ['ends too soon', { ends: 'cut', after: 2 }],
  ['holds an error', { ends: 'error', after: 2 }],
])("OpenAI's client has an error, and no clean end, where a stream %s", async (_, ending) => {
  const words = ['a', 'b', 'c'].map((word) => [word, -0.1] as const)
  const scene = { model: { idleTimeoutMs: 100 } }
  const { client, records } = await clientBefore({ words: unsure }, scene, { words, ...ending })
  let text = ''
  const reading = (async () => {
    for await (const { choices } of await client.chat.completions.create({ ...question, stream: true }))
      text += choices[0].delta.content ?? ''
  })()
  const error = await errorOf(reading)
  expect(error).toBeInstanceOf(APIError)
  expect(error).toMatchObject({ message: expect.stringMatching(/\w/), type: expect.stringMatching(/\w/) })
  expect(text).toBe('a')
  expect(records).toMatchObject([{ status: 502, stage: 'large' }])
})

test("OpenAI's client asks again by itself where the gateway is busy", async () => {
  const { client, records, gateway, first } = await clientBefore({ firstMs: 300 }, { limits: { places: 1, queue: 0 } })
  const busy = client.chat.completions.create(question)
  await expect.poll(() => gateway.inFlight()).toBe(1)
  expect(await errorOf(client.chat.completions.create(question))).toBeInstanceOf(OpenAI.RateLimitError)
  await client.withOptions({ maxRetries: 2 }).chat.completions.create(question)
  await busy
  expect([records.length, first.asked.length]).toEqual([2, 2])
})
