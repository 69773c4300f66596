import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evidenceAbove } from '../../../src/core/audit/evidence.ts'
import { draws, lossOf } from '../../support/draws.ts'

const BOUND = 0.05

/**
 * The definition, gambler by gambler: one begins with half of the capital, one with a share of the other half at every
 * value; all bet alike, by what came before.
 */
function naiveMost(values: readonly number[], weights: readonly number[]): number {
  const keep = 0.5 ** (1 / 150)
  const gamblers = [0.5]
  let [w, total, squares, most] = [1, BOUND, 0.25, 1]
  values.forEach((value, i) => {
    const weight = weights[i]
    gamblers.push(0.5 / ((i + 1) * (i + 2)))
    const mean = total / w
    const bet = mean <= BOUND ? 0 : Math.min((mean - BOUND) / (squares / w + (mean - BOUND) ** 2), 0.5 / (BOUND + 1))
    gamblers.forEach((capital, j) => (gamblers[j] = capital * (1 + bet * weight * (value - BOUND))))
    const notYet = 0.5 - gamblers.slice(1).reduce((sum, _, j) => sum + 0.5 / ((j + 1) * (j + 2)), 0)
    most = Math.max(most, notYet + gamblers.reduce((sum, capital) => sum + capital, 0))
    w = keep * w + weight
    total = keep * total + weight * value
    squares = keep * squares + weight * (value - mean) ** 2
  })
  return most
}

describe('evidence that a mean is above a bound', () => {
  test('is that of the definition, gambler by gambler', () => {
    const value = fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 80 }), (list) => {
        const evidence = evidenceAbove(BOUND, -1, 1)
        for (const [each, weight] of list) evidence.add(each, weight)
        const naive = naiveMost(
          list.map(([each]) => each),
          list.map(([, weight]) => weight),
        )
        expect(evidence.most() / naive).toBeCloseTo(1, 9)
      }),
    )
  })

  test('seldom reaches 1/δ where the mean is at the bound, however long one looks', () => {
    const next = draws(1)
    let alarms = 0
    for (let stream = 0; stream < 400; stream++) {
      const evidence = evidenceAbove(BOUND, -1, 1)
      for (let i = 0; i < 2000; i++) evidence.add(lossOf(next(), 0.07, 0.02))
      if (evidence.most() >= 10) alarms++
    }
    // δ = 0.1: at most 40 are to be expected, and by Ville's inequality no more.
    expect(alarms).toBeLessThanOrEqual(40)
  })

  test('shows a change that comes late about as soon as one that comes at first', () => {
    const delay = (before: number): number => {
      const next = draws(7)
      const delays = Array.from({ length: 60 }, () => {
        const evidence = evidenceAbove(BOUND, -1, 1)
        for (let i = 0; i < before; i++) evidence.add(lossOf(next(), 0.03))
        let count = 0
        for (; count < 5000 && evidence.most() < 20; count++) evidence.add(lossOf(next(), 0.2))
        return count
      })
      return delays.toSorted((a, b) => a - b)[30]
    }
    const [early, late] = [delay(0), delay(3000)]
    expect(early).toBeLessThan(250)
    expect(late).toBeLessThan(2 * early + 50)
  })

  test('is 1 where nothing has come, and where nothing can be above the bound', () => {
    expect(evidenceAbove(BOUND, -1, 1).most()).toBe(1)
    const evidence = evidenceAbove(1, 0, 1)
    for (let i = 0; i < 100; i++) evidence.add(1)
    expect(evidence.most()).toBeLessThanOrEqual(1 + 1e-12)
  })

  test('stays a number, however strong it is', () => {
    const evidence = evidenceAbove(BOUND, -1, 1)
    for (let i = 0; i < 20_000; i++) evidence.add(1)
    expect(evidence.most()).toBe(1e200)
  })
})
