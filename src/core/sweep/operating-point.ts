import { always, type Policy } from '../policy/policy.ts'
import { difference } from '../stats/sum.ts'
import { costOfEveryQuery, type Baselines } from './baselines.ts'
import { benefit, type Benefit } from './benefit.ts'

/** Below so many escalated rows a ΔIBC is mostly chance, and is marked so. */
export const STABLE_ROWS = 30

/** One policy setting with what it gives; qualities and costs are means per query unless named total. */
export interface OperatingPoint {
  policy: Policy
  kept: number
  escalated: number
  keptShare: number
  escalatedShare: number
  quality: number
  cost: number
  totalCost: number
  /** Sums over the escalated rows: Σ (quality_large - quality_small), and Σ cost_large. */
  gain: number
  extraCost: number
  /** `(P - P_small) / (P_large - P_small)`; equal qualities: no value. */
  qualityGapRecovered?: number
  /** Against C_small and C_large with what the cascade pays on every query. */
  cascade: Benefit
  /** Against the cost of calling only the small or only the large model. */
  standalone: Benefit
  /** Fewer than 30 rows escalate: IBC and ΔIBC rest on those few. */
  unstable: boolean
}

/** The sums over escalated rows that make a point. */
export interface Totals {
  kept: number
  /** Σ (quality_large - quality_small) over escalated rows. */
  gain: number
  /** Σ cost_large over escalated rows. */
  extraCost: number
}

export function operatingPoint(base: Baselines, policy: Policy, { kept, gain, extraCost }: Totals): OperatingPoint {
  const { rows } = base
  const escalated = rows - kept
  const everyQuery = costOfEveryQuery(base, 'always' in policy)
  const totalCost = everyQuery + extraCost
  const verification = everyQuery - base.costSmall
  return {
    policy,
    kept,
    escalated,
    keptShare: kept / rows,
    escalatedShare: escalated / rows,
    // A large model that is never right leaves nothing, and no rounding of what was taken off.
    quality: difference(base.qualitySmall, -gain) / rows,
    cost: totalCost / rows,
    totalCost,
    gain,
    extraCost,
    qualityGapRecovered: base.gap === 0 ? undefined : gain / base.gap,
    cascade: benefit(base, 'cascade', gain, extraCost),
    standalone: benefit(base, 'standalone', gain, extraCost + verification),
    unstable: escalated < STABLE_ROWS,
  }
}

/** The two ends of every curve: nothing escalates, everything does. */
export const keepAllPoint = (base: Baselines): OperatingPoint =>
  operatingPoint(base, always('keep'), { kept: base.rows, gain: 0, extraCost: 0 })

export const escalateAllPoint = (base: Baselines): OperatingPoint =>
  operatingPoint(base, always('escalate'), { kept: 0, gain: base.gap, extraCost: base.costLarge })
