import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certaintyOf } from '../../../src/core/peers/certainty.ts'
import { doubleThreshold, threshold } from '../../../src/core/peers/automix.ts'
import { pomdp, smooth } from '../../../src/core/peers/pomdp.ts'
import type { TestRow } from '../../support/outcomes.ts'
import { anyRows, byBins, nearestEighth, octiles, outcomesOn, shareRows, vectorsOf, type Vector } from './rows.ts'

/** How a rule counts rows by bin and how it then routes them; the two differ in AutoMix's code. */
interface Bins {
  count: number
  /** Bins of the shares of needy and hopeless rows; those halfway between two centres are in none. */
  ofShares: (key: number) => number | undefined
  ofGains: (key: number) => number | undefined
  routed: (key: number) => number
}

const nearestBins: Bins = {
  count: 9,
  ofShares(key) {
    for (let i = 0; i <= 8; i++) if (key - i / 8 < 1 / 16 && key - i / 8 > -1 / 16) return i
    return undefined
  },
  ofGains: (key) => Math.floor(key / 0.125),
  routed: nearestEighth,
}

/** Bins between octiles. */
function octileBins(keys: readonly number[]): Bins {
  const starts = [...new Set(octiles(keys).slice(1, -1))]
  const bin = (key: number) => starts.filter((start) => key >= start).length
  return { count: starts.length + 1, ofShares: bin, ofGains: bin, routed: bin }
}

/** AutoMix's POMDPSimple reward by reward, its sums multiplied by the rows of the bin so that ties are exact. */
function simple(rows: readonly TestRow[], keys: readonly number[], bins: Bins): Vector[] {
  const counts = Array.from({ length: bins.count }, () => ({ needy: 0, good: 0, hopeless: 0 }))
  rows.forEach(({ small, large }, row) => {
    const bin = Number.isFinite(keys[row]) ? bins.ofShares(keys[row]) : undefined
    if (bin !== undefined) counts[bin][small >= 0.5 ? 'good' : large >= 0.5 ? 'needy' : 'hopeless']++
  })
  const sequences = new Map<string, boolean[]>()
  for (let reward = 0; reward < 5000; reward++) {
    const actions = counts.map(({ needy, good, hopeless }) => {
      const keep = -reward * needy + (-reward - 1) * hopeless
      const route = -100 * needy - 100 * good + (-reward - 100) * hopeless
      return route > keep
    })
    sequences.set(actions.join(), actions)
  }
  return [...sequences.values()].map((actions) => byBins(keys, bins.routed, actions))
}

/** Bins added to a growing set in the order of their smoothed mean gain, the last of equals first. */
function greedy(rows: readonly TestRow[], keys: readonly number[], bins: Bins): Vector[] {
  const means = Array.from({ length: bins.count }, (_, bin) => {
    const inside = rows.filter((__, row) => Number.isFinite(keys[row]) && bins.ofGains(keys[row]) === bin)
    const gain = inside.reduce((total, { small, large }) => total + (large - small), 0)
    return inside.length === 0 ? 0 : gain / inside.length
  })
  const ascending = gaussian(means)
    .map((value, bin) => ({ value, bin }))
    .toSorted((a, b) => a.value - b.value)
  const order = ascending.map(({ bin }) => bin).toReversed()
  return order.map((_, i) =>
    byBins(
      keys,
      bins.routed,
      means.map((__, bin) => order.slice(0, i + 1).includes(bin)),
    ),
  )
}

/** scipy's gaussian_filter of σ = 2: on a line mirrored again and again, from the outermost pair of values inwards. */
function gaussian(values: readonly number[]): number[] {
  const weight = (x: number) => Math.exp(-0.125 * x * x)
  const total = Array.from({ length: 17 }, (_, i) => weight(i - 8)).reduce((sum, each) => sum + each, 0)
  const tile = [...values, ...values.toReversed()]
  const line: number[] = []
  while (line.length < 2 * tile.length + 16) line.push(...tile)
  const first = tile.length * Math.ceil(8 / tile.length) // a copy of the values with 8 or more on its left
  line.push(...line)
  return values.map((_, i) => {
    let sum = line[first + i] * (weight(0) / total)
    for (let x = 8; x >= 1; x--) sum += (line[first + i - x] + line[first + i + x]) * (weight(x) / total)
    return sum
  })
}

const sorted = (vectors: Iterable<Vector>) => [...new Set(vectors)].toSorted()

