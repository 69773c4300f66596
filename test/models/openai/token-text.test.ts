import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokenTexts } from '../../../src/models/openai/token-text.ts'

test('a character over several tokens is the text of the one that completes it', () => {
  const read = tokenTexts()
  const [a, b, c, d] = Buffer.from('🌸')
  expect(read('bytes:\\xf0\\x9f', [a, b])).toBe('')
  expect(read('\uFFFD', [c])).toBe('')
  expect(read('\uFFFD', [d])).toBe('🌸')
  expect(read('!', [33])).toBe('!')
})

test('without bytes, the text is as it is told', () => {
  const read = tokenTexts()
  expect(read('\uFFFD', null)).toBe('\uFFFD')
  expect(read(undefined, undefined)).toBeUndefined()
})

test('bytes that begin no character are shown as U+FFFD, and do not stop what follows', () => {
  const read = tokenTexts()
  expect(read('\uFFFD', [0x9f])).toBe('\uFFFD')
  expect(read('\uFFFD', [0xf0])).toBe('')
  expect(read('ok', [111, 107])).toBe('\uFFFDok')
})

test('the texts of tokens join to the text of their bytes, however it is cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (text, sizes) => {
      const whole = Buffer.from(text)
      const read = tokenTexts()
      let joined = ''
      for (let at = 0; at < whole.length;) {
        const piece = whole.subarray(at, at + sizes.next().value)
        joined += read(piece.toString(), [...piece]) ?? ''
        at += piece.length
      }
      expect(joined).toBe(whole.toString())
    }),
  )
})
