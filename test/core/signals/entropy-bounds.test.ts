import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entropyBounds } from '../../../src/core/signals/entropy-bounds.ts'

const entropy = (probabilities: readonly number[]): number =>
  probabilities.reduce((total, p) => (p > 0 ? total - p * Math.log(p) : total), 0)
const logs = (probabilities: readonly number[]) => probabilities.map(Math.log)
const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** A distribution over few tokens, most likely first, with ties and impossible tokens; and a k of at most their number. */
const cut = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 })
  .filter((weights) => total(weights) > 0)
  .map((weights) => weights.map((weight) => weight / total(weights)).toSorted((a, b) => b - a))
  .chain((all) => fc.record({ all: fc.constant(all), k: fc.integer({ min: 1, max: all.length }) }))

describe('entropyBounds, over all distributions of a small vocabulary', () => {
  test('enclose the entropy, which all alternatives together give', () => {
    fc.assert(
      fc.property(cut, ({ all, k }) => {
        const { lower, upper } = entropyBounds(logs(all.slice(0, k)), all.length)
        expect(lower).toBeLessThanOrEqual(entropy(all) + 1e-12)
        expect(upper).toBeGreaterThanOrEqual(entropy(all) - 1e-12)
        const whole = entropyBounds(logs(all), all.length)
        expect(whole.lower).toBeCloseTo(entropy(all), 12)
        expect(whole.upper).toBeCloseTo(entropy(all), 12)
        expect(entropyBounds(logs(all)).lower).toBeCloseTo(entropy(all), 12)
      }),
    )
  })

  test('the lower one is the entropy of the rest in as few tokens as possible, none above the last alternative', () => {
    fc.assert(
      fc.property(cut, ({ all, k }) => {
        const shown = all.slice(0, k).filter((p) => p > 0)
        const last = Math.min(...shown)
        const filled = [...shown]
        for (let rest = 1 - total(shown); rest > 1e-12; rest -= last) filled.push(Math.min(rest, last))
        expect(entropyBounds(logs(all.slice(0, k))).lower).toBeCloseTo(entropy(filled), 9)
      }),
    )
  })

  test('the upper one is the entropy of the rest spread evenly', () => {
    fc.assert(
      fc.property(cut, fc.integer({ min: 0, max: 50 }), ({ all, k }, more) => {
        const shown = all.slice(0, k).filter((p) => p > 0)
        const others = all.length + more - shown.length
        const even = Array.from({ length: others }, () => Math.max(0, 1 - total(shown)) / others)
        expect(entropyBounds(logs(all.slice(0, k)), all.length + more).upper).toBeCloseTo(
          entropy([...shown, ...even]),
          9,
        )
      }),
    )
  })

  test('tighten with k', () => {
    fc.assert(
      fc.property(cut, ({ all }) => {
        const bounds = all.map((_, i) => entropyBounds(logs(all.slice(0, i + 1)), all.length))
        for (let i = 1; i < bounds.length; i++) {
          expect(bounds[i].lower).toBeGreaterThanOrEqual(bounds[i - 1].lower - 1e-12)
          expect(bounds[i].upper).toBeLessThanOrEqual((bounds[i - 1].upper ?? NaN) + 1e-12)
        }
      }),
    )
  })

  test('do not rest on the order of the alternatives, tied or not', () => {
    const shuffled = cut.chain(({ all, k }) => {
      const shown = all.slice(0, k)
      return fc.tuple(
        fc.constant(shown),
        fc.shuffledSubarray(shown, { minLength: k, maxLength: k }),
        fc.constant(all.length),
      )
    })
    fc.assert(
      fc.property(shuffled, ([shown, other, vocabulary]) => {
        const [a, b] = [entropyBounds(logs(shown), vocabulary), entropyBounds(logs(other), vocabulary)]
        expect(b.lower).toBeCloseTo(a.lower, 12)
        expect(b.upper).toBeCloseTo(a.upper ?? NaN, 12)
      }),
    )
  })
})

