import { describe, expect, test } from 'vitest'
import { answerTrace } from '../../../src/models/openai/answer-trace.ts'
import type { WireToken } from '../../../src/models/openai/tokens.ts'

const token = (text: string): WireToken => ({ step: { text, logprob: -1 }, blank: text === '' })

type Piece = [text: string, tokens: string[], reasoning?: boolean, tools?: string[]]

/** The texts of the tokens that come out after each piece, and at the end. */
function traced(pieces: Piece[]): string[][] {
  const trace = answerTrace()
  const out = pieces.map(([text, tokens, reasoning = false, tools = []]) =>
    trace.add({ text, tokens: tokens.map(token), reasoning, tools }),
  )
  return [...out, trace.end()].map((found) => found.map((each) => each.token.text ?? ''))
}
const all = (...pieces: Piece[]) => traced(pieces).flat()

describe('tokens that spell the answer', () => {
  test('come out with the text that they spell', () => {
    expect(
      traced([
        ['It', ['It']],
        [' is', [' is']],
        ['.', ['.']],
      ]),
    ).toEqual([['It'], [' is'], ['.'], []])
  })

  test('wait for text that comes later, as with stop texts that may be beginning', () => {
    expect(
      traced([
        ['', ['It']],
        ['It', [' is']],
        [' is', []],
      ]),
    ).toEqual([[], ['It'], [' is'], []])
  })

  test('may come later than their text', () => {
    expect(all(['It is', []], ['', ['It']], ['', [' is']])).toEqual(['It', ' is'])
  })

  test('need not have the white space that a server strips or a tokenizer loses', () => {
    expect(all(['It is', ['▁It', '▁is', '</s>']])).toEqual(['▁It', '▁is'])
    expect(all(['It is', [' It', 'is', '</s>']])).toEqual([' It', 'is'])
  })

  test('may be of white space, within the answer and at its end', () => {
    expect(all(['a\n\n b\n', ['a', '\n\n', ' b', '\n', '<|im_end|>']])).toEqual(['a', '\n\n', ' b', '\n'])
  })
})

describe('tokens beyond the answer', () => {
  test('the mark of the end is left out', () => {
    expect(all(['Paris', ['Paris', '<|im_end|>']])).toEqual(['Paris'])
    expect(all(['Paris', ['Paris']], ['', ['<|eot_id|>']])).toEqual(['Paris'])
    expect(all(['Paris', ['Paris', '']])).toEqual(['Paris'])
  })

  test('an answer of nothing but its end has no tokens', () => {
    expect(all(['', ['</s>']])).toEqual([])
  })

  test('a stop text that was cut off is left out', () => {
    expect(all(['a', ['a', '\n', '\n', '#', '#']])).toEqual(['a'])
  })

  test('a token that begins within the answer stays', () => {
    expect(all(['a b.', ['a', ' b', '.\n\nQ']])).toEqual(['a', ' b', '.\n\nQ'])
  })

  test('a mark that is text of the answer stays', () => {
    expect(all(['<b>x</b>', ['<b>', 'x', '</b>']])).toEqual(['<b>', 'x', '</b>'])
  })
})

describe('tokens that do not spell the answer', () => {
  test('are all of it, from where they go apart', () => {
    expect(all(['x 🌸 y', ['x', ' \uFFFD', '\uFFFD', ' y']])).toEqual(['x', ' \uFFFD', '\uFFFD', ' y'])
  })

  test('but for a last one that looks like a mark', () => {
    expect(all(['x 🌸', ['x', ' \uFFFD', '\uFFFD']], ['', ['<|im_end|>']])).toEqual(['x', ' \uFFFD', '\uFFFD'])
    expect(all(['🌸 <i>', ['\uFFFD', ' ', '<i>']])).toEqual(['\uFFFD', ' ', '<i>'])
  })

  test('are all of it where no token has a text', () => {
    const trace = answerTrace()
    expect(
      trace.add({ text: 'a b', tokens: [{ step: { logprob: -1 }, blank: false }], reasoning: false, tools: [] }),
    ).toHaveLength(1)
  })
})

