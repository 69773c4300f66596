import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bootstrap, type Statistic } from '../../../src/core/stats/bootstrap.ts'
import { estimateOf } from '../../../src/core/stats/interval.ts'
import { indexBelow, nextUint32, seeded, shuffled } from '../../../src/core/stats/random.ts'
import { finish } from '../../../src/core/stats/work.ts'

/** Values by group; a group may hold any number of them. */
type Clusters = readonly (readonly number[])[]

/** The median, which hangs on every value and not on sums alone, and the mean; no values: NaN. */
const medianAndMean = (values: readonly number[]): [number, number] => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return [
    (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2,
    values.reduce((a, b) => a + b, 0) / values.length,
  ]
}

/** The statistic of weighted groups that copies each group as often as its weight says. */
const expanded = (clusters: Clusters): Statistic => ({
  size: 2,
  compute: (weights, into) =>
    into.set(medianAndMean(clusters.flatMap((values, g) => Array.from({ length: weights[g] }, () => values).flat()))),
})

/** Sum and count are all that a mean needs. */
const meanOf = (clusters: Clusters): Statistic => {
  const sums = clusters.map((values) => values.reduce((a, b) => a + b, 0))
  return {
    size: 1,
    compute(weights, into) {
      let [total, count] = [0, 0]
      for (let g = 0; g < sums.length; g++) {
        total += weights[g] * sums[g]
        count += weights[g] * clusters[g].length
      }
      into[0] = total / count
    },
  }
}

const clusters = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 4 }), {
  minLength: 2,
  maxLength: 9,
})
const seeds = fc.integer({ min: 0, max: 1000 })

describe('bootstrap', () => {
  test('gives what the statistic is on data sets that are drawn group by group', () => {
    fc.assert(
      fc.property(clusters, seeds, (groups, seed) => {
        const { replicates, estimates } = finish(bootstrap(groups.length, expanded(groups), { resamples: 20, seed }))
        const random = seeded(seed)
        expect([...estimates]).toEqual(medianAndMean(groups.flat()))
        for (let resample = 0; resample < 20; resample++) {
          const drawn = groups.map(() => groups[indexBelow(random, groups.length)])
          const [median, mean] = medianAndMean(drawn.flat())
          expect(replicates[0][resample]).toBe(median)
          expect(replicates[1][resample]).toBeCloseTo(mean, 12)
        }
      }),
    )
  })

  test('leaves out each group once where there are few', () => {
    fc.assert(
      fc.property(clusters, seeds, (groups, seed) => {
        const { jackknife } = finish(bootstrap(groups.length, expanded(groups), { resamples: 1, seed }))
        const expected = groups.map((_, left) => medianAndMean(groups.filter((_, g) => g !== left).flat())[0])
        expect(jackknife[0].toSorted()).toEqual(Float64Array.from(expected).toSorted())
      }),
    )
  })

  test('leaves out 200 blocks that together are all groups where there are many', () => {
    for (const count of [200, 201, 399, 400, 777]) {
      const left = new Float64Array(count)
      const sizes: number[] = []
      const watching: Statistic = {
        size: 1,
        compute(weights, into) {
          into[0] = 0
          if (weights.some((weight) => weight > 1)) return // a resample
          weights.forEach((weight, g) => (left[g] += 1 - weight))
          sizes.push(weights.reduce((total, weight) => total + 1 - weight, 0))
        },
      }
      expect(finish(bootstrap(count, watching, { resamples: 1 })).jackknife[0]).toHaveLength(200)
      expect([...left]).toEqual(Array.from({ length: count }, () => 1))
      expect(new Set(sizes.slice(1))).toEqual(new Set([Math.floor(count / 200), Math.ceil(count / 200)]))
    }
  })

  test('follows from its seed, and the seed only', () => {
    const groups = Array.from({ length: 30 }, (_, i) => [i, i * i])
    const of = (seed: number) => finish(bootstrap(30, meanOf(groups), { resamples: 50, seed }))
    expect(of(4)).toEqual(of(4))
    expect(of(4).replicates).not.toEqual(of(5).replicates)
  })

  test('says how far it is, and ends there', () => {
    const work = bootstrap(60_000, { size: 1, compute: (_, into) => (into[0] = 0) }, { resamples: 40 })
    const reports = [...work]
    expect(reports.length).toBeGreaterThan(0)
    for (const { done, total } of reports) expect(done).toBeLessThanOrEqual(total)
  })

  test('one group says nothing about others: it has no interval, where it would have one of no length', () => {
    const one = finish(bootstrap(1, meanOf([[1, 2, 4]]), { resamples: 100 }))
    const estimate = estimateOf(one.estimates[0], one.replicates[0], one.jackknife[0], 0.9)
    expect(estimate).toEqual({ value: 7 / 3, undefinedShare: 1 })
  })
})

describe('intervals of a cluster mean', () => {
  /** Groups of 1 to 6 gains in [-1, 1], most of them none, that go the same way inside a group; on average 0.1. */
  const draw = (random: Uint32Array, groups: number): number[][] => {
    const uniform = () => nextUint32(random) / 2 ** 32
    return Array.from({ length: groups }, () => {
      const sign = uniform() < 0.75 ? 1 : -1
      return Array.from({ length: 1 + indexBelow(random, 6) }, () => (uniform() < 0.6 ? 0 : sign * uniform()))
    })
  }
  const truth = 0.4 * (0.75 - 0.25) * 0.5

  /** How often 90 % intervals hold the truth. */
  function coverage(samples: number, groups: number) {
    const random = seeded(12)
    const covered = { bca: 0, percentile: 0, rows: 0 }
    for (let sample = 0; sample < samples; sample++) {
      const clusters = draw(random, groups)
      const holds = (list: number[][], kind: 'bca' | 'percentile') => {
        const found = finish(bootstrap(list.length, meanOf(list), { resamples: 400, seed: sample }))
        const { [kind]: range } = estimateOf(found.estimates[0], found.replicates[0], found.jackknife[0], 0.9)
        return range!.low <= truth && truth <= range!.high ? 1 / samples : 0
      }
      covered.bca += holds(clusters, 'bca')
      covered.percentile += holds(clusters, 'percentile')
      covered.rows += holds(
        clusters.flat().map((value) => [value]),
        'bca',
      )
    }
    return covered
  }

  test('at 90 % hold the truth in 85 to 95 % of samples; taking rows for groups they do not', () => {
    const { bca, percentile, rows } = coverage(600, 60)
    for (const share of [bca, percentile]) {
      expect(share).toBeGreaterThan(0.85)
      expect(share).toBeLessThan(0.95)
    }
    expect(rows).toBeLessThan(0.85)
  })
})

describe('the order of groups', () => {
  test('in which blocks are left out is not that of the resamples', () => {
    expect([...shuffled(seeded(1, 1), 20)]).not.toEqual([...shuffled(seeded(1), 20)])
  })
})
