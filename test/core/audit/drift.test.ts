import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparedBins } from '../../../src/core/audit/bins.ts'
import { binOf, distributionOf } from '../../../src/core/audit/distribution.ts'
import { driftOf, homogeneity, levelled, stabilityIndex, type Table } from '../../../src/core/audit/drift.ts'
import { addTraffic, countValue, knownTraffic, noTraffic } from '../../../src/core/audit/traffic.ts'
import type { SignalValue } from '../../../src/core/policy/bounds.ts'
import { chiSquaredTail } from '../../../src/core/stats/distributions.ts'
import { nextUint32, seeded } from '../../../src/core/stats/random.ts'
import { expectNear } from '../stats/near.ts'

const random = seeded(11)
const uniform = () => (nextUint32(random) + 0.5) / 2 ** 32
/** As log-probabilities lie: at most 0, with a long tail. */
const logprob = (scale = 1) => scale * Math.log(uniform())
const threshold = -1
const tuningOf = (rows: number, draw: () => number) =>
  distributionOf(Float64Array.from({ length: rows }, draw), [threshold])
function trafficOf({ edges }: ReturnType<typeof tuningOf>, list: readonly SignalValue[], thresholds = [threshold]) {
  const counts = noTraffic({ edges, thresholds })
  for (const value of list) countValue(counts, { edges, thresholds }, value)
  return counts
}
const many = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw)

describe('χ² and the stability index', () => {
  const table = fc
    .array(fc.record({ tuned: fc.integer({ min: 1, max: 90 }), traffic: fc.integer({ min: 1, max: 90 }) }), {
      minLength: 2,
      maxLength: 12,
    })
    .map((list): Table => list)

  test('are what their definitions say', () => {
    fc.assert(
      fc.property(table, (list) => {
        const [n, m] = [sum(list, 'tuned'), sum(list, 'traffic')]
        // Pearson: (observed - expected)² / expected over all cells of the table.
        let statistic = 0
        for (const { tuned, traffic } of list)
          for (const [observed, size] of [
            [tuned, n],
            [traffic, m],
          ]) {
            const expected = ((tuned + traffic) * size) / (n + m)
            statistic += (observed - expected) ** 2 / expected
          }
        expectNear(homogeneity(list), chiSquaredTail(statistic, list.length - 1), 1e-9)
        const psi = list.reduce((all, { tuned, traffic }) => {
          const [p, q] = [(tuned + 0.5) / (n + list.length / 2), (traffic + 0.5) / (m + list.length / 2)]
          return all + (q - p) * Math.log(q / p)
        }, 0)
        expect(stabilityIndex(list)).toBeCloseTo(psi, 12)
      }),
    )
  })

  test('find nothing between equal shares', () => {
    const list = [10, 20, 30].map((tuned) => ({ tuned, traffic: 3 * tuned }))
    expect(homogeneity(list)).toBe(1)
    expect(stabilityIndex(list)).toBeLessThan(1e-3)
  })

  test('agree with a table that others have worked out', () => {
    // scipy.stats.chi2_contingency([[10, 20, 30], [6, 9, 17]])
    const list = [10, 20, 30].map((tuned, i) => ({ tuned, traffic: [6, 9, 17][i] }))
    expectNear(homogeneity(list), 0.873028283380073, 1e-12)
  })

  test('are least where requests of which nothing is known are levelled in', () => {
    const small = fc.array(
      fc.record({ tuned: fc.integer({ min: 1, max: 30 }), traffic: fc.integer({ min: 0, max: 30 }) }),
      { minLength: 2, maxLength: 3 },
    )
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 25 }), (list: Table, more) => {
        const level = levelled(list, more)
        expect(sum(level, 'traffic')).toBeCloseTo(sum(list, 'traffic') + more, 9)
        level.forEach(({ traffic }, i) => expect(traffic).toBeGreaterThanOrEqual(list[i].traffic))
        for (const other of allocations(list, more))
          expect(homogeneity(level)).toBeGreaterThanOrEqual(homogeneity(other) - 1e-9)
      }),
    )
  })
})

const sum = (list: Table, side: 'tuned' | 'traffic') => list.reduce((all, each) => all + each[side], 0)

/** Every way to put whole requests into a table. */
function allocations([first, ...rest]: Table, more: number): Table[] {
  if (rest.length === 0) return [[{ ...first, traffic: first.traffic + more }]]
  return Array.from({ length: more + 1 }, (_, taken) =>
    allocations(rest, more - taken).map((list) => [{ ...first, traffic: first.traffic + taken }, ...list]),
  ).flat()
}

