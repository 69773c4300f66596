import { amountAt, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import {
  bootstrap,
  type Bootstrapped,
  type BootstrapOptions,
  type Statistic,
  type Weights,
} from '../stats/bootstrap.ts'
import { fieller, type FiellerSet } from '../stats/fieller.ts'
import { estimateAt, type Estimate } from '../stats/interval.ts'
import type { Work } from '../stats/work.ts'
import { difference } from '../stats/sum.ts'
import { baselines, type Baselines } from '../sweep/baselines.ts'
import { operatingPoint, type OperatingPoint } from '../sweep/operating-point.ts'
import { routedPoint, unnamed, type Routed } from './routed.ts'

/** What is estimated of each routing, in the order in which it is resampled. */
export const quantities = {
  quality: (point: OperatingPoint) => point.quality,
  cost: (point: OperatingPoint) => point.cost,
  keptShare: (point: OperatingPoint) => point.keptShare,
  ibc: (point: OperatingPoint) => point.cascade.ibc,
  deltaIbc: (point: OperatingPoint) => point.cascade.deltaIbc,
  ibcStandalone: (point: OperatingPoint) => point.standalone.ibc,
  deltaIbcStandalone: (point: OperatingPoint) => point.standalone.deltaIbc,
  /** Quality above that of random routing at the same cost. */
  lift: (point: OperatingPoint, base: Baselines) => liftOf(point, base),
  /** Quality below that of escalating everything, and the same as a change. */
  qualityLoss: ({ quality }: OperatingPoint, base: Baselines) => difference(base.qualityLarge / base.rows, quality),
  qualityChange: ({ quality }: OperatingPoint, base: Baselines) => difference(quality, base.qualityLarge / base.rows),
  /** The share of the cost of calling the large model alone that is saved; below 0, the cascade costs more. */
  saving: ({ cost }: OperatingPoint, base: Baselines) =>
    base.costLarge === 0 ? undefined : 1 - cost / (base.costLarge / base.rows),
} satisfies Record<string, (point: OperatingPoint, base: Baselines) => number | undefined>

/** What is estimated of a policy. */
export type Quantity = keyof typeof quantities
export const quantityNames = Object.keys(quantities) as Quantity[]

/**
 * Quality above that of random routing at the same cost, which mixes the two ends: what the signal, and not the money,
 * brings. An escalation that costs nothing: no value.
 */
export function liftOf({ quality, cost }: OperatingPoint, base: Baselines): number | undefined {
  if (base.costLarge === 0) return undefined
  const keepAll = (base.costSmall + base.costVerifyAtEnds) / base.rows
  // At the ends only rounding is left, which resamples would take for a difference that is always there.
  const mixed = difference(base.qualitySmall / base.rows, (-(cost - keepAll) * base.gap) / base.costLarge)
  return difference(quality, mixed)
}

/** A routing's quantities with their intervals. */
export interface RoutedIntervals {
  /** All of it on the rows as they are. */
  point: OperatingPoint
  estimates: Record<Quantity, Estimate>
  /** The set of `ibc` that the data allow; it may be unbounded, and then `ibc` is not identified. */
  ibcSet?: FiellerSet
}

/** Routings on the same rows with intervals from the same resamples. */
export interface PolicyIntervals {
  confidence: number
  routings: RoutedIntervals[]
  /** For paired differences: `quantityNames.length` statistics for each routing in turn. */
  bootstrapped: Bootstrapped
}

/** How sure the intervals of policies are to be. */
export interface IntervalOptions extends BootstrapOptions {
  /** Default: 0.95. */
  confidence?: number
}

/** Cluster bootstrap of several routings at once. */
export function* policyIntervals(
  outcomes: Outcomes,
  routings: readonly Routed[],
  costs: Costs,
  options: IntervalOptions = {},
): Work<PolicyIntervals> {
  const { confidence = 0.95 } = options
  const sums = groupSums(outcomes, routings, costs)
  const bootstrapped = yield* bootstrap(outcomes.groups.count, policyStatistic(sums, routings), options)
  return {
    confidence,
    bootstrapped,
    routings: routings.map((routed, r) => {
      const point = routedPoint(outcomes, routed, costs)
      const base = baselines(outcomes, costs, routed.readsVerification)
      return {
        point,
        estimates: Object.fromEntries(
          quantityNames.map((name, q) => [
            name,
            // The value of the table that the sweep shows, to the last digit.
            {
              ...estimateAt(bootstrapped, r * quantityNames.length + q, confidence),
              value: quantities[name](point, base),
            },
          ]),
        ) as Record<Quantity, Estimate>,
        ibcSet: fieller(columnOf(sums, BASE_SUMS + 3 * r), columnOf(sums, BASE_SUMS + 3 * r + 1), confidence),
      }
    }),
  }
}

/** Per group: rows, quality_small, quality_large, cost_small, cost_large, verification; then three sums a routing. */
const BASE_SUMS = 6

interface GroupSums {
  width: number
  sums: Float64Array
  /** Whether every query pays for verification, or only those of a policy that reads such a signal. */
  verifyAlways: boolean
}

function groupSums({ rows, groups, small, large }: Outcomes, routings: readonly Routed[], costs: Costs): GroupSums {
  const width = BASE_SUMS + 3 * routings.length
  const sums = new Float64Array(groups.count * width)
  for (let row = 0; row < rows; row++) {
    let at = groups.codes[row] * width
    sums[at++]++
    sums[at++] += small.quality[row]
    sums[at++] += large.quality[row]
    sums[at++] += amountAt(costs.small, row)
    sums[at++] += amountAt(costs.large, row)
    sums[at++] += amountAt(costs.verify, row)
    for (const { gain, extraCost, escalated } of routings) {
      sums[at++] += gain[row]
      sums[at++] += extraCost[row]
      sums[at++] += escalated[row]
    }
  }
  return { width, sums, verifyAlways: costs.verifyCost === 'always' }
}

const columnOf = ({ sums, width }: GroupSums, k: number): Float64Array =>
  Float64Array.from({ length: sums.length / width }, (_, group) => sums[group * width + k])

/** Weighted totals of every sum. */
interface WeighedTotals extends GroupSums {
  totals: Float64Array
}

function totalsOf(group: GroupSums, weights: Weights, into = new Float64Array(group.width)): WeighedTotals {
  const { width, sums } = group
  into.fill(0)
  for (let g = 0, at = 0; g < weights.length; g++, at += width) {
    const weight = weights[g]
    if (weight === 0) continue
    for (let k = 0; k < width; k++) into[k] += weight * sums[at + k]
  }
  return { ...group, totals: into }
}

function baseFrom({ totals, verifyAlways }: WeighedTotals, readsVerification: boolean): Baselines {
  const [rows, qualitySmall, qualityLarge, costSmall, costLarge, verify] = totals
  return {
    rows,
    qualitySmall,
    qualityLarge,
    gap: difference(qualityLarge, qualitySmall),
    costSmall,
    costLarge,
    costVerify: verifyAlways || readsVerification ? verify : 0,
    costVerifyAtEnds: verifyAlways ? verify : 0,
  }
}

function pointFrom({ totals }: WeighedTotals, r: number, base: Baselines): OperatingPoint {
  const at = BASE_SUMS + 3 * r
  return operatingPoint(base, unnamed, {
    kept: base.rows - totals[at + 2],
    gain: totals[at],
    extraCost: totals[at + 1],
  })
}

function policyStatistic(sums: GroupSums, routings: readonly Routed[]): Statistic {
  const totals = new Float64Array(sums.width)
  return {
    size: routings.length * quantityNames.length,
    compute(weights, into) {
      const weighed = totalsOf(sums, weights, totals)
      routings.forEach((routed, r) => {
        const base = baseFrom(weighed, routed.readsVerification)
        const point = pointFrom(weighed, r, base)
        quantityNames.forEach((name, q) => {
          into[r * quantityNames.length + q] = quantities[name](point, base) ?? NaN
        })
      })
    },
  }
}
