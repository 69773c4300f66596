import type { Outcomes } from '../outcomes/outcomes.ts'
import type { Policy } from '../policy/policy.ts'
import { binOf, keepBins, keyOf, type Certainty } from './certainty.ts'
import { doubleThreshold, threshold } from './automix.ts'

/** AutoMix tries every whole reward below this. */
const REWARDS = 5000

/** What the rows of each bin gave. */
interface BinCounts {
  rows: number
  /** Small wrong and large right; both wrong. */
  needy: number
  hopeless: number
  gain: number
  extraCost: number
}

/** Rows by bin; rows without the signal are in none. */
export function countBins(
  { rows, small, large }: Outcomes,
  certainty: Certainty,
  bin: (key: number) => number,
  bins: number,
  wrongBelow: number,
  costOf: (row: number) => number = () => 1,
): BinCounts[] {
  const counts = Array.from({ length: bins }, () => ({ rows: 0, needy: 0, hopeless: 0, gain: 0, extraCost: 0 }))
  for (let row = 0; row < rows; row++) {
    const value = certainty.column.values[row]
    if (!Number.isFinite(value)) continue
    const count = counts[bin(keyOf(certainty, value))]
    if (count === undefined) continue
    count.rows++
    count.gain += large.quality[row] - small.quality[row]
    count.extraCost += costOf(row)
    if (small.quality[row] >= wrongBelow) continue
    if (large.quality[row] >= wrongBelow) count.needy++
    else count.hopeless++
  }
  return counts
}

/**
 * AutoMix's one-step POMDP: an action for each bin of the certainty, as its code has it. The union of four ways to
 * choose them: by the shares of needy and hopeless rows, for every reward; greedily by the smoothed mean gain; double
 * thresholds; single thresholds. (Aggarwal et al. 2024, `POMDP` of their implementation)
 */
export const pomdp = (outcomes: Outcomes, certainty: Certainty, wrongBelow: number): Policy[] => [
  ...byReward(outcomes, certainty, wrongBelow),
  ...greedy(outcomes, certainty),
  ...doubleThreshold(certainty),
  ...threshold(certainty),
]

/**
 * Keeping costs the reward r on a needy row and r + 1 on a hopeless one, routing 100 on any and r more on a hopeless
 * one. So a bin with shares N and H is routed iff r N > 100 - H, and as r grows, bins join one after another. In counts
 * instead of shares that is exact.
 */
function byReward(outcomes: Outcomes, certainty: Certainty, wrongBelow: number): Policy[] {
  const { grid, starts } = certainty
  const bins = starts.length + 1
  // The code counts no row that lies halfway between two grid values, but routes it by the upper one.
  const nearest = (key: number) => (grid.length === bins && starts.includes(key) ? -1 : binOf(certainty, key))
  const counts = countBins(outcomes, certainty, nearest, bins, wrongBelow)
  const from = counts.map(({ rows, needy, hopeless }) =>
    needy === 0 ? Infinity : Math.floor((100 * rows - hopeless) / needy) + 1,
  )
  const rewards = [0, ...new Set(from.filter((reward) => reward < REWARDS))].toSorted((a, b) => a - b)
  return rewards.map((reward) =>
    keepBins(
      certainty,
      from.map((least) => least <= reward),
    ),
  )
}

/** Bins join in the order of their mean gain, smoothed over their neighbours with σ = 2. */
function greedy(outcomes: Outcomes, certainty: Certainty): Policy[] {
  const bins = certainty.starts.length + 1
  // The code counts a row in the bin whose lower end is a grid value, but routes it by the nearest one.
  const floorOf = (key: number) => certainty.grid.findLastIndex((value) => key >= value)
  const even = certainty.grid.length === bins
  const counts = countBins(outcomes, certainty, even ? floorOf : (key) => binOf(certainty, key), bins, 0)
  const gains = smooth(counts.map(({ gain, rows }) => (rows === 0 ? 0 : gain / rows)))
  const order = gains.map((_, bin) => bin).toSorted((a, b) => gains[b] - gains[a] || b - a)
  return order.map((_, i) => {
    const routed = new Set(order.slice(0, i + 1))
    return keepBins(
      certainty,
      gains.map((__, bin) => routed.has(bin)),
    )
  })
}

/** Gaussian smoothing, σ = 2, cut off at 4 σ, the line mirrored at its ends (scipy's `gaussian_filter`). */
export function smooth(values: readonly number[], sigma = 2): number[] {
  const radius = Math.round(4 * sigma)
  const weights = Array.from({ length: radius + 1 }, (_, i) => Math.exp(-0.5 * (i / sigma) ** 2))
  const total = weights.reduce((sum, weight) => sum + 2 * weight, -weights[0])
  const period = 2 * values.length
  const mirrored = (i: number): number => {
    const place = ((i % period) + period) % period
    return values[place < values.length ? place : period - 1 - place]
  }
  // Summed in pairs, as scipy does: of values that are symmetric, the results tie exactly.
  return values.map((value, i) =>
    weights.reduceRight(
      (sum, weight, d) => (d === 0 ? sum : sum + (mirrored(i - d) + mirrored(i + d)) * (weight / total)),
      value * (weights[0] / total),
    ),
  )
}