describe('what a request counts as', () => {
  const edges = [-3, -1, 0.5]
  const scale = { edges, thresholds: [-1] }
  test.each<[SignalValue, object]>([
    [-5, { bins: [1, 0, 0, 0] }],
    [-3, { bins: [0, 1, 0, 0] }],
    [-1, { bins: [0, 0, 1, 0] }],
    [7, { bins: [0, 0, 0, 1] }],
    [undefined, { missing: 1 }],
    [null, { missing: 1 }],
    [NaN, { missing: 1 }],
    [{ upper: -1.5 }, { bounded: [1, 0] }],
    [{ lower: -8, upper: -1.0001 }, { bounded: [1, 0] }],
    [{ lower: -1 }, { bounded: [0, 1] }],
    [{ upper: -1 }, { unknown: 1 }],
    [{ upper: -0.5 }, { unknown: 1 }],
    [{}, { unknown: 1 }],
    [{ lower: NaN, upper: -2 }, { bounded: [1, 0] }],
  ])('%o', (value, expected) => {
    const counts = noTraffic(scale)
    countValue(counts, scale, value)
    const { bins, bounded, missing, unknown } = counts
    const nothing = { bins: [0, 0, 0, 0], bounded: [0, 0], missing: 0, unknown: 0 }
    expect({ bins: [...bins], bounded: [...bounded], missing, unknown }).toEqual({ ...nothing, ...expected })
    expect(knownTraffic(counts)).toBe(unknown === 0 ? 1 : 0)
    addTraffic(counts, counts)
    expect(knownTraffic(counts) + counts.unknown).toBe(2)
  })
})

describe('bins that are compared', () => {
  const tuning = tuningOf(1000, () => logprob())

  test('are those of the tuning where every value is known', () => {
    const list = many(300, () => logprob())
    const bins = comparedBins(tuning, [threshold], trafficOf(tuning, list))
    expect(bins.map(({ to }) => to)).toEqual([...tuning.edges, undefined])
    expect(bins.map(({ from }) => from)).toEqual([undefined, ...tuning.edges])
    expect(bins.map(({ tuned }) => tuned)).toEqual(tuning.shares.map((share) => Math.round(share * 1000)))
    expect(bins.map(({ traffic }) => traffic)).toEqual(
      tuning.shares.map((_, i) => list.filter((each) => binOf(tuning.edges, each) === i).length),
    )
  })

  test('are one on the side of the threshold where some are known by a bound', () => {
    const list = many(300, () => logprob())
    const [bin, ...others] = comparedBins(tuning, [threshold], trafficOf(tuning, [...list, { upper: -1.2 }]))
    const below = tuning.edges.indexOf(threshold) + 1
    expect(bin).toEqual({
      from: undefined,
      to: threshold,
      tuned: Math.round(1000 * tuning.shares.slice(0, below).reduce((all, share) => all + share, 0)),
      traffic: list.filter((each) => each < threshold).length + 1,
    })
    expect(others.length).toBe(tuning.shares.length - below)
  })

  test('hold every row and request once, whatever the thresholds', () => {
    const cuts = fc
      .uniqueArray(fc.integer({ min: -4, max: 0 }), { maxLength: 4 })
      .map((list) => list.toSorted((a, b) => a - b))
    const value = fc.oneof(
      fc.double({ min: -6, max: 1, noNaN: true }),
      fc.record({ upper: fc.double({ min: -6, max: 1, noNaN: true }) }),
      fc.record({ lower: fc.double({ min: -6, max: 1, noNaN: true }) }),
    )
    fc.assert(
      fc.property(cuts, fc.array(value, { maxLength: 60 }), (thresholds, list) => {
        const rows = distributionOf(Float64Array.from(many(200, () => logprob())), thresholds)
        const counts = trafficOf(rows, list, thresholds)
        const bins = comparedBins(rows, thresholds, counts)
        expect(bins.reduce((all, { tuned }) => all + tuned, 0)).toBe(200)
        expect(bins.reduce((all, { traffic }) => all + traffic, 0) + counts.unknown).toBe(list.length)
        bins.slice(1).forEach(({ from }, i) => expect(from).toBe(bins[i].to))
      }),
    )
  })
})

