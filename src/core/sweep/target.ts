import { costOfEveryQuery } from './baselines.ts'
import { extraCostAt, pointAt, type Curve } from './curve.ts'
import type { OperatingPoint } from './operating-point.ts'

/** What a threshold is asked for. */
export type Target =
  /** The cheapest point whose mean quality is at least this. */
  | { minQuality: number }
  /** The best point whose mean cost is at most this. */
  | { maxCost: number }
  /** The point with the highest mean quality - lambda * mean cost. */
  | { qualityMinusCost: number }

/** Sums that a policy gives over all rows, and how a target judges them: higher is better, -Infinity is not allowed. */
export type Judge = (quality: number, cost: number) => number

/** A target as a judge of sums: qualities and costs come as sums over `rows` rows. */
export function judge(target: Target, rows: number): Judge {
  // A point that meets a bound exactly must not miss it by the rounding of a sum.
  const slack = 1e-12 * rows
  if ('minQuality' in target) {
    const bound = target.minQuality * rows - slack
    return (quality, cost) => (quality >= bound ? -cost : -Infinity)
  }
  if ('maxCost' in target) {
    const bound = target.maxCost * rows + slack * Math.max(1, Math.abs(target.maxCost))
    return (quality, cost) => (cost <= bound ? quality : -Infinity)
  }
  return (quality, cost) => quality - target.qualityMinusCost * cost
}

/** The point of a curve that serves a target best; of equals the one that keeps most. None allowed: `undefined`. */
export function selectPoint(curve: Curve, target: Target): OperatingPoint | undefined {
  const { base } = curve
  const value = judge(target, base.rows)
  let best: number | undefined
  let bestValue = -Infinity
  for (let i = 0; i < curve.length; i++) {
    const cost = costOfEveryQuery(base, Number.isNaN(curve.thresholds[i])) + extraCostAt(curve, i)
    const v = value(base.qualitySmall + curve.gain[i], cost)
    if (v > bestValue) {
      bestValue = v
      best = i
    }
  }
  return best === undefined ? undefined : pointAt(curve, best)
}
