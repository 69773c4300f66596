import { describe, expect, test } from 'vitest'
import { resolveCosts } from '../../../src/core/outcomes/costs.ts'
import type { Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import { pairOf } from '../../../src/core/outcomes/pair.ts'
import { selectRows } from '../../../src/core/outcomes/select.ts'
import { readOutcomes } from '../../../src/data/read-outcomes.ts'
import { file, jsonl } from '../../support/files.ts'

const names = ['llama-1b', 'llama-3.1-8b', 'gpt-5']
const rows = Array.from({ length: 30 }, (_, i) => ({
  id: `q${i >> 1}`,
  dataset: i % 3 === 0 ? 'x' : 'y',
  top_k: 5,
  verify: { cost: 0.5 },
  models: Object.fromEntries(
    names.map((name, k) => [
      name,
      {
        quality: ((i * (k + 3)) % 7) / 6,
        cost: 10 ** k + i,
        answer: `${name} ${i}`,
        signals: { mean_logprob: -((i * (k + 5)) % 11) - 1 },
      },
    ]),
  ),
}))
const outcomes = await readOutcomes(file('models.jsonl', jsonl(...rows)), { texts: true })

/** The same two models as a file of a small and a large one. */
const asPair = (small: number, large: number) =>
  readOutcomes(
    file(
      `pair-${small}-${large}.jsonl`,
      jsonl(
        ...rows.map(({ models, ...row }) => ({
          ...row,
          small: { ...models[names[small]], model: names[small] },
          large: { ...models[names[large]], model: names[large], signals: undefined },
        })),
      ),
    ),
    { texts: true },
  )
const columns = (of: Outcomes) => ({ ...of, place: undefined })

describe('the view of two models', () => {
  test.each([
    [0, 1],
    [0, 2],
    [1, 2],
    [2, 0],
  ])('is what a file of just these two gives: %i, %i', async (small, large) => {
    const pair = pairOf(outcomes, small, large)
    expect(columns(pair)).toEqual(columns(await asPair(small, large)))
    expect(pair.models).toBeUndefined()
    expect(resolveCosts(pair).small).toBe(outcomes.models![small].cost)
  })
  test('copies no column', () => {
    const pair = pairOf(outcomes, 1, 2)
    expect(pair.small.quality).toBe(outcomes.models![1].quality)
    expect(pair.signals).toBe(outcomes.models![1].signals)
    expect(pair.groups).toBe(outcomes.groups)
  })
  test.each([
    [0, 3],
    [-1, 1],
    [1, 1],
    [0.5, 1],
  ])('refuses a pair that is none: %d, %d', (small, large) => {
    expect(() => pairOf(outcomes, small, large)).toThrow(RangeError)
  })
  test('refuses any pair of outcomes without models by name', () => {
    expect(() => pairOf(pairOf(outcomes, 0, 1), 0, 1)).toThrow('no pair 0, 1: there are 0 models, counted from 0')
  })
})

test('picking rows and taking a pair go in either order', () => {
  const picked = [7, 3, 20]
  const selected = selectRows(outcomes, picked)
  expect(selected.models!.map(({ name }) => name)).toEqual(names)
  expect([selected.names, selected.topK]).toEqual([{ small: 'llama-1b', large: 'gpt-5' }, 5])
  expect(selected.small.quality).toBe(selected.models![0].quality)
  expect(columns(pairOf(selected, 1, 2))).toEqual(columns(selectRows(pairOf(outcomes, 1, 2), picked)))
})

describe('costs by name', () => {
  const { cost: _, ...small } = outcomes.models![0]
  const free = { ...pairOf(outcomes, 0, 1), small }
  test('settle a pair that has no column for them', () => {
    expect(resolveCosts(free, { models: { 'llama-1b': 3 } })).toMatchObject({ small: 3, large: free.large.cost })
    expect(resolveCosts(free, { small: 4, models: { 'llama-1b': 3 } }).small).toBe(4)
  })
  test('are asked for by name', () => {
    expect(() => resolveCosts(free)).toThrow('no cost known for llama-1b, the small model; give --cost llama-1b=…')
  })
  test('are held to what a cost can be', () => {
    expect(() => resolveCosts(free, { models: { 'llama-1b': NaN } })).toThrow('cost of llama-1b is NaN')
  })
})
