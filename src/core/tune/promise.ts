import { amountAt, paysVerification, type Amount, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { largestGroup } from './splits.ts'
import { SpillwayError } from '../errors.ts'
import type { Routed } from '../intervals/routed.ts'

/** What can be promised about a policy, with a confidence. */
export type Promised =
  /** Mean quality at most this much below that of always calling the large model. */
  | { maxQualityLoss: number }
  /** Mean quality at least this. */
  | { minQuality: number }
  /** Mean cost at most this. */
  | { maxCost: number }

/** Independent values, one a group, of which the mean is below `bound` exactly where the promise holds. */
export interface GroupRisks {
  /** In [0, `most`]. */
  values: Float64Array
  bound: number
  /** 1, or, where costs have no cap, unknown. */
  most?: 1
}

/** What was fixed before the first look at the rows that certify. */
export interface Frame {
  /** No group has more rows than this. */
  maxGroupRows: number
  /** No call costs more than this: a flat cost, or what the user states; absent: only the t-test can promise a cost. */
  costCap?: number
}

/** The most that a query can cost where that is known beforehand: flat costs, or a stated cap. */
export function costCapOf(costs: Costs, readsVerification: boolean, stated: number | undefined): number | undefined {
  if (stated !== undefined) return stated
  const flat = (amount: Amount) => (typeof amount === 'number' ? amount : NaN)
  const verify = paysVerification(costs, readsVerification) ? flat(costs.verify) : 0
  const cap = flat(costs.small) + verify + flat(costs.large)
  return Number.isNaN(cap) ? undefined : cap
}

/**
 * The risk of a routing, group by group. With d the loss of a row and α its bound, Z_g = Σ (d - α) / n_max over the
 * rows of a group is at most 0 on average where Σ d / Σ n is at most α; moved and scaled into [0, 1] it is X_g. Groups
 * weigh by their rows, as queries do.
 *
 * Quality loss: d = quality_large - quality_chosen in [-1, 1], X = (Z + 1 + α) / 2. Quality: d = 1 - quality_chosen in
 * [0, 1], X = Z + α. Cost: d = cost in [0, cap], X = (Z + c) / cap.
 * @throws SpillwayError `bad-input` where a group is larger, or a call dearer, than was fixed before
 */
export function groupRisks(
  outcomes: Outcomes,
  routed: Routed,
  costs: Costs,
  promised: Promised,
  { maxGroupRows, costCap }: Frame,
): GroupRisks {
  const { groups, large, small } = outcomes
  const largest = largestGroup(groups)
  if (largest > maxGroupRows)
    throw new SpillwayError(
      'bad-input',
      `a group has ${largest} rows where at most ${maxGroupRows} were stated; state a larger --max-group`,
    )
  const scaled = (loss: (row: number) => number, alpha: number, shift: number, range: number): GroupRisks => {
    const values = new Float64Array(groups.count)
    for (let row = 0; row < outcomes.rows; row++) values[groups.codes[row]] += loss(row) - alpha
    return { values: values.map((z) => (z / maxGroupRows + shift) / range), bound: shift / range, most: 1 }
  }
  if ('maxQualityLoss' in promised) {
    const alpha = promised.maxQualityLoss
    return scaled((row) => large.quality[row] - small.quality[row] - routed.gain[row], alpha, 1 + alpha, 2)
  }
  if ('minQuality' in promised) {
    const alpha = 1 - promised.minQuality
    return scaled((row) => 1 - small.quality[row] - routed.gain[row], alpha, alpha, 1)
  }
  const verified = paysVerification(costs, routed.readsVerification)
  const costOf = (row: number) =>
    amountAt(costs.small, row) + (verified ? amountAt(costs.verify, row) : 0) + routed.extraCost[row]
  const cap = costCap ?? 1 // without a cap the scale is only a unit
  if (costCap !== undefined)
    for (let row = 0; row < outcomes.rows; row++)
      if (costOf(row) > costCap * (1 + 1e-12))
        throw new SpillwayError(
          'bad-input',
          `${outcomes.place(row)}: costs ${costOf(row)} where at most ${costCap} was stated; state a larger --cost-cap`,
        )
  const { most, ...risks } = scaled(costOf, promised.maxCost, promised.maxCost, cap)
  return costCap === undefined ? risks : { ...risks, most }
}
