import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDuration, addDurations, noDurations, quantilesOf } from '../../../src/gateway/live/durations.ts'

const ms = fc.double({ min: Math.log(0.11), max: Math.log(9e5), noNaN: true }).map(Math.exp)

test('quantiles of durations are within a twentieth of the exact ones', () => {
  fc.assert(
    fc.property(fc.array(ms, { minLength: 1, maxLength: 200 }), (list) => {
      const durations = noDurations()
      for (const each of list) addDuration(durations, each)
      const sorted = list.toSorted((a, b) => a - b)
      const { p50, p95 } = quantilesOf(durations)!
      for (const [share, value] of [
        [0.5, p50],
        [0.95, p95],
      ]) {
        // The least value that so large a share is at or below.
        const exact = sorted[Math.ceil(share * list.length) - 1]
        expect(Math.abs(value / exact - 1)).toBeLessThan(0.05)
      }
    }),
  )
})

test('durations are counted however short or long, and can be taken out again', () => {
  const [all, some] = [noDurations(), noDurations()]
  for (const each of [0, 0.01, 5, 1e9, Infinity]) addDuration(all, each)
  expect(all.reduce((sum, count) => sum + count, 0)).toBe(5)
  addDuration(some, 5)
  addDurations(all, some, -1)
  addDurations(all, some, 1)
  addDurations(all, some, -1)
  expect(all.reduce((sum, count) => sum + count, 0)).toBe(4)
  expect(quantilesOf(noDurations())).toBeNull()
})
