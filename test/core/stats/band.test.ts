import { describe, expect, test } from 'vitest'
import { supTBand } from '../../../src/core/stats/band.ts'
import { bootstrap } from '../../../src/core/stats/bootstrap.ts'
import { normalQuantile } from '../../../src/core/stats/distributions.ts'
import { estimateOf } from '../../../src/core/stats/interval.ts'
import { nextUint32, seeded } from '../../../src/core/stats/random.ts'
import { finish } from '../../../src/core/stats/work.ts'

const uniform = (random: Uint32Array) => (nextUint32(random) + 0.5) / 2 ** 32

/** Replicates of independent standard normal estimates. */
const independent = (points: number, resamples: number): Float64Array[] => {
  const random = seeded(8)
  return Array.from({ length: points }, () =>
    Float64Array.from({ length: resamples }, () => normalQuantile(uniform(random))),
  )
}

describe('supTBand', () => {
  test('of one point is as wide as an interval for that point', () => {
    const { low, high, critical } = supTBand([0], independent(1, 20_000), 0.95)
    expect(critical).toBeCloseTo(1.96, 1)
    expect([low[0], high[0]]).toEqual([-high[0], high[0]])
  })

  test('of k independent points takes the quantile of the largest of k', () => {
    for (const points of [2, 10, 40]) {
      const { critical } = supTBand(new Float64Array(points), independent(points, 20_000), 0.9)
      expect(critical).toBeCloseTo(normalQuantile((1 + 0.9 ** (1 / points)) / 2), 1)
    }
  })

  test('of one point told twice is no wider than of the point itself', () => {
    const [column] = independent(1, 500)
    const once = supTBand([0], [column], 0.9)
    const twice = supTBand([0, 0], [column, column], 0.9)
    expect(twice.critical).toBe(once.critical)
    expect([...twice.low]).toEqual([once.low[0], once.low[0]])
  })

  test('has no width where no resample differs, whatever rounding does, and that point widens no other', () => {
    const [column] = independent(1, 500)
    const constant = Float64Array.from({ length: 500 }, (_, i) => 0.7 + (i % 2) * 1e-16)
    const band = supTBand([0.7, 0], [constant, column], 0.9)
    expect([band.low[0], band.high[0]]).toEqual([0.7, 0.7])
    expect(band.critical).toBe(supTBand([0], [column], 0.9).critical)
    expect(supTBand([0.7], [constant], 0.9)).toMatchObject({ critical: 0 })
  })

  test('a point that has no value in some resample has no band, and that point widens no other', () => {
    const [column] = independent(1, 500)
    const gaps = column.map((value, i) => (i === 3 ? NaN : value))
    const band = supTBand([0, 0], [gaps, column], 0.9)
    expect([band.low[0], band.high[0]]).toEqual([NaN, NaN])
    expect(band.critical).toBe(supTBand([0], [column], 0.9).critical)
  })

  test('of no points is empty', () => {
    expect(supTBand([], [], 0.9)).toEqual({ low: new Float64Array(0), high: new Float64Array(0), critical: 0 })
  })

  test('holds a whole curve of means about as often as it says; intervals for each point do not', () => {
    const random = seeded(21)
    const [points, samples, groups, resamples] = [9, 300, 150, 300]
    let [all, single] = [0, 0]
    for (let sample = 0; sample < samples; sample++) {
      // Each group adds a random walk from 0, so that neighbouring points go together; all means are 0.
      const walks = Array.from({ length: groups }, () => {
        let place = 0
        return Float64Array.from({ length: points }, () => (place += uniform(random) - 0.5))
      })
      const { estimates, replicates, jackknife } = finish(
        bootstrap(
          groups,
          {
            size: points,
            compute(weights, into) {
              into.fill(0)
              for (let g = 0; g < groups; g++)
                for (let k = 0; k < points; k++) into[k] += (weights[g] * walks[g][k]) / groups
            },
          },
          { resamples, seed: sample },
        ),
      )
      const inside = (low: ArrayLike<number>, high: ArrayLike<number>) =>
        estimates.every((_, k) => low[k] <= 0 && 0 <= high[k])
      const band = supTBand(estimates, replicates, 0.9)
      if (inside(band.low, band.high)) all++
      const each = replicates.map((column, k) => estimateOf(estimates[k], column, jackknife[k], 0.9).percentile!)
      if (
        inside(
          each.map(({ low }) => low),
          each.map(({ high }) => high),
        )
      )
        single++
    }
    expect(all / samples).toBeGreaterThan(0.85)
    expect(all / samples).toBeLessThan(0.95)
    expect(single / samples).toBeLessThan(0.8)
  })
})
