import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stopFilter, type TextStep } from '../../src/models/stop-filter.ts'

const steps = (...texts: string[]): TextStep[] => texts.map((text, i) => ({ text, logprob: -i }))

/** Everything that comes out for these tokens, and after which of them it stopped. */
function filtered(tokens: readonly TextStep[], stops: readonly string[]) {
  const filter = stopFilter(stops)
  const kept: TextStep[] = []
  for (const [place, step] of tokens.entries()) {
    const { steps: out, stopped } = filter.push(step)
    kept.push(...out)
    if (stopped) return { kept, stoppedAt: place }
  }
  return { kept: [...kept, ...filter.flush()], stoppedAt: undefined }
}

const textOf = (kept: readonly TextStep[]) => kept.map(({ text }) => text).join('')

/** By definition: after each token, look for a stop text in all that has been said. */
function naive(tokens: readonly TextStep[], stops: readonly string[]) {
  let said = ''
  for (const [place, { text }] of tokens.entries()) {
    said += text
    const found = stops
      .filter((stop) => stop !== '')
      .map((stop) => said.indexOf(stop))
      .filter((at) => at >= 0)
    if (found.length > 0) return { text: said.slice(0, Math.min(...found)), stoppedAt: place }
  }
  return { text: said, stoppedAt: undefined }
}

test('an answer ends before a stop text, also where that is spread over tokens', () => {
  const { kept, stoppedAt } = filtered(steps('one', ' two', '\n', '\nQ', 'uestion'), ['\n\nQuestion'])
  expect(textOf(kept)).toBe('one two')
  expect(stoppedAt).toBe(4)
})

test('a token in which a stop text begins stays, with the text before it and its own log-probability', () => {
  const { kept } = filtered(steps('yes', '!\n\nand'), ['\n\n'])
  expect(kept).toEqual([
    { text: 'yes', logprob: -0 },
    { text: '!', logprob: -1 },
  ])
})

test('what only looked like the beginning of a stop text comes after all', () => {
  const filter = stopFilter(['###'])
  expect(filter.push({ text: '#' }).steps).toEqual([])
  expect(filter.push({ text: '#' }).steps).toEqual([])
  expect(textOf(filter.push({ text: ' no' }).steps)).toBe('## no')
  expect(filter.push({ text: '##' }).steps).toEqual([])
  expect(textOf(filter.flush())).toBe('##')
})

test('without stop texts, or with empty ones, nothing is held back', () => {
  for (const stops of [[], ['']]) {
    const filter = stopFilter(stops)
    expect(filter.push({ text: 'a' })).toEqual({ steps: [{ text: 'a' }], stopped: false })
  }
})

test('what comes out is what the definition says, in the same tokens', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 4 })
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 12 }), fc.array(letters, { maxLength: 3 }), (texts, stops) => {
      const tokens = steps(...texts)
      const { kept, stoppedAt } = filtered(tokens, stops)
      const expected = naive(tokens, stops)
      expect(textOf(kept)).toBe(expected.text)
      expect(stoppedAt).toBe(expected.stoppedAt)
      for (const [place, step] of kept.entries()) {
        expect(step.logprob).toBe(tokens[place].logprob)
        if (place < kept.length - 1) expect(step.text).toBe(tokens[place].text)
      }
      if (stoppedAt === undefined) expect(kept).toEqual(tokens)
    }),
    { numRuns: 2000 },
  )
})
