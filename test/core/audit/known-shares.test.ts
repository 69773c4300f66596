import fc from 'fast-check'
import { expect, test } from 'vitest'
import { knownWeights } from '../../../src/core/audit/known-shares.ts'

const value = fc.option(fc.double({ noNaN: true }), { nil: undefined })

test('known requests of either kind weigh in proportion to all of that kind', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ kept: fc.boolean(), value })), (list) => {
      const weights = knownWeights(list.map((each) => ({ ...each, request: undefined })))
      expect(weights.every((weight) => weight >= 0 && weight <= 1)).toBe(true)
      list.forEach((each, i) => each.value === undefined && expect(weights[i]).toBe(0))
      const of = (kept: boolean) => ({
        all: list.filter((each) => each.kept === kept).length,
        weight: weights.reduce((sum, weight, i) => sum + (list[i].kept === kept ? weight : 0), 0),
      })
      const [kept, escalated] = [of(true), of(false)]
      expect(kept.weight * escalated.all).toBeCloseTo(escalated.weight * kept.all, 6)
    }),
  )
})

test('where all is known all weigh 1', () => {
  const all = [true, false, true].map((kept) => ({ kept, value: 0, request: undefined }))
  expect(knownWeights(all)).toEqual([1, 1, 1])
})
