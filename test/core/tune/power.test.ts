import { describe, expect, test } from 'vitest'
import { indexBelow, nextUint32, seeded } from '../../../src/core/stats/random.ts'
import { certifyMethods, promisePValue } from '../../../src/core/tune/certify.ts'
import { groupsNeeded, POWER } from '../../../src/core/tune/power.ts'

/** Risks of 300 groups, more or less evenly between 0.3 and 0.7, with a mean that is `effect` below the bound. */
const risksOf = (effect: number) => {
  const random = seeded(4)
  const values = Float64Array.from({ length: 300 }, () => 0.3 + (0.4 * nextUint32(random)) / 2 ** 32)
  return { values, bound: values.reduce((a, b) => a + b) / values.length + effect }
}

describe('groupsNeeded', () => {
  test('falls as the distance from the bound grows', () => {
    for (const method of certifyMethods) {
      const needed = [0.02, 0.04, 0.08, 0.16].map((effect) => groupsNeeded(risksOf(effect), method, 0.1, 1)!)
      for (let i = 1; i < needed.length; i++) expect(needed[i], method).toBeLessThan(needed[i - 1])
    }
  })

  test('that many groups, drawn from those seen, are certified about four times in five', () => {
    for (const method of certifyMethods)
      for (const effect of [0.03, 0.1]) {
        const risks = risksOf(effect)
        const needed = groupsNeeded(risks, method, 0.1, 1)!
        const random = seeded(77)
        const values = new Float64Array(needed)
        let passed = 0
        for (let trial = 0; trial < 1000; trial++) {
          for (let g = 0; g < needed; g++) values[g] = risks.values[indexBelow(random, risks.values.length)]
          if (promisePValue({ ...risks, values }, method, 0.1) <= 0.1) passed++
        }
        expect(Math.abs(passed / 1000 - POWER), `${method}, ${effect}, ${needed}`).toBeLessThan(0.08)
      }
  })

  test('follows from its seed', () => {
    expect(groupsNeeded(risksOf(0.05), 'betting', 0.1, 9)).toBe(groupsNeeded(risksOf(0.05), 'betting', 0.1, 9))
  })

  test('no number would do where the mean is not below the bound, nor is there one from a single group', () => {
    expect(groupsNeeded(risksOf(0), 'betting', 0.1, 1)).toBeUndefined()
    expect(groupsNeeded(risksOf(-0.1), 'betting', 0.1, 1)).toBeUndefined()
    expect(groupsNeeded({ values: Float64Array.of(0.1), bound: 0.5 }, 'betting', 0.1, 1)).toBeUndefined()
  })

  test('a distance that would take hundreds of thousands of groups is infinitely many', () => {
    expect(groupsNeeded(risksOf(1e-5), 'hoeffding-bentkus', 0.1, 1)).toBe(Infinity)
  })
})
