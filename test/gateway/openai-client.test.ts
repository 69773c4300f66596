import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { clientBefore, question } from '../support/openai-client.ts'
import { sure, unsure } from '../support/upstream-words.ts'
import type { Said } from '../support/upstream.ts'

const large: Said = { words: [['large', -0.5]] }

describe.each([
  ['kept', sure, 'small-model', 'Grüße 🙂 done', 3],
  ['escalated', unsure, 'large-model', 'large', 1],
] as const)('an answer that is %s', (outcome, words, model, text, tokens) => {
  test('is a completion', async () => {
    const { client, records } = await clientBefore({ words }, {}, large)
    const { data, response } = await client.chat.completions.create(question).withResponse()
    expect(data).toMatchObject({ object: 'chat.completion', model, usage: { completion_tokens: tokens } })
    expect(data.choices).toMatchObject([{ message: { content: text }, logprobs: null, finish_reason: 'stop' }])
    expect(response.headers.get('x-spillway-outcome')).toBe(outcome)
    expect(records).toMatchObject([{ outcome, client: 'alice' }])
  })

  test('is a stream', async () => {
    const { client, records } = await clientBefore({ words }, {}, large)
    const chunks = []
    for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) chunks.push(chunk)
    expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe(text)
    expect(new Set(chunks.map((chunk) => chunk.model))).toEqual(new Set([model]))
    expect(chunks.some(({ usage }) => usage !== undefined)).toBe(false)
    expect(chunks.some(({ choices }) => (choices[0].logprobs ?? undefined) !== undefined)).toBe(false)
    expect(records).toMatchObject([{ outcome }])
  })

  test('is put together from a stream, with usage and details of the decision', async () => {
    const { client } = await clientBefore({ words }, {}, large)
    const headers = { 'x-spillway-details': '1' }
    const wish = { ...question, stream: true, stream_options: { include_usage: true } } as const
    const whole = await client.chat.completions.stream(wish, { headers }).finalChatCompletion()
    expect(whole.choices).toMatchObject([{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }])
    expect(whole).toMatchObject({ model, usage: { completion_tokens: tokens } })
  })

  test('has log-probabilities where they are asked for', async () => {
    const { client } = await clientBefore({ words }, { keep: { alternatives: 4 } }, large)
    const wish = { ...question, logprobs: true, top_logprobs: 2 } as const
    const whole = await client.chat.completions.create(wish)
    const streamed = await client.chat.completions.stream(wish).finalChatCompletion()
    for (const { choices } of [whole, streamed]) {
      const told = choices[0].logprobs?.content ?? []
      expect(told.map(({ token }) => token).join('')).toBe(text)
      expect(told.map(({ top_logprobs: top }) => top.length)).toEqual(Array(tokens).fill(2))
    }
  })
})

test('a completion of a text is one, and models are listed', async () => {
  const { client } = await clientBefore()
  const { choices } = await client.completions.create({ model: 'cascade', prompt: 'It' })
  expect(choices).toMatchObject([{ text: 'Grüße 🙂 done', finish_reason: 'stop' }])
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['cascade', 'small', 'large'])
})

test.each<[string, Said, Said, boolean]>([
  ['before anything came', { firstMs: 5000 }, {}, false],
  ['within its answer', { words: unsure }, { ends: 'forever', after: 3 }, true],
])('a stream that its reader leaves %s is left at the model as well', async (_, small, then, begun) => {
  const { client, records, first, last, gateway } = await clientBefore(small, {}, then)
  const controller = new AbortController()
  const asking = client.chat.completions.create({ ...question, stream: true }, { signal: controller.signal })
  if (begun) {
    for await (const { choices } of await asking) if (choices[0].delta.content) controller.abort()
  } else {
    await expect.poll(() => first.asked.length).toBe(1)
    controller.abort()
    await expect(asking).rejects.toThrow(OpenAI.APIUserAbortError)
  }
  await expect.poll(() => records.length).toBe(1)
  expect(records).toMatchObject([{ outcome: 'aborted', status: 499 }])
  await expect.poll(() => [...first.asked, ...last.asked].at(-1)?.left).toBe(true)
  expect(gateway.inFlight()).toBe(0)
})
