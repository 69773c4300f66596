import { escalateAllPoint, keepAllPoint, operatingPoint, type OperatingPoint } from '../core/sweep/operating-point.ts'
import { selectPoint } from '../core/sweep/target.ts'
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
    keepAll: keepAllPoint(base),
    escalateAll: escalateAllPoint(base),
    randomHalf: half,
    // Any point is allowed for this target, so there is one.
    oracleBest: selectPoint(oracle, { qualityMinusCost: 0 })!,
  }
}
