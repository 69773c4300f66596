import { describe, expect, test } from 'vitest'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { clientBefore, question } from '../support/openai-client.ts'
import type { Scene } from '../support/gateway.ts'
import { unsure, type Told } from '../support/upstream-words.ts'

const parameters = { type: 'object', properties: { q: { type: 'string' } } }
const tools = [{ type: 'function' as const, function: { name: 'look', parameters } }]
const wish = { ...question, tools, tool_choice: 'auto' } as const
const call: NonNullable<Told['words']> = [
  ['{"q":', -0.2],
  [' "Grüße', -0.4],
  [' 🙂"}', -0.6],
]
const calls = (model: string) => [
  { id: `call-${model}`, type: 'function', function: { name: 'look', arguments: '{"q": "Grüße 🙂"}' } },
]

describe.each([
  ['kept', { words: [], call }, 'small-model'],
  ['escalated', { words: unsure }, 'large-model'],
] as const)('a call to a tool that is %s', (outcome, small, model) => {
  const last = { words: [], call }

  test('is a completion with the call in it', async () => {
    const { client, first, records } = await clientBefore(small, {}, last)
    const { choices } = await client.chat.completions.create(wish)
    expect(choices).toMatchObject([{ message: { content: null, tool_calls: calls(model) } }])
    expect(choices).toMatchObject([{ finish_reason: 'tool_calls', logprobs: null }])
    expect(first.asked[0].fields).toMatchObject({ tools, tool_choice: 'auto' })
    expect(records).toMatchObject([{ outcome }])
  })

  test.each(['buffer', 'early'])('is put together from its pieces, in mode %s', async (mode) => {
    const { client, records } = await clientBefore(small, {}, last)
    const headers = { 'x-spillway-mode': mode }
    const { choices } = await client.chat.completions.stream(wish, { headers }).finalChatCompletion()
    expect(choices).toMatchObject([{ message: { tool_calls: calls(model) }, finish_reason: 'tool_calls' }])
    expect(records).toMatchObject([{ outcome }])
  })
})

const content: NonNullable<Told['words']> = [
  ['Let me', -0.1],
  [' look.', -0.3],
]
const text = { words: content }
const both = { words: content, call }
const alone = { words: [], call }

describe.each([{ stream: false }, { stream: true }])('with %o, signals are made of', (way) => {
  test.each<[NonNullable<Scene['keep']>['tokens'], string, Told, number | undefined]>([
    ['all', 'text and call', both, -0.32],
    ['all', 'a call alone', alone, -0.4],
    ['content', 'text and call', both, -0.2],
    ['content', 'a call alone', alone, undefined],
    ['tool_arguments', 'text and call', both, -0.4],
    ['tool_arguments', 'a call alone', alone, -0.4],
    ['tool_arguments', 'a text alone', text, undefined],
    [undefined, 'text and call', both, -0.32],
  ])('tokens: %s of %s', async (tokens, _, said, mean) => {
    const { client, records } = await clientBefore(said, { keep: { tokens } })
    if (way.stream) await client.chat.completions.stream(wish).done()
    else await client.chat.completions.create(wish)
    const [{ signals, decision, reason }] = records
    if (mean === undefined) expect({ decision, reason }).toEqual({ decision: 'escalate', reason: 'missing-signal' })
    else expect([decision, signals?.mean_logprob]).toEqual(['keep', expect.closeTo(mean, 9)])
  })

  test('the arguments alone, which can be doubtful where the text is not', async () => {
    const policy = keepWhen([{ signal: 'min_logprob', atLeast: -0.5 }])
    for (const [tokens, decision] of [
      ['content', 'keep'],
      ['tool_arguments', 'escalate'],
    ] as const) {
      const { client, records } = await clientBefore(both, { policy, keep: { tokens } })
      await client.chat.completions.create(wish)
      expect(records).toMatchObject([{ decision }])
    }
  })
})

test('parts of messages that are no text go on byte for byte', async () => {
  const { client, first, last, begin } = await clientBefore({ words: unsure })
  const content = [
    { type: 'text' as const, text: 'What is "this"?\n\u2028é' },
    {
      type: 'image_url' as const,
      image_url: { url: `data:image/png;base64,${'iVBORw0KGgo'.repeat(999)}`, detail: 'low' as const },
    },
    { type: 'input_audio' as const, input_audio: { data: 'UklGRg==', format: 'wav' as const } },
    { type: 'file' as const, file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
  ]
  const messages = [{ role: 'user' as const, content }]
  await client.chat.completions.create({ model: 'cascade', messages })
  for (const { asked } of [first, last]) expect(asked[0].body).toContain(JSON.stringify({ messages }).slice(1, -1))
  // Escapes and spaces that no serialiser would write.
  const odd =
    '[{"role":"user" , "content":[{"type":"image_url","image_url":{"url":"https:\\/\\/host\\/\\u00e9.png"}}]}]'
  const headers = { authorization: `Bearer sk-client` }
  await begin(`{"messages":${odd},"model":"cascade"}`, { headers })
  for (const { asked } of [first, last]) expect(asked[1].body).toContain(odd)
})
