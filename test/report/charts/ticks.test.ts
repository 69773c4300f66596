import fc from 'fast-check'
import { expect, test } from 'vitest'
import { change, percent, plain, short, signed, tickTexts, withUnit } from '../../../src/report/charts/format.ts'
import { roundTicks } from '../../../src/report/charts/ticks.ts'

test('ticks are round numbers inside the domain, about as many as asked for', () => {
  expect(roundTicks([0.98, 11.3], 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(roundTicks([-0.31, 0.02], 4)).toEqual([-0.3, -0.2, -0.1, 0])
  expect(roundTicks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(roundTicks([1, 1 + 2 ** -52], 5)).toEqual([])
  const ends = fc.double({ min: -1e3, max: 1e3, noNaN: true })
  fc.assert(
    fc.property(
      ends,
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.integer({ min: 1, max: 12 }),
      (low, span, count) => {
        const ticks = roundTicks([low, low + span], count)
        expect(ticks.length).toBeLessThanOrEqual(2 * count + 2)
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - 1e-6 * span)
          expect(tick).toBeLessThanOrEqual(low + span * (1 + 1e-6))
        }
      },
    ),
  )
})

test('numbers have separators, minus signs, and on one axis the same decimals', () => {
  const texts = (ticks: number[]) => ticks.map(tickTexts(ticks))
  expect(texts([-0.5, 0, 0.5, 1])).toEqual(['−0.5', '0', '0.5', '1.0'])
  expect(texts([0, 20_000, 40_000])).toEqual(['0', '20,000', '40,000'])
  expect(texts([0, 2e-9, 4e-9])).toEqual(['0', '2e−9', '4e−9'])
  expect([1234567, -0.25, 1e-7, 2.5e12, 0].map(plain)).toEqual(['1,234,570', '−0.25', '1e−7', '2.5e12', '0'])
  expect([0.123456, -12345].map(short)).toEqual(['0.123', '−12,300'])
  expect([0.431, 0.004, 1, 0].map(percent)).toEqual(['43 %', '0.4 %', '100 %', '0 %'])
  expect([160.4, -7.31, 0, 12345].map(change)).toEqual(['+160 %', '−7.3 %', '0 %', '+12,300 %'])
  expect([0.126, -0.126, 0.001].map(signed)).toEqual(['+0.13', '−0.13', '0'])
  expect([withUnit('length', 'tokens'), withUnit('perplexity', 'none')]).toEqual(['length (tokens)', 'perplexity'])
})
