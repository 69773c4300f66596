import { describe, expect, test } from 'vitest'
import { eventFilter } from '../../../src/gateway/wire/events.ts'
import { trimmed, type Trim } from '../../../src/gateway/wire/trim.ts'

const top = (...logprobs: number[]) => logprobs.map((logprob, i) => ({ token: `t${i}`, logprob, bytes: [i] }))
const chat = (...tops: number[][]) => ({
  id: 'x',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'a "b"' },
      logprobs: {
        content: tops.map((each) => ({ token: 'a', logprob: each[0], top_logprobs: top(...each) })),
        refusal: null,
      },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 3 },
})
const trim = (answer: object, how: Trim) => {
  const left = trimmed(Buffer.from(JSON.stringify(answer)), how)
  return left && (JSON.parse(Buffer.from(left).toString()) as Record<string, unknown>)
}

describe('an answer for a client', () => {
  test('who asked for no log-probabilities has none, and is the same else', () => {
    const answer = chat([-1, -2], [-0.5])
    const [choice] = answer.choices
    expect(trim(answer, { logprobs: 'all' })).toEqual({ ...answer, choices: [{ ...choice, logprobs: null }] })
  })

  test('who asked for fewer alternatives has the likeliest of them', () => {
    const left = trim(chat([-3, -1, -2], [-1]), { logprobs: 2 }) as ReturnType<typeof chat>
    expect(left.choices[0].logprobs.content.map((each) => each.top_logprobs.map(({ logprob }) => logprob))).toEqual([
      [-1, -2],
      [-1],
    ])
    expect(trim(chat([-1, -2]), { logprobs: 0 })).toEqual({
      ...chat([-1]),
      choices: [
        {
          ...chat([-1]).choices[0],
          logprobs: { content: [{ token: 'a', logprob: -1, top_logprobs: [] }], refusal: null },
        },
      ],
    })
  })

  test('of a completion keeps the chosen token beside them', () => {
    const choice = (tops: object[]) => ({
      choices: [{ text: 'ab', logprobs: { tokens: ['a', 'b'], top_logprobs: tops } }],
    })
    expect(
      trim(
        choice([
          { c: -1, d: -2, a: -3 },
          { b: -1, c: -2 },
        ]),
        { logprobs: 1 },
      ),
    ).toEqual(choice([{ c: -1, a: -3 }, { b: -1 }]))
  })

  test.each(['{"choices":7}', '{"choices":[{"logprobs":null}]}', 'null', '{"a":'])('%s is left as it is', (text) => {
    for (const logprobs of ['all', 1] as const)
      expect(Buffer.from(trimmed(Buffer.from(text), { logprobs })!).toString()).toBe(text)
  })

  test('with nothing to take away is the same bytes', () => {
    const bytes = Buffer.from(JSON.stringify(chat([-1])))
    expect(trimmed(bytes, {})).toBe(bytes)
  })
})

describe('a stream for a client', () => {
  const delta =
    '{"choices":[{"delta":{"content":"é"},"logprobs":{"content":[{"token":"é","logprob":-1}]}}],"usage":null}'
  const stream = `: hi\n\ndata: ${delta}\n\ndata: {"choices":[],"usage":{"prompt_tokens":1}}\n\ndata:[DONE]\n\n`
  const through = (text: string, size: number, how: Trim, last?: () => string) => {
    const filter = eventFilter(how, last)
    const bytes = Buffer.from(text)
    const out: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) out.push(filter.push(bytes.subarray(at, at + size)))
    return Buffer.concat([...out, filter.end()]).toString()
  }

  test.each([1, 2, 7, 1000])('loses what was not asked for, in pieces of %i bytes', (size) => {
    expect(through(stream, size, { logprobs: 'all', usage: true })).toBe(
      ': hi\n\ndata: {"choices":[{"delta":{"content":"é"},"logprobs":null}]}\n\ndata:[DONE]\n\n',
    )
    expect(through(stream, size, {})).toBe(stream)
    expect(through(stream.replaceAll('\n', '\r\n'), size, { logprobs: 'all' })).toBe(
      stream.replace('{"content":[{"token":"é","logprob":-1}]}', 'null').replaceAll('\n', '\r\n'),
    )
  })

  test('has what is to be added before its end, or at its end', () => {
    const last = () => 'data: {"spillway":1}\n\n'
    expect(through('data: 1\n\ndata: [DONE]\n\n', 3, {}, last)).toBe(
      'data: 1\n\ndata: {"spillway":1}\n\ndata: [DONE]\n\n',
    )
    expect(through('data: 1\n\n', 3, {}, last)).toBe('data: 1\n\ndata: {"spillway":1}\n\n')
  })

  const pieces = [1, 2, 5, 1000]
  test.each(pieces)('may have lines that end with a carriage return alone, in pieces of %i bytes', (size) => {
    const lone = stream.replaceAll('\n', '\r')
    const left = ': hi\r\rdata: {"choices":[{"delta":{"content":"é"},"logprobs":null}]}\r\rdata:[DONE]\r\r'
    expect(through(lone, size, { logprobs: 'all', usage: true })).toBe(left)
    expect(through(lone, size, {})).toBe(lone)
    expect(through(stream.replaceAll('\n', '\r\n'), size, { logprobs: 'all', usage: true })).toBe(
      left.replaceAll('\r', '\r\n'),
    )
  })

  test('with lines that end with a carriage return goes on as they come', () => {
    for (const how of [{}, { logprobs: 'all' }] as const)
      expect(Buffer.from(eventFilter(how).push(Buffer.from('data: 1\r\r'))).toString()).toBe('data: 1\r\r')
  })

  test.each(pieces)('loses all fields of an event whose data is left out, in pieces of %i bytes', (size) => {
    const counted = 'data: {"choices":[],"usage":{"n":1}}'
    const around = (event: string) => `event: a\nid: 1\ndata: 1\nid: 2\n\n${event}event: c\ndata: [DONE]\n\n`
    for (const event of [`${counted}\n\n`, `event: b\nid: 3\n${counted}\n\n`, `id: 3\n${counted}\nretry: 1\n\n`])
      for (const end of ['\n', '\r', '\r\n'])
        expect(through(around(event).replaceAll('\n', end), size, { usage: true })).toBe(
          around('').replaceAll('\n', end),
        )
    // Of an event with further data the rest stays.
    expect(through(around(`data: 2\n${counted}\n\n`), size, { usage: true })).toBe(around('data: 2\n\n'))
    expect(through('event: a\n\nevent: b', size, { usage: true })).toBe('event: a\n\nevent: b')
  })

  test.each(pieces)('may begin with a byte order mark, in pieces of %i bytes', (size) => {
    expect(through(`\uFEFFdata: ${delta}\n\n`, size, { logprobs: 'all', usage: true })).toBe(
      '\uFEFFdata: {"choices":[{"delta":{"content":"é"},"logprobs":null}]}\n\n',
    )
  })

  test('passes a last line on that has no end', () => {
    expect(through('data: 1\n\ndata: {"a', 4, { logprobs: 'all' })).toBe('data: 1\n\ndata: {"a')
  })
})
