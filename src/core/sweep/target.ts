import { costOfEveryQuery, type Baselines } from './baselines.ts'
import { extraCostAt, pointAt, type Curve } from './curve.ts'
import { STABLE_ROWS, type OperatingPoint } from './operating-point.ts'

/** What a threshold is asked for. */
export type Target =
  /** The cheapest point whose mean quality is at least this. */
  | { minQuality: number }
  /** The cheapest point whose mean quality is at most this much below that of escalating everything. */
  | { maxQualityLoss: number }
  /** The best point whose mean cost is at most this. */
  | { maxCost: number }
  /** The point with the highest mean quality - lambda * mean cost. */
  | { qualityMinusCost: number }
  /** The point with the highest ΔIBC (cascade) among those that rest on 30 escalated rows or more. */
  | { maximize: 'delta-ibc' }

/** How a target judges a policy by its sums over all rows: higher is better, -Infinity is not allowed. */
export type Judge = (quality: number, cost: number, escalated: { rows: number; cost: number }) => number

/** A target as a judge of policies over the rows of `base`. */
export function judge(target: Target, base: Baselines): Judge {
  const { rows } = base
  // A point that meets a bound exactly must not miss it by the rounding of a sum.
  const slack = 1e-12 * rows
  const cheapestOf = (least: number): Judge => {
    return (quality, cost) => (quality >= least - slack ? -cost : -Infinity)
  }
  if ('minQuality' in target) return cheapestOf(target.minQuality * rows)
  if ('maxQualityLoss' in target) return cheapestOf(base.qualityLarge - target.maxQualityLoss * rows)
  if ('maxCost' in target) {
    const bound = target.maxCost * rows + slack * Math.max(1, Math.abs(target.maxCost))
    return (quality, cost) => (cost <= bound ? quality : -Infinity)
  }
  if ('qualityMinusCost' in target) return (quality, cost) => quality - target.qualityMinusCost * cost
  return (quality, _, escalated) =>
    escalated.rows < STABLE_ROWS || escalated.cost === 0 || base.gap <= 0
      ? -Infinity
      : (quality - base.qualitySmall) / escalated.cost
}

/** The point of a curve that serves a target best; of equals the one that keeps most. None allowed: `undefined`. */
export function selectPoint(curve: Curve, target: Target): OperatingPoint | undefined {
  const index = selectIndex(curve, target)
  return index === undefined ? undefined : pointAt(curve, index)
}

/** Which point of a curve that is. */
export function selectIndex(curve: Curve, target: Target): number | undefined {
  const { base } = curve
  const value = judge(target, base)
  let best: number | undefined
  let bestValue = -Infinity
  for (let i = 0; i < curve.length; i++) {
    const escalated = { rows: base.rows - curve.kept[i], cost: extraCostAt(curve, i) }
    const cost = costOfEveryQuery(base, Number.isNaN(curve.thresholds[i])) + escalated.cost
    const v = value(base.qualitySmall + curve.gain[i], cost, escalated)
    if (v > bestValue) {
      bestValue = v
      best = i
    }
  }
  return best
}
