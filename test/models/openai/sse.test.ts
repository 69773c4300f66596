import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sseReader } from '../../../src/models/openai/sse.ts'

function read(pieces: readonly Uint8Array[]): [data: string, event: string][] {
  const found: [string, string][] = []
  const reader = sseReader((data, event) => found.push([data, event]))
  for (const piece of pieces) reader.push(piece)
  reader.end()
  return found
}

const bytes = (text: string) => new TextEncoder().encode(text)
const data = (text: string) => read([bytes(text)]).map(([each]) => each)

test('every data line is told', () => {
  expect(data('data: {"a":1}\n\ndata: {"b":2}\n\ndata: [DONE]\n\n')).toEqual(['{"a":1}', '{"b":2}', '[DONE]'])
})

test('a data line needs neither a space nor an empty line after it', () => {
  expect(data('data:1\ndata:2\n')).toEqual(['1', '2'])
})

test('a last event counts although its end is missing', () => {
  expect(data('data: 1\n\ndata: 2')).toEqual(['1', '2'])
})

test('lines may end as on Windows, and comments, ids and a byte order mark are passed over', () => {
  expect(data('\uFEFFdata: 1\r\n\r\n: OPENROUTER PROCESSING\r\n\r\nid: 7\r\nretry: 10\r\ndata: 2\r\n\r\n')).toEqual([
    '1',
    '2',
  ])
})

test('data comes with the name of its event, which ends with it', () => {
  expect(read([bytes('event: error\ndata: 1\n\ndata: 2\n\n')])).toEqual([
    ['1', 'error'],
    ['2', ''],
  ])
})

test("llama.cpp's former field for errors is data of an error", () => {
  expect(read([bytes('error: {"code":500}\n\n')])).toEqual([['{"code":500}', 'error']])
})

test('bytes may be cut anywhere, also within a character', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((text) => `data: ${JSON.stringify(text)}`),
    fc.constantFrom('', ': comment 🌸', 'event: error'),
  )
  fc.assert(
    fc.property(
      fc.array(line),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (lines, end, ended, sizes) => {
        const whole = bytes(lines.join(end) + (ended ? end : ''))
        const pieces: Uint8Array[] = []
        for (let at = 0; at < whole.length;) {
          const size = sizes.next().value
          pieces.push(whole.slice(at, at + size))
          at += size
        }
        const told = lines.filter((each) => each.startsWith('data: ')).map((each) => each.slice(6).trim())
        expect(read(pieces).map(([each]) => each)).toEqual(told)
      },
    ),
  )
})

test('a long line in many pieces takes time in proportion to its length', () => {
  const piece = bytes('x'.repeat(1000))
  const start = performance.now()
  const [[found]] = read([bytes('data: '), ...Array.from({ length: 20_000 }, () => piece)])
  expect(found).toHaveLength(20_000_000)
  expect(performance.now() - start).toBeLessThan(15_000)
})
