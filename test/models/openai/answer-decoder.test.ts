import { expect, test } from 'vitest'
import type { ModelEvent } from '../../../src/models/model.ts'
import { answerDecoder } from '../../../src/models/openai/answer-decoder.ts'
import { factsOf } from '../../../src/models/openai/request-facts.ts'

const asker = { place: 'here', secrets: [], model: 'model', keyed: false }

function decode(text: string, request: object = {}): ModelEvent[] {
  const decoder = answerDecoder(asker, factsOf(JSON.stringify(request)))
  const [first, last] = [decoder.push(Buffer.from(text)), decoder.end()]
  const failure = first.failure ?? last.failure
  if (failure !== undefined) throw failure
  return [...first.events, ...last.events]
}
const stream = (...values: object[]) => values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')
/** Texts of the answer, and of each token in a list. */
const texts = (events: readonly ModelEvent[]) =>
  events.flatMap((event): (string | string[])[] => {
    if (event.type === 'text') return [event.text]
    return event.type === 'token' ? [[event.token.text ?? '']] : []
  })

test('of the usage that comes with every piece, the last one counts', () => {
  const piece = (content: string, completion_tokens: number, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta: { content }, finish_reason }],
    usage: { prompt_tokens: 3, completion_tokens },
  })
  expect(decode(stream(piece('a', 1), piece('b', 2, 'stop')))).toEqual([
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
    { type: 'finish', reason: 'stop' },
  ])
})

test('nothing after the end of a stream is read', () => {
  const end = stream({ choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'stop' }] })
  expect(decode(`${end}data: [DONE]\n\ndata: nonsense\n\n`)).toHaveLength(2)
})

test('a stream that says it is done ended, whatever the reason', () => {
  const events = decode(`${stream({ choices: [{ delta: { content: 'a' } }] })}data: [DONE]\n\n`)
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'other' })
})

test.each([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['length', 'length'],
  ['content_filter', 'other'],
  ['tool_calls', 'other'],
])('an answer that ends for "%s" ends for "%s"', (told, reason) => {
  const events = decode(JSON.stringify({ choices: [{ text: 'a', finish_reason: told }] }))
  expect(events.at(-1)).toEqual({ type: 'finish', reason })
})

test('content may be a list of parts, of which texts are the answer', () => {
  const content = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ]
  expect(texts(decode(JSON.stringify({ choices: [{ message: { content } }] })))).toEqual(['ab'])
})

test("llama.cpp's own list of probabilities is read beside choices", () => {
  const answer = {
    choices: [{ message: { content: 'a' }, finish_reason: 'stop' }],
    completion_probabilities: [{ token: 'a', logprob: -0.5, bytes: [97], top_logprobs: [] }],
  }
  expect(texts(decode(JSON.stringify(answer)))).toEqual(['a', ['a']])
})

test('its older form, of what the samplers left over, is not', () => {
  const answer = {
    content: 'a',
    stop: true,
    stopped_limit: true,
    tokens_evaluated: 2,
    tokens_predicted: 1,
    completion_probabilities: [{ content: 'a', probs: [{ tok_str: 'a', prob: 1 }] }],
  }
  expect(decode(JSON.stringify(answer))).toEqual([
    { type: 'text', text: 'a' },
    { type: 'usage', usage: { inputTokens: 2, outputTokens: 1 } },
    { type: 'finish', reason: 'length' },
  ])
})

const echo = (pieces: [text: string, tokens: [string, number | null][]][]) =>
  stream(
    ...pieces.map(([text, tokens], i) => ({
      choices: [
        {
          text,
          logprobs: { tokens: tokens.map(([token]) => token), token_logprobs: tokens.map(([, logprob]) => logprob) },
          finish_reason: i === pieces.length - 1 ? 'length' : null,
        },
      ],
    })),
  )

test('an echoed prompt is no part of the answer', () => {
  const answer = echo([
    [
      'One two three',
      [
        ['<s>', null],
        ['One', -9],
        [' two', -1],
        [' three', -2],
      ],
    ],
    [' four', [[' four', -3]]],
  ])
  expect(texts(decode(answer, { prompt: 'One two', echo: true }))).toEqual([' three', [' three'], ' four', [' four']])
})

test('where it cannot be told which tokens are of the prompt, there are none', () => {
  const answer = echo([
    [
      'One two three',
      [
        ['One', -9],
        ['two', -1],
        ['three', -2],
      ],
    ],
  ])
  expect(texts(decode(answer, { prompt: 'One two', echo: true }))).toEqual([' three'])
  expect(texts(decode(answer, { prompt: [1, 2], echo: true }))).toEqual(['One two three'])
})

test('reasoning that is only counted hides tokens as well', () => {
  const content = ['Hm', '</think>', 'a'].map((token) => ({ token, logprob: -1, bytes: null }))
  const answer = {
    choices: [{ message: { content: 'a' }, logprobs: { content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 3, completion_tokens_details: { reasoning_tokens: 2 } },
  }
  expect(texts(decode(JSON.stringify(answer)))).toEqual(['a', ['a']])
})

test('a byte order mark is passed over', () => {
  expect(texts(decode('\uFEFF{"choices":[{"text":"a"}]}'))).toEqual(['a'])
  expect(texts(decode('\uFEFFdata: {"choices":[{"text":"a"}]}\n\ndata: [DONE]'))).toEqual(['a'])
})