describe('calls to tools', () => {
  const call = ['<tool_call>', '{"name": "', 'f', '", "arguments": ', '{}', '}', '</tool_call>', '<|im_end|>']
  /** The texts of the answer's tokens, those of calls in upper case. */
  const told = (...pieces: Piece[]) => {
    const trace = answerTrace()
    const found = pieces.map(([text, tokens, reasoning = false, tools = []]) =>
      trace.add({ text, tokens: tokens.map(token), reasoning, tools }),
    )
    return [...found.flat(), ...trace.end()].map(({ token: { text = '' }, tool }) => (tool ? text.toUpperCase() : text))
  }
  const calls = call.slice(0, -1).map((each) => each.toUpperCase())

  test('have the tokens that spell no text, but for a mark of the end', () => {
    expect(told(['', call, false, ['f{}']])).toEqual(calls)
    expect(told(['Let me see.', ['Let', ' me', ' see', '.', ...call], false, ['f{}']])).toEqual([
      'Let',
      ' me',
      ' see',
      '.',
      ...calls,
    ])
  })
  test('have them in a stream, where they come before what is told of the call', () => {
    const [open, ...rest] = call
    expect(
      told(['So', ['So']], ['', [open]], ['', rest.slice(0, 3), false, ['f']], ['', rest.slice(3), false, ['{}']]),
    ).toEqual(['So', ...calls])
  })
  test('end the reasoning in a stream; in a whole answer nobody can tell where it ends', () => {
    expect(told(['', ['Hm'], true], ['', ['</think>']], ['', call, false, ['f{}']])).toEqual(['</THINK>', ...calls])
    expect(told(['', ['Hm', ...call], true, ['f{}']])).toEqual([])
  })
})

describe('hidden reasoning', () => {
  test('in a stream, tokens are of the reasoning until the answer begins', () => {
    const stream: Piece[] = [
      ['', ['<think>']],
      ['', ['Hm'], true],
      ['', ['.'], true],
      ['', ['</think>']],
      ['Yes', ['Yes']],
      ['.', ['.']],
    ]
    expect(all(...stream)).toEqual(['Yes', '.'])
  })

  test('of one piece that holds its end and the start of the answer, the tokens are told apart by the text', () => {
    expect(all(['', ['Hm'], true], ['Yes', ['!', '</think>', 'Yes'], true], [' it', [' it']])).toEqual(['Yes', ' it'])
  })

  test('of a whole answer, the tokens that spell the answer are the last ones that do', () => {
    const tokens = ['4', '?', ' Yes', '4', '</think>', '\n\n', '4', '<|im_end|>']
    expect(all(['\n\n4', tokens, true])).toEqual(['\n\n', '4'])
    expect(all(['4', tokens, true])).toEqual(['4'])
  })

  test('where the answer is not found among the tokens, there are none, rather than wrong ones', () => {
    expect(all(['Yes', ['H', 'm', 'Y', '\uFFFD'], true], [' it', [' it']])).toEqual([])
  })

  test('an answer that reasoning left no room for has no tokens', () => {
    expect(all(['', ['Hm', ' well'], true])).toEqual([])
  })
})

test('texts and tokens of a long answer find each other however far apart they arrive', () => {
  const pieces = Array.from({ length: 20_000 }, (_, i): Piece => [` w${i}`, [` w${i}`]])
  expect(all(...pieces)).toHaveLength(20_000)
  // All of the text first, and all of the tokens first.
  expect(
    all(...pieces.map(([text]): Piece => [text, []]), ...pieces.map(([, tokens]): Piece => ['', tokens])),
  ).toHaveLength(20_000)
  expect(
    all(...pieces.map(([, tokens]): Piece => ['', tokens]), ...pieces.map(([text]): Piece => [text, []])),
  ).toHaveLength(20_000)
})