describe('drift', () => {
  /** How often the flag rises in so many simulations, each with a tuning of its own. */
  function flagged(runs: number, requests: number, value: () => SignalValue, draw: () => number = () => logprob()) {
    let count = 0
    for (let run = 0; run < runs; run++) {
      const tuning = tuningOf(1000, draw)
      if (driftOf(tuning, [threshold], trafficOf(tuning, many(requests, value))).verdict === 'drifted') count++
    }
    return count
  }

  // One in a thousand is meant; more than six of 1,500 happen by chance once in a thousand times.
  test.each([100, 250, 1000])('is not seen among %i requests like those of the tuning', (requests) => {
    expect(flagged(1500, requests, () => logprob())).toBeLessThanOrEqual(6)
  })

  /** An early exit knows an answer below the threshold by a bound only, if it did not end before. */
  const early = (value: number): SignalValue =>
    value < threshold && uniform() < 0.8 ? { upper: value + (threshold - value) / 2 } : value
  test('is not seen where answers below the threshold were stopped early', () => {
    expect(flagged(1500, 250, () => early(logprob()))).toBeLessThanOrEqual(6)
    // Without merging it always would be: hardly any value below the threshold is left.
    const tuning = tuningOf(1000, () => logprob())
    const whole = many(250, () => early(logprob())).filter((each) => typeof each === 'number')
    expect(driftOf(tuning, [threshold], trafficOf(tuning, whole)).verdict).toBe('drifted')
  })

  test('is not seen where values are missing as often as in the tuning, and is where they are not', () => {
    const lossy = (share: number) => (uniform() < share ? NaN : logprob())
    expect(
      flagged(
        1500,
        250,
        () => lossy(0.1),
        () => lossy(0.1),
      ),
    ).toBeLessThanOrEqual(6)
    expect(
      flagged(
        100,
        250,
        () => lossy(0.4),
        () => lossy(0.1),
      ),
    ).toBe(100)
  })

  test('is not seen where those of which nothing is known are no random ones', () => {
    expect(flagged(500, 250, () => hidden(logprob()))).toBe(0)
  })
  const hidden = (value: number): SignalValue => (value < -1.5 ? { upper: -0.5 } : value)

  test.each<[string, () => SignalValue]>([
    ['half as sure', () => logprob(2)],
    ['twice as sure', () => logprob(0.5)],
    ['half as sure, and stopped early', () => early(logprob(2))],
    ['half as sure, some of them of another kind', () => (uniform() < 0.05 ? {} : logprob(2.5))],
    ['all equally sure', () => -0.7],
  ])('is seen among 300 requests that are %s', (_, value) => {
    expect(flagged(60, 300, value)).toBeGreaterThanOrEqual(57)
  })

  test('is not seen where a difference is established but small', () => {
    const tuning = tuningOf(100_000, () => logprob())
    const drift = driftOf(
      tuning,
      [threshold],
      trafficOf(
        tuning,
        many(50_000, () => logprob(1.1)),
      ),
    )
    expect(drift).toMatchObject({ verdict: 'none-seen', requests: 50_000, unknown: 0 })
    expect(drift.pValue).toBeLessThan(1e-6)
    expect(drift.psi).toBeLessThan(0.1)
  })

  test('wants a hundred requests, and rows to compare them with', () => {
    const tuning = tuningOf(1000, () => logprob())
    const drift = driftOf(tuning, [threshold], trafficOf(tuning, [...many(99, () => -5), {}]))
    expect(drift).toEqual({ verdict: 'too-few', requests: 99, unknown: 1 })
    const none = distributionOf(new Float64Array(0), [])
    expect(
      driftOf(
        none,
        [],
        trafficOf(
          none,
          many(200, () => -5),
          [],
        ),
      ),
    ).toMatchObject({ verdict: 'too-few' })
  })

  test('of a signal that has gone missing altogether is a number', () => {
    const tuning = tuningOf(1000, () => logprob())
    const drift = driftOf(
      tuning,
      [threshold],
      trafficOf(
        tuning,
        many(500, () => undefined),
      ),
    )
    expect(drift.verdict).toBe('drifted')
    expect([Number.isFinite(drift.psi), Number.isFinite(drift.pValue)]).toEqual([true, true])
    const absent = distributionOf(Float64Array.from(many(300, () => NaN)), [])
    const same = driftOf(
      absent,
      [],
      trafficOf(
        absent,
        many(500, () => undefined),
        [],
      ),
    )
    expect(same).toMatchObject({ verdict: 'none-seen', pValue: 1 })
  })
})
