import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestChain, bestPair, choices, openPrices } from '../../../src/core/chains/candidates.ts'
import { serve, tuneChain, utility, type Cascade } from '../../../src/core/chains/cascade.ts'
import type { ModelOutcomes, Outcomes, SignalColumn } from '../../../src/core/outcomes/outcomes.ts'
import { viewOfAll } from '../../../src/core/outcomes/pair.ts'
import { decide } from '../../../src/core/policy/decide.ts'
import { always, condition, keepWhen, type Policy } from '../../../src/core/policy/policy.ts'

const NAMES = ['tiny', 'mid', 'big', 'huge']
const value = fc.constantFrom(0, 0.25, 0.5, 1)
const signal = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 1, arbitrary: fc.constant(NaN) },
)
const cost = fc.constantFrom(0, 1, 2.5)

/** Outcomes of a few models, each with a signal of either direction; costs differ by row. */
const outcomesOf = (models: number, maxRows = 12): fc.Arbitrary<Outcomes> =>
  fc
    .array(
      fc.array(fc.record({ quality: value, cost, s: signal, t: signal }), { minLength: models, maxLength: models }),
      {
        minLength: 1,
        maxLength: maxRows,
      },
    )
    .map((rows) => {
      const column = (name: string, direction: 'higher' | 'lower', values: number[]): SignalColumn => ({
        name,
        direction,
        unit: 'none',
        scale: 'unbounded',
        values: Float64Array.from(values),
      })
      const list = Array.from({ length: models }, (_, m): ModelOutcomes => ({
        name: NAMES[m],
        quality: Float64Array.from(rows, (row) => row[m].quality),
        cost: Float64Array.from(rows, (row) => row[m].cost + 3 * m),
        signals: [
          column(
            's',
            'higher',
            rows.map((row) => row[m].s),
          ),
          column(
            't',
            'lower',
            rows.map((row) => row[m].t),
          ),
        ],
      }))
      return {
        rows: rows.length,
        ...viewOfAll(list, undefined),
        groups: { codes: Uint32Array.from(rows.keys()), count: rows.length, from: 'row' },
        datasets: ['test'],
        place: String,
      }
    })

/** One row at a time, as a gateway would: ask a model, decide, go on or stop. */
function byRow(outcomes: Outcomes, { models, stages }: Cascade) {
  const quality: number[] = []
  const paid: number[] = []
  for (let row = 0; row < outcomes.rows; row++) {
    let total = 0
    for (const [k, position] of models.entries()) {
      const model = outcomes.models![position]
      total += model.cost![row]
      const signals = Object.fromEntries(model.signals.map(({ name, values }) => [name, values[row]]))
      if (k < stages.length && decide(stages[k], signals).action === 'escalate') continue
      quality.push(model.quality[row])
      break
    }
    paid.push(total)
  }
  return { quality, cost: paid }
}

/** Every policy that a stage may take: the two ends, and each value of each signal as a threshold. */
const stagePolicies = (model: ModelOutcomes): Policy[] => [
  always('keep'),
  always('escalate'),
  ...model.signals.flatMap(({ name, direction, values }) =>
    [...new Set(values)].filter(Number.isFinite).map((threshold) => keepWhen([condition(name, direction, threshold)])),
  ),
]

test('serving a cascade is asking one model after another, row by row', () => {
  fc.assert(
    fc.property(outcomesOf(3), fc.double({ min: 0, max: 0.3, noNaN: true }), (outcomes, price) => {
      for (const models of [[1], [0, 2], [0, 1, 2]]) {
        const cascade = tuneChain(outcomes, models, price)
        const [served, expected] = [serve(outcomes, cascade), byRow(outcomes, cascade)]
        expect([...served.quality]).toEqual(expected.quality)
        served.cost.forEach((each, row) => expect(each).toBeCloseTo(expected.cost[row], 9))
      }
    }),
  )
})

test('a pair is tuned to the best threshold there is on any one signal', () => {
  fc.assert(
    fc.property(outcomesOf(2), fc.double({ min: 0, max: 0.3, noNaN: true }), (outcomes, price) => {
      const tuned = utility(serve(outcomes, tuneChain(outcomes, [0, 1], price)), price)
      const all = stagePolicies(outcomes.models![0]).map((policy) =>
        utility(serve(outcomes, { models: [0, 1], stages: [policy] }), price),
      )
      expect(tuned).toBeCloseTo(Math.max(...all), 9)
    }),
  )
})

test('a chain is tuned backwards: its end as a chain of its own, then its first decision given that end', () => {
  fc.assert(
    fc.property(outcomesOf(3, 8), fc.double({ min: 0, max: 0.3, noNaN: true }), (outcomes, price) => {
      const chain = tuneChain(outcomes, [0, 1, 2], price)
      const end = tuneChain(outcomes, [1, 2], price)
      expect(chain.stages.slice(1)).toEqual(end.stages)
      const all = stagePolicies(outcomes.models![0]).map((policy) =>
        utility(serve(outcomes, { models: [0, 1, 2], stages: [policy, ...end.stages] }), price),
      )
      expect(utility(serve(outcomes, chain), price)).toBeCloseTo(Math.max(...all), 9)
    }),
  )
})

describe('the best of all', () => {
  test('pair is no worse than any single model or pair, and in sample no chain is tried that has fewer than three', () => {
    fc.assert(
      fc.property(outcomesOf(4, 6), fc.double({ min: 0, max: 0.3, noNaN: true }), (outcomes, price) => {
        const pair = bestPair(outcomes, price)
        const value = utility(serve(outcomes, pair), price)
        for (const models of [...choices(4, 1), ...choices(4, 2)])
          expect(value).toBeGreaterThanOrEqual(
            utility(serve(outcomes, tuneChain(outcomes, models, price)), price) - 1e-12,
          )
        expect(bestChain(outcomes, price).models.length).toBeGreaterThanOrEqual(3)
      }),
      { numRuns: 30 },
    )
  })
  test('choices are all ascending ones', () => {
    expect(choices(4, 3)).toEqual([
      [0, 1, 2],
      [0, 1, 3],
      [0, 2, 3],
      [1, 2, 3],
    ])
    expect(choices(3, 0)).toEqual([[]])
    expect(choices(2, 3)).toEqual([])
  })
  test('prices are those at which two models are worth the same, the dearest first', () => {
    fc.assert(
      fc.property(outcomesOf(3), (outcomes) => {
        const prices = openPrices(outcomes)
        expect(prices).toEqual(prices.toSorted((a, b) => b - a))
        for (const price of prices) {
          const worth = outcomes.models!.map(({ quality, cost: paid }) => utility({ quality, cost: paid! }, price))
          const closest = choices(3, 2).map(([i, j]) => Math.abs(worth[i] - worth[j]))
          expect(Math.min(...closest)).toBeLessThan(1e-9)
        }
      }),
    )
  })
})
