import type { Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import type { Policy } from '../policy/policy.ts'
import { route, routedPoint } from '../intervals/routed.ts'
import { baselines, type Baselines } from '../sweep/baselines.ts'
import { pointAt, type Curve } from '../sweep/curve.ts'
import type { OperatingPoint } from '../sweep/operating-point.ts'
import { judge, selectIndex, type Target } from '../sweep/target.ts'

/** A family of policies after it has been fitted on some rows, with what each gives on those very rows. */
export interface Fitted {
  /** The gain that a learned family predicts for rows, fitted on or not; others rank by no score of their own. */
  score?(outcomes: Outcomes): Float64Array
  /** The policy that serves a target best on the rows it was fitted on; none is allowed: `undefined`. */
  select(target: Target): OperatingPoint | undefined
  /**
   * At most `count` policies on the way to `last`: from escalating nearly all, the dearest on those rows first, or from
   * keeping all, the cheapest first.
   */
  towards(last: OperatingPoint, count: number, from: 'escalate' | 'keep'): OperatingPoint[]
}

/** Thresholds of one signal, as points of its curve; `named` says what a point is called, where not by the signal. */
export function fittedCurve(curve: Curve, named: (point: OperatingPoint) => Policy = ({ policy }) => policy): Fitted {
  const at = (i: number): OperatingPoint => {
    const point = pointAt(curve, i)
    return { ...point, policy: named(point) }
  }
  return {
    select(target) {
      const index = selectIndex(curve, target)
      return index === undefined ? undefined : at(index)
    },
    towards(last, count, from) {
      // Steps of equal share; each takes the first threshold that keeps, or escalates, as much.
      const indices = new Set<number>()
      const { rows } = curve.base
      for (let step = 1, up = 0, down = curve.length - 1; step <= count; step++) {
        while (down > 0 && curve.kept[down] < (last.kept * step) / count) down--
        while (up < curve.length - 1 && rows - curve.kept[up] < (last.escalated * step) / count) up++
        indices.add(from === 'escalate' ? down : up)
      }
      return [...indices].map(at)
    },
  }
}

/** Any policies, each replayed on the rows. */
export const fittedList = (outcomes: Outcomes, policies: readonly Policy[], costs: Costs): Fitted =>
  fittedPoints(
    policies.map((policy) => {
      const routed = route(outcomes, policy, costs)
      return {
        point: routedPoint(outcomes, routed, costs, policy),
        base: baselines(outcomes, costs, routed.readsVerification),
      }
    }),
  )

/** Any policies of which it is known what they give. */
export function fittedPoints(list: readonly { point: OperatingPoint; base: Baselines }[]): Fitted {
  return {
    select(target) {
      let best: { point: OperatingPoint; value: number } | undefined
      for (const { point, base } of list) {
        const escalated = { rows: point.escalated, cost: point.extraCost }
        const value = judge(target, base)(point.quality * base.rows, point.totalCost, escalated)
        if (value === -Infinity || (best !== undefined && value < best.value)) continue
        // Of equals the one that keeps most.
        if (best === undefined || value > best.value || point.kept > best.point.kept) best = { point, value }
      }
      return best?.point
    },
    towards(last, count, from) {
      const points = frontier(list.map(({ point }) => point))
      return from === 'escalate'
        ? thin(points.filter(({ totalCost }) => totalCost >= last.totalCost).toReversed(), count)
        : thin(
            points.filter(({ totalCost }) => totalCost <= last.totalCost),
            count,
          )
    },
  }
}

/** The points that no other beats in both cost and quality, cheapest first. */
export function frontier(points: readonly OperatingPoint[]): OperatingPoint[] {
  const cheapestFirst = points.toSorted((a, b) => a.totalCost - b.totalCost || b.gain - a.gain)
  let best = -Infinity
  return cheapestFirst.filter(({ gain }) => {
    if (gain <= best) return false
    best = gain
    return true
  })
}

/** At most `count` of a list, evenly spread, the last one among them. */
function thin<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list]
  return Array.from({ length: count }, (_, i) => list[Math.round(((i + 1) * list.length) / count) - 1])
}
