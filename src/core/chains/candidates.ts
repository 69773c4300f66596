import type { Outcomes } from '../outcomes/outcomes.ts'
import { spread } from '../stats/spread.ts'
import { mean } from '../stats/sum.ts'
import { serve, tuneChain, utility, type Cascade } from './cascade.ts'

/** How many prices are looked at. */
const PRICES = 5
/** With more models, chains of all of them would be too many to try. */
export const MAX_MODELS = 8

/** Every ordered choice of `size` of the positions 0 to `count` - 1. */
export function choices(count: number, size: number): number[][] {
  if (size === 0) return [[]]
  return Array.from({ length: count }, (_, last) => last).flatMap((last) =>
    choices(last, size - 1).map((before) => [...before, last]),
  )
}

/** The best cascade of at most two models at a price: the upper envelope of single models and pairs. */
export const bestPair = (outcomes: Outcomes, price: number): Cascade => bestOf(outcomes, [1, 2], price)

/** The best chain of three or more models at a price. */
export function bestChain(outcomes: Outcomes, price: number): Cascade {
  const count = outcomes.models!.length
  return bestOf(
    outcomes,
    Array.from({ length: count - 2 }, (_, i) => i + 3),
    price,
  )
}

function bestOf(outcomes: Outcomes, sizes: readonly number[], price: number): Cascade {
  const cascades = sizes
    .flatMap((size) => choices(outcomes.models!.length, size))
    .map((models) => tuneChain(outcomes, models, price))
  const values = cascades.map((cascade) => utility(serve(outcomes, cascade), price))
  return cascades[values.indexOf(Math.max(...values))]
}

/** Prices at which the choice of models is open: those at which two of them are worth the same, at most five of them. */
export function openPrices(outcomes: Outcomes): number[] {
  const models = outcomes.models!.map(({ quality, cost }) => ({
    quality: mean(quality) ?? 0,
    cost: mean(cost ?? []) ?? 0,
  }))
  const slopes = choices(models.length, 2).map(([i, j]) => {
    const [small, large] = [models[i], models[j]]
    return (large.quality - small.quality) / (large.cost - small.cost)
  })
  const open = [...new Set(slopes.filter((slope) => slope > 0 && Number.isFinite(slope)))].toSorted((a, b) => b - a)
  return Array.from(spread(open.length, PRICES), (i) => open[i])
}
