import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binReward } from '../../../src/core/peers/bin-reward.ts'
import { certaintyOf } from '../../../src/core/peers/certainty.ts'
import { amountAt, type Costs } from '../../../src/core/outcomes/costs.ts'
import { plainCosts, type TestRow } from '../../support/outcomes.ts'
import { anyRows, byBins, nearestEighth, octiles, outcomesOn, shareRows, vectorsOf, type Vector } from './rows.ts'

interface Bin {
  rows: number
  small: number
  large: number
  costSmall: number
  costLarge: number
}

/** Route iff P_large - λ (C_small + C_large) > P_small - λ C_small, with λ = price / per, all sums and so exact. */
const routes = (bin: Bin, { price, per }: { price: number; per: number }): boolean =>
  bin.rows > 0 && per * bin.large - price * (bin.costSmall + bin.costLarge) > per * bin.small - price * bin.costSmall

/** The vectors of prices from 0 up: every price at which a bin could change sides, and one between each two of them. */
function byPrice(
  rows: readonly TestRow[],
  keys: readonly number[],
  costs: Costs,
  binOf: (key: number) => number,
): Vector[] {
  const bins = Array.from({ length: 9 }, (): Bin => ({ rows: 0, small: 0, large: 0, costSmall: 0, costLarge: 0 }))
  rows.forEach(({ small, large }, row) => {
    if (!Number.isFinite(keys[row])) return
    const bin = bins[binOf(keys[row])]
    bin.rows++
    bin.small += small
    bin.large += large
    bin.costSmall += amountAt(costs.small, row)
    bin.costLarge += amountAt(costs.large, row)
  })
  const ties = bins
    .filter((bin) => bin.large > bin.small && bin.costLarge > 0)
    .map((bin) => ({ price: bin.large - bin.small, per: bin.costLarge }))
    .toSorted((a, b) => a.price * b.per - b.price * a.per)
  const prices = [
    { price: 0, per: 1 },
    ...ties,
    // Between two fractions lies the sum of their numerators over the sum of their denominators.
    ...[{ price: 0, per: 1 }, ...ties].map((a, i) =>
      i < ties.length
        ? { price: a.price + ties[i].price, per: a.per + ties[i].per }
        : { price: a.price + 1, per: a.per },
    ),
  ]
  return prices.map((each) =>
    byBins(
      keys,
      binOf,
      bins.map((bin) => routes(bin, each)),
    ),
  )
}

const sorted = (vectors: Iterable<Vector>) => [...new Set(vectors)].toSorted()

describe('the reward of bins', () => {
  const check = (
    rows: TestRow[],
    keys: number[],
    scale: 'probability' | 'unbounded',
    direction: 'higher' | 'lower',
    binOf: (key: number) => number,
    perRow: boolean,
  ) => {
    const outcomes = outcomesOn(rows, scale, direction)
    const costs = plainCosts(perRow ? outcomes.large.cost! : 20, 3)
    const vectors = vectorsOf(outcomes, binReward(outcomes, certaintyOf(outcomes.signals[0]), costs))
    const keepAll = keys.map(() => '0').join('')
    expect(vectors[0]).toBe(keepAll)
    // Keeping all is offered always, though no finite price asks for it where some calls are free.
    expect(sorted(vectors)).toEqual(sorted([keepAll, ...byPrice(rows, keys, costs, binOf)]))
  }

  test('escalates exactly what some price of 0 or more does, and keeps all', () => {
    fc.assert(
      fc.property(shareRows(30), fc.boolean(), (rows, perRow) =>
        check(
          rows,
          rows.map(({ signal }) => signal),
          'probability',
          'higher',
          nearestEighth,
          perRow,
        ),
      ),
      { numRuns: 300 },
    )
  })
  test('acts on bins between octiles of any other signal, whichever values are certain', () => {
    fc.assert(
      fc.property(
        anyRows(30),
        fc.constantFrom('higher' as const, 'lower' as const),
        fc.boolean(),
        (rows, direction, perRow) => {
          const keys = rows.map(({ signal }) => (direction === 'higher' ? signal : -signal))
          const starts = [...new Set(octiles(keys).slice(1, -1))]
          check(rows, keys, 'unbounded', direction, (key) => starts.filter((start) => key >= start).length, perRow)
        },
      ),
    )
  })
  test('bins of one price join together', () => {
    const rows = [0, 0.5, 1].map((signal, i) => ({ small: 0, large: i === 2 ? 0.5 : 0.25, signal }))
    const outcomes = outcomesOn(rows, 'probability')
    const policies = binReward(outcomes, certaintyOf(outcomes.signals[0]), plainCosts(4))
    expect(vectorsOf(outcomes, policies)).toEqual(['000', '001', '111'])
  })
  test('a bin that the large model does worse in is routed at no price', () => {
    const outcomes = outcomesOn(
      [
        { small: 1, large: 0, signal: 0 },
        { small: 0, large: 1, signal: 1 },
      ],
      'probability',
    )
    expect(vectorsOf(outcomes, binReward(outcomes, certaintyOf(outcomes.signals[0]), plainCosts(4)))).toEqual([
      '00',
      '01',
    ])
  })
})
