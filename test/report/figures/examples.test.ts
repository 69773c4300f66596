import { describe, expect, test } from 'vitest'
import type { Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import { sortSignal } from '../../../src/core/sweep/curve.ts'
import { examplesOf, MOST_EXAMPLES, pickedRows, shortened } from '../../../src/report/figures/examples.ts'
import { outcomesOf, plainCosts } from '../../support/outcomes.ts'

const withTexts = (rows: number): Outcomes => {
  const outcomes = outcomesOf(
    Array.from({ length: rows }, (_, i) => ({
      small: (i >> 1) % 2,
      large: i % 2,
      signal: i % 11 === 0 ? NaN : i,
      cost: i,
    })),
  )
  const texts = (kind: string) => Array.from({ length: rows }, (_, i) => (i === 1 ? undefined : `${kind} ${i}`))
  return {
    ...outcomes,
    texts: {
      id: texts('id'),
      question: texts('question'),
      gold: texts('gold'),
      small: texts('small'),
      large: texts('large'),
    },
  }
}
const sortedOf = ({ signals }: Outcomes) => signals.map(sortSignal)

describe('examples', () => {
  test('are all rows of up to 2,000, each with its texts, qualities, cost and values', () => {
    const outcomes = withTexts(30)
    const { rows, sampled, list } = examplesOf(outcomes, sortedOf(outcomes), plainCosts(outcomes.large.cost!), 1)!
    expect({ rows, sampled, count: list.length }).toEqual({ rows: 30, sampled: false, count: 30 })
    expect(list[2]).toEqual({
      id: 'id 2',
      question: 'question 2',
      gold: 'gold 2',
      small: 'small 2',
      large: 'large 2',
      qualitySmall: 1,
      qualityLarge: 0,
      costLarge: 2,
      values: [2],
    })
    expect(list[11].values).toEqual([null])
    expect(list[1].question).toBeUndefined()
  })

  test('are absent where the texts were not kept', () => {
    const outcomes = { ...withTexts(5), texts: undefined }
    expect(examplesOf(outcomes, sortedOf(outcomes), plainCosts(1), 1)).toBeUndefined()
  })

  test('are a sample by the seed where there are more, in the order of the data', () => {
    const outcomes = withTexts(5000)
    const first = pickedRows(outcomes, sortedOf(outcomes), 1)
    expect(pickedRows(outcomes, sortedOf(outcomes), 1)).toEqual(first)
    expect(pickedRows(outcomes, sortedOf(outcomes), 2)).not.toEqual(first)
    expect(first.length).toBeGreaterThanOrEqual(MOST_EXAMPLES)
    expect(first.length).toBeLessThanOrEqual(MOST_EXAMPLES + 20)
    expect(first).toEqual([...new Set(first)].toSorted((a, b) => a - b))
    const { sampled, rows } = examplesOf(outcomes, sortedOf(outcomes), plainCosts(1), 1)!
    expect({ sampled, rows }).toEqual({ sampled: true, rows: 5000 })
  })

  test('hold the worst mistakes of both kinds, whatever the seed', () => {
    const outcomes = withTexts(5000)
    const { quality: small } = outcomes.small
    const { quality: large } = outcomes.large
    const { values } = outcomes.signals[0]
    const byValue = Array.from(values.keys())
      .filter((row) => !Number.isNaN(values[row]))
      .toSorted((a, b) => values[a] - values[b])
    const vain = byValue.filter((row) => large[row] <= small[row]).slice(0, 10)
    const missed = byValue
      .toReversed()
      .filter((row) => large[row] > small[row])
      .slice(0, 10)
    for (const seed of [1, 2, 3])
      expect(pickedRows(outcomes, sortedOf(outcomes), seed)).toEqual(expect.arrayContaining([...vain, ...missed]))
  })
})

describe('a text', () => {
  test('is cut at 2,000 characters, and never in the middle of one', () => {
    expect(shortened('a'.repeat(2000))).toBe('a'.repeat(2000))
    expect(shortened('a'.repeat(2001))).toBe(`${'a'.repeat(1999)}…`)
    expect(shortened('😀'.repeat(1500))).toBe(`${'😀'.repeat(999)}…`)
    expect(shortened(`a${'😀'.repeat(1500)}`)).toBe(`a${'😀'.repeat(999)}…`)
    expect(shortened(undefined)).toBeUndefined()
  })
})