describe('entropyBounds, on lists that no distribution gives or that floats cannot hold', () => {
  test('stay finite and in order', () => {
    const logprob = fc.oneof(
      fc.double({ min: -800, max: 1e-6, noNaN: true }),
      fc.double({ min: -2, max: 0, noNaN: true }),
      fc.constantFrom(0, -0, 1e-6, -1e-17, -690.7755278982137, -744.4400719213812, -9999, -Infinity),
    )
    fc.assert(
      fc.property(fc.array(logprob, { maxLength: 8 }), fc.integer({ min: 1, max: 200_000 }), (list, vocabulary) => {
        const { lower, upper } = entropyBounds(list, vocabulary)
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(lower).toBeLessThanOrEqual(745)
        expect(upper).toBeGreaterThanOrEqual(lower)
        expect(upper).toBeLessThan(800)
      }),
      { numRuns: 1000 },
    )
  })

  test('one alternative: the rest in tokens as likely as it', () => {
    expect(entropyBounds(logs([0.6])).lower).toBeCloseTo(entropy([0.6, 0.4]), 12)
    expect(entropyBounds(logs([0.25])).lower).toBeCloseTo(Math.log(4), 12)
    expect(entropyBounds(logs([0.6]), 5)).toEqual({
      lower: expect.closeTo(entropy([0.6, 0.4]), 12),
      upper: expect.closeTo(entropy([0.6, 0.1, 0.1, 0.1, 0.1]), 12),
    })
  })

  test('a last alternative so unlikely that the number of tokens in the rest overflows', () => {
    // 0.5 in tokens of 1e-300 each: 0.5 ln 2 + 0.5 · 300 ln 10.
    expect(entropyBounds(logs([0.5, 1e-300])).lower).toBeCloseTo(0.5 * Math.log(2) + 150 * Math.log(10), 9)
    expect(entropyBounds([Math.log(0.5), -744.4400719213812]).lower).toBeCloseTo(0.5 * Math.log(2) + 372.22, 2)
    expect(entropyBounds([-744.4400719213812], 10).upper).toBeGreaterThan(744)
  })

  test('impossible alternatives are dropped, -9999 among them', () => {
    const bounds = entropyBounds(logs([0.5, 0.25]), 100)
    expect(entropyBounds([...logs([0.5, 0.25]), -9999, -Infinity], 100)).toEqual(bounds)
    expect(entropyBounds([0, -9999, -9999], 100)).toEqual({ lower: 0, upper: 0 })
  })

  test('a rest that is rounding alone', () => {
    const tenth = Array.from({ length: 10 }, () => Math.log(0.1))
    expect(entropyBounds(tenth, 10)).toEqual({ lower: entropyBounds(tenth).lower, upper: entropyBounds(tenth).lower })
    expect(entropyBounds(tenth).lower).toBeCloseTo(Math.log(10), 12)
    expect(entropyBounds(logs([1 - 2 ** -53])).lower).toBeCloseTo(0, 14)
    expect(entropyBounds(logs([0.5, 0.5 - 1e-16]), 1e5).upper).toBeCloseTo(Math.log(2), 12)
  })

  test('a mass above 1 by rounding leaves no rest, and no negative entropy', () => {
    expect(entropyBounds([1e-6], 100)).toEqual({ lower: 0, upper: 0 })
    expect(entropyBounds(logs([0.5000001, 0.5000001]), 100).upper).toBe(
      entropyBounds(logs([0.5000001, 0.5000001])).lower,
    )
  })

  test('no alternatives: anything from 0 to ln V', () => {
    expect(entropyBounds([], 50)).toEqual({ lower: 0, upper: Math.log(50) })
    expect(entropyBounds([])).toEqual({ lower: 0, upper: undefined })
  })

  test('a vocabulary too small for the mass that is left: the upper bound is the lower one', () => {
    const { lower, upper } = entropyBounds(logs([0.1, 0.1]), 3)
    expect(upper).toBe(lower)
  })
})