describe("AutoMix's POMDP", () => {
  /** What the union adds to the double and single thresholds, which are tested by themselves. */
  const union = (rows: readonly TestRow[], keys: readonly number[], bins: Bins, shared: readonly Vector[]) =>
    sorted([...simple(rows, keys, bins), ...greedy(rows, keys, bins), ...shared])

  test('escalates the rows that its four parts do, reward by reward and bin by bin', () => {
    fc.assert(
      fc.property(shareRows(30), (rows) => {
        const outcomes = outcomesOn(rows, 'probability')
        const certainty = certaintyOf(outcomes.signals[0])
        const shared = vectorsOf(outcomes, [...doubleThreshold(certainty), ...threshold(certainty)])
        const keys = rows.map(({ signal }) => signal)
        expect(sorted(vectorsOf(outcomes, pomdp(outcomes, certainty, 0.5)))).toEqual(
          union(rows, keys, nearestBins, shared),
        )
      }),
    )
  })
  test('has one part by the shares of needy and hopeless rows and one by gains, in this order', () => {
    fc.assert(
      fc.property(shareRows(30), (rows) => {
        const outcomes = outcomesOn(rows, 'probability')
        const certainty = certaintyOf(outcomes.signals[0])
        const keys = rows.map(({ signal }) => signal)
        const vectors = vectorsOf(outcomes, pomdp(outcomes, certainty, 0.5))
        const byGain = greedy(rows, keys, nearestBins)
        const end = vectors.length - doubleThreshold(certainty).length - threshold(certainty).length
        expect(vectors.slice(end - byGain.length, end)).toEqual(byGain)
        expect(sorted(vectors.slice(0, end - byGain.length))).toEqual(sorted(simple(rows, keys, nearestBins)))
      }),
    )
  })
  test('acts on bins between octiles of any other signal, whichever values are certain', () => {
    fc.assert(
      fc.property(anyRows(30), fc.constantFrom('higher' as const, 'lower' as const), (rows, direction) => {
        const outcomes = outcomesOn(rows, 'unbounded', direction)
        const certainty = certaintyOf(outcomes.signals[0])
        const shared = vectorsOf(outcomes, [...doubleThreshold(certainty), ...threshold(certainty)])
        const keys = rows.map(({ signal }) => (direction === 'higher' ? signal : -signal))
        expect(sorted(vectorsOf(outcomes, pomdp(outcomes, certainty, 0.5)))).toEqual(
          union(rows, keys, octileBins(keys), shared),
        )
      }),
    )
  })

  test('a row halfway between two bins is routed with the upper one and counted in neither', () => {
    const right = { small: 1, large: 1 }
    const needy = { small: 0, large: 1 }
    const rows = [
      ...[0.25, 0.25, 0.375].map((signal) => ({ ...right, signal })),
      { ...needy, signal: 5 / 16 },
      { ...needy, signal: 0.375 },
    ]
    const outcomes = outcomesOn(rows, 'probability')
    // Bin 3 is needy in one row of two: it joins at the reward 201, the row at 5/16 with it.
    expect(vectorsOf(outcomes, pomdp(outcomes, certaintyOf(outcomes.signals[0]), 0.5)).slice(0, 2)).toEqual([
      '00000',
      '00111',
    ])
  })
  test('bins join in the order of their exact rewards: shares do not round', () => {
    const bin = (signal: number, rows: number, needy: number, hopeless: number): TestRow[] =>
      Array.from({ length: rows }, (_, i) => ({
        signal,
        small: i < needy + hopeless ? 0 : 1,
        large: i < needy ? 1 : 0,
      }))
    // Routed above the rewards 499 and 498.5; of a fifth and a fifth, the first is 498.99999999999994.
    const outcomes = outcomesOn([...bin(0, 5, 1, 1), ...bin(0.25, 10, 2, 3)], 'probability')
    expect(vectorsOf(outcomes, pomdp(outcomes, certaintyOf(outcomes.signals[0]), 0.5)).slice(0, 3)).toEqual([
      '000000000000000',
      '000001111111111',
      '111111111111111',
    ])
  })
  test('tries rewards below 5,000: one needy row of 49 is enough for its bin, one of 50 is not', () => {
    const bin = (signal: number, rows: number): TestRow[] =>
      Array.from({ length: rows }, (_, i) => ({ signal, small: i === 0 ? 0 : 1, large: 1 }))
    const outcomes = outcomesOn([...bin(0, 49), ...bin(0.25, 50)], 'probability')
    const vectors = vectorsOf(outcomes, pomdp(outcomes, certaintyOf(outcomes.signals[0]), 0.5))
    expect(vectors.slice(0, 2)).toEqual(['0'.repeat(99), '1'.repeat(49) + '0'.repeat(50)])
    expect(vectors[2]).not.toBe('1'.repeat(99)) // here the greedy part begins, with one bin
  })
  test('says what is wrong by the bound it is given', () => {
    const outcomes = outcomesOn(
      [
        { small: 0.4, large: 0.5, signal: 0 },
        { small: 0.5, large: 1, signal: 1 },
      ],
      'probability',
    )
    const certainty = certaintyOf(outcomes.signals[0])
    expect(vectorsOf(outcomes, pomdp(outcomes, certainty, 0.5)).slice(0, 2)).toEqual(['00', '10'])
    expect(vectorsOf(outcomes, pomdp(outcomes, certainty, 0.3)).slice(0, 2)).toEqual(['00', '01']) // the greedy part follows
  })
})

describe('smooth', () => {
  test.each<[number[], number[]]>([
    [
      [0, 0, 0, 1, 0, 0, 0, 0, 0],
      [
        0.09175589457202629, 0.1297517941281349, 0.17825172205738693, 0.1999109968852518, 0.176102675174363,
        0.12098748976534904, 0.06482685289430007, 0.027432306987805636, 0.010980267535382424,
      ],
    ],
    [
      [0.4, -0.1, 0, 0.25, 0.5, -0.75, 0.1, 0.3, 1],
      [
        0.15356886909321912, 0.13978868552004425, 0.11865178328491205, 0.0967082928216338, 0.08728791744135998,
        0.11852044369615777, 0.21088848053392456, 0.33960868652247445, 0.4349768410862742,
      ],
    ],
    [
      [1, 0, 0],
      [0.38914298647802115, 0.33328677629030357, 0.2775702372316754],
    ],
    [[0.3], [0.3]],
    [[], []],
  ])('of %j is what scipy.ndimage.gaussian_filter gives', (values, expected) => {
    const smoothed = smooth(values)
    expect(smoothed).toHaveLength(expected.length)
    expected.forEach((value, i) => expect(smoothed[i]).toBeCloseTo(value, 14))
  })
  test('keeps the sum, and turns round with its values to the last digit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (values) => {
        const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)
        expect(sum(smooth(values))).toBeCloseTo(sum(values), 9)
        expect(smooth(values.toReversed()).toReversed()).toEqual(smooth(values))
      }),
    )
  })
})
