import fc from 'fast-check'
import { expect, test } from 'vitest'
import { streamText } from '../../../src/models/openai/stream-text.ts'

const bytes = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
  fc.uint8Array({ max: 127, maxLength: 8 }),
  fc.uint8Array({ maxLength: 8 }),
  fc.constantFrom(Uint8Array.of(0xef, 0xbb, 0xbf), Uint8Array.of(0xf0, 0x9f), new Uint8Array()),
)

test('bytes in any pieces, whole characters or not, are the text that a TextDecoder makes of them', () => {
  fc.assert(
    fc.property(fc.array(bytes), (pieces) => {
      const text = streamText()
      const told = pieces.map((piece) => text.push(piece)).join('') + text.end()
      expect(told).toBe(new TextDecoder().decode(Buffer.concat(pieces)))
    }),
    { numRuns: 2000 },
  )
})
