import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawCounts, indexBelow, nextUint32, seeded, shuffled } from '../../../src/core/stats/random.ts'

const anySeed = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const take = (random: Uint32Array, count: number) => Array.from({ length: count }, () => nextUint32(random))

describe('nextUint32', () => {
  test('is xoshiro128**: the state 1, 2, 3, 4 gives the numbers of the reference code', () => {
    expect(take(Uint32Array.of(1, 2, 3, 4), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ])
  })
  test('has every bit set half of the time', () => {
    const random = seeded(1)
    const ones = new Uint32Array(32)
    for (let i = 0; i < 20_000; i++) {
      const drawn = nextUint32(random)
      for (let bit = 0; bit < 32; bit++) ones[bit] += (drawn >>> bit) & 1
    }
    for (const count of ones) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(5000))
  })
})

describe('seeded', () => {
  test('gives the same numbers for the same seed and stream, others for another', () => {
    fc.assert(
      fc.property(anySeed, anySeed, fc.nat(5), fc.nat(5), (seed, other, stream, otherStream) => {
        const numbers = take(seeded(seed, stream), 8)
        expect(take(seeded(seed, stream), 8)).toEqual(numbers)
        if (seed !== other || stream !== otherStream) expect(take(seeded(other, otherStream), 8)).not.toEqual(numbers)
      }),
    )
  })
  test('never starts at the state of zeros, from which there is no way out', () => {
    fc.assert(fc.property(anySeed, fc.nat(3), (seed, stream) => seeded(seed, stream).some((word) => word !== 0)))
  })

  /** One step of the generator as a matrix over bits: where each bit of the state goes, a row of 128 bits a bit. */
  function stepMatrix(): bigint[] {
    return Array.from({ length: 128 }, (_, bit) => {
      const state = new Uint32Array(4)
      state[bit >> 5] = 2 ** (bit & 31)
      nextUint32(state)
      return toBits(state)
    })
  }
  const toBits = (state: Uint32Array): bigint =>
    state.reduce((bits, word, i) => bits | (BigInt(word) << BigInt(32 * i)), 0n)
  function apply(matrix: bigint[], bits: bigint): bigint {
    let image = 0n
    for (let i = 0; bits !== 0n; i++, bits >>= 1n) if (bits & 1n) image ^= matrix[i]
    return image
  }

  test('starts each stream 2^64 steps after the one before', () => {
    let matrix = stepMatrix()
    for (let doubling = 0; doubling < 64; doubling++) matrix = matrix.map((row) => apply(matrix, row))
    for (const seed of [1, 2, -5, 123_456_789])
      for (const stream of [0, 1, 2])
        expect(toBits(seeded(seed, stream + 1))).toBe(apply(matrix, toBits(seeded(seed, stream))))
  })
})

describe('drawCounts', () => {
  test('counts what indexBelow draws from the same state, and leaves the same state', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 300 }), (seed, length) => {
        const random = seeded(seed)
        const counts = new Uint8Array(length).fill(7)
        drawCounts(random, counts)
        const one = seeded(seed)
        const expected = new Uint8Array(length)
        for (let i = 0; i < length; i++) expected[indexBelow(one, length)]++
        expect(counts).toEqual(expected)
        expect(random).toEqual(one)
      }),
    )
  })
})

describe('shuffled', () => {
  test('is a permutation', () => {
    fc.assert(
      fc.property(anySeed, fc.nat(50), (seed, count) => {
        expect([...shuffled(seeded(seed), count)].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, i) => i),
        )
      }),
    )
  })
  test('gives each of the 24 orders of four things equally often', () => {
    const random = seeded(3)
    const times = new Map<string, number>()
    const draws = 24_000
    for (let i = 0; i < draws; i++) {
      const order = shuffled(random, 4).join('')
      times.set(order, (times.get(order) ?? 0) + 1)
    }
    expect(times.size).toBe(24)
    const chiSquared = [...times.values()].reduce((sum, seen) => sum + (seen - 1000) ** 2 / 1000, 0)
    expect(chiSquared).toBeLessThan(52.6) // 23 degrees of freedom: above that once in 2,500
  })
})
