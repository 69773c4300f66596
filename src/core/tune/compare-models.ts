import { bestChain, bestPair, MAX_MODELS, openPrices } from '../chains/candidates.ts'
import { serve, type Cascade } from '../chains/cascade.ts'
import { SpillwayError } from '../errors.ts'
import { pairedDifference, type PairedDifference } from '../intervals/paired.ts'
import { policyIntervals, type IntervalOptions, type RoutedIntervals } from '../intervals/policy-intervals.ts'
import type { Routed } from '../intervals/routed.ts'
import { amountAt, resolveCosts, type CostOptions } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import type { Work } from '../stats/work.ts'
import { meritOf } from './merit.ts'
import { foldParts, folds } from './splits.ts'

/** At one price of cost: the best of single models and pairs, the best longer chain, and whether it is better. */
export interface ComparedAtPrice {
  price: number
  pair: ComparedCascade
  chain: ComparedCascade
  /** quality - price × cost of the chain less that of the pair, on held-out rows. */
  chainAgainstPair: PairedDifference
}

/** A cascade of any length, or a model alone, as it does on rows that it was not chosen on. */
export interface ComparedCascade {
  /** Chosen on all rows. */
  cascade: Cascade
  models: string[]
  /** Chosen anew without each fold, measured on it. */
  heldOut: RoutedIntervals
}

/**
 * More than two models: the envelope of the best two-model cascades, and chains tuned backwards against it, at each
 * price on rows that had no part in choosing either.
 * @throws SpillwayError `usage` where the cost of a model is not known, or there are too many models
 */
export function* compareModels(
  outcomes: Outcomes,
  costOptions: CostOptions | undefined,
  k: number,
  options: IntervalOptions & { seed: number; prices?: readonly number[] },
): Work<ComparedAtPrice[]> {
  const { models = [] } = outcomes
  if (models.length > MAX_MODELS)
    throw new SpillwayError(
      'usage',
      `${models.length} models have too many chains; name at most ${MAX_MODELS} of them with --models`,
    )
  const free = models.find(({ cost }) => cost === undefined)
  if (free !== undefined)
    throw new SpillwayError(
      'usage',
      `no cost known for ${free.name}; to weigh more than two models give --cost ${free.name}=… or a cost column, or name two of them with --models`,
    )
  const costs = resolveCosts(outcomes, costOptions)
  const parts = folds(outcomes, k, options.seed).map((fold) => foldParts(outcomes, fold))
  const prices = options.prices ?? openPrices(outcomes)
  const total = prices.length * (parts.length + 1)
  const results: ComparedAtPrice[] = []
  for (const [p, price] of prices.entries()) {
    const routings = [emptyRouted(outcomes.rows), emptyRouted(outcomes.rows)]
    for (const [f, { rows, train, test }] of parts.entries()) {
      for (const [i, choose] of [bestPair, bestChain].entries()) {
        const cascade = choose(train, price)
        fill(routings[i], rows, test, cascade, costs.small)
      }
      yield { label: 'chaining models', done: p * (parts.length + 1) + f + 1, total }
    }
    const intervals = yield* policyIntervals(outcomes, routings, costs, options)
    const named = (cascade: Cascade, i: number): ComparedCascade => ({
      cascade,
      models: cascade.models.map((position) => models[position].name),
      heldOut: intervals.routings[i],
    })
    results.push({
      price,
      pair: named(bestPair(outcomes, price), 0),
      chain: named(bestChain(outcomes, price), 1),
      chainAgainstPair: pairedDifference(
        [meritOf(intervals, 1, price), 0],
        [meritOf(intervals, 0, price), 0],
        1 - (1 - intervals.confidence) / prices.length,
      ),
    })
  }
  return results
}

const emptyRouted = (rows: number): Routed => ({
  escalated: new Float64Array(rows),
  gain: new Float64Array(rows),
  extraCost: new Float64Array(rows),
  readsVerification: false,
})

/** Writes what a cascade gives on held-out rows, against the first model alone. */
function fill(
  { escalated, gain, extraCost }: Routed,
  rows: Uint32Array,
  test: Outcomes,
  cascade: Cascade,
  first: number | Float64Array,
): void {
  const { quality, cost } = serve(test, cascade)
  rows.forEach((row, i) => {
    gain[row] = quality[i] - test.small.quality[i]
    extraCost[row] = cost[i] - amountAt(first, row)
    escalated[row] = extraCost[row] === 0 ? 0 : 1
  })
}
