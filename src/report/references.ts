import { pointAt, points, type Curve } from '../core/sweep/curve.ts'
import { operatingPoint, type OperatingPoint } from '../core/sweep/operating-point.ts'
import { always } from '../core/policy/policy.ts'
import type { SweepResult } from '../core/sweep.ts'

/** What every curve is read against: its two ends, the floor of random routing and the ceiling of the oracle. */
export interface References {
  keepAll: OperatingPoint
  escalateAll: OperatingPoint
  /** Escalating a random half: the middle of the straight line between the two ends. */
  randomHalf: OperatingPoint
  /** The oracle's best point: escalate just where it gains. */
  oracleBest: OperatingPoint
}

export function references({ base, oracle }: SweepResult): References {
  const halfGain = base.gap / 2
  const half = operatingPoint(base, always('escalate'), {
    kept: base.rows / 2,
    gain: halfGain,
    extraCost: base.costLarge / 2,
  })
  return {
    keepAll: pointAt(oracle, 0),
    escalateAll: pointAt(oracle, oracle.length - 1),
    randomHalf: half,
    oracleBest: best(oracle),
  }
}

/** The cheapest of the points with the highest quality. */
function best(curve: Curve): OperatingPoint {
  let found = pointAt(curve, 0)
  for (const point of points(curve)) if (point.quality > found.quality + 1e-12) found = point
  return found
}
