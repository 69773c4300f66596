import { expect, test } from 'vitest'
import { tQuantile } from '../../../src/core/stats/distributions.ts'
import { ratioSums } from '../../../src/core/audit/weighted-mean.ts'
import { draws } from '../../support/draws.ts'

test('a ratio of weighted sums has the variance of its linearization', () => {
  const rows = [
    [3, 10, 2],
    [0, 8, 1],
    [5, 9, 4],
    [1, 12, 2],
    [2, 11, 3],
  ]
  const sums = ratioSums()
  for (const [a, b, w] of rows) sums.add(a, b, w)
  const top = rows.reduce((sum, [a, , w]) => sum + w * a, 0)
  const bottom = rows.reduce((sum, [, b, w]) => sum + w * b, 0)
  const value = top / bottom
  const variance = ((5 / 4) * rows.reduce((sum, [a, b, w]) => sum + (w * (a - value * b)) ** 2, 0)) / bottom ** 2
  const radius = tQuantile(0.95, 4) * Math.sqrt(variance)
  const found = sums.estimate(0.9)
  expect(found.value).toBeCloseTo(value, 12)
  expect(found.interval!.low).toBeCloseTo(value - radius, 12)
  expect(found.interval!.high).toBeCloseTo(value + radius, 12)
})

test('few values have no interval, none no estimate, and equal ones an interval of no length', () => {
  const sums = ratioSums()
  expect(sums.estimate(0.9)).toEqual({ count: 0 })
  for (let i = 0; i < 4; i++) sums.add(0.25, 1, 3)
  expect(sums.estimate(0.9)).toEqual({ value: 0.25, count: 4 })
  sums.add(0.25, 1, 5)
  expect(sums.estimate(0.9)).toEqual({ value: 0.25, interval: { low: 0.25, high: 0.25 }, count: 5 })
  // With one value more, of the worst kind, it reaches up, but for that it is as it was.
  const { low, high } = sums.estimate(0.9, 1).interval!
  expect(low).toBe(0.25)
  expect(high).toBeGreaterThan(0.3)
})

test('its interval covers the mean of all requests, whatever the probabilities of their audits', () => {
  const next = draws(3)
  const population = Array.from({ length: 3000 }, (_, i) => ({
    loss: next() < (i < 1500 ? 0.02 : 0.2) ? 1 : 0,
    // The later, worse half is audited half as often.
    probability: i < 1500 ? 0.2 : 0.1,
  }))
  const truth = population.reduce((sum, { loss }) => sum + loss, 0) / population.length
  let [covered, total] = [0, 0]
  for (let trial = 0; trial < 500; trial++) {
    const sums = ratioSums()
    for (const { loss, probability } of population) if (next() < probability) sums.add(loss, 1, 1 / probability)
    const { value, interval } = sums.estimate(0.9)
    total += value!
    if (interval!.low <= truth && truth <= interval!.high) covered++
  }
  expect(total / 500).toBeCloseTo(truth, 2)
  // 450 are to be expected; three standard errors are 20.
  expect(covered).toBeGreaterThan(425)
})
