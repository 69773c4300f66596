import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callCost, mostCost, type Price } from '../../src/models/price.ts'

const amount = fc.double({ min: 0, max: 100, noNaN: true })
const price: fc.Arbitrary<Price> = fc.oneof(
  fc.record({ input: amount, output: amount }),
  fc.record({ input: amount, cached: amount, output: amount }),
  fc.record({ call: amount }),
)

test('a price by token is in USD per million tokens', () => {
  expect(callCost({ input: 2, output: 8 }, { inputTokens: 1000, outputTokens: 500 })).toBeCloseTo(0.006, 12)
})

test('input from a cache has its own price, or that of other input', () => {
  const usage = { inputTokens: 1000, cachedInputTokens: 600, outputTokens: 0 }
  expect(callCost({ input: 2, cached: 0.5, output: 8 }, usage)).toBeCloseTo((400 * 2 + 600 * 0.5) / 1e6, 15)
  expect(callCost({ input: 2, output: 8 }, usage)).toBeCloseTo(0.002, 15)
})

test('a server that counts more from its cache than there is input does not make a call cheaper than its cache', () => {
  const usage = { inputTokens: 100, cachedInputTokens: 1000, outputTokens: 0 }
  expect(callCost({ input: 2, cached: 0.5, output: 8 }, usage)).toBeCloseTo(0.00005, 15)
})

test('a price by call asks for no count, nor does a model that costs nothing', () => {
  expect(callCost({ call: 20 }, undefined)).toBe(20)
  expect(callCost({ input: 0, output: 0 }, undefined)).toBe(0)
  expect(callCost({ input: 0, cached: 1, output: 0 }, undefined)).toBeUndefined()
})

test('a price by token without a count gives no cost, not 0', () => {
  expect(callCost({ input: 0.1, output: 0 }, undefined)).toBeUndefined()
})

test('no call costs more than the most that was thought of', () => {
  fc.assert(
    fc.property(
      price,
      fc.nat(10_000),
      fc.nat(2000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (p, bytes, most, share) => {
        const inputTokens = Math.floor(bytes * share)
        const usage = { inputTokens, cachedInputTokens: Math.floor(inputTokens * share), outputTokens: most }
        expect(callCost(p, usage)).toBeLessThanOrEqual(mostCost(p, bytes, most) * (1 + 1e-12))
      },
    ),
  )
})
