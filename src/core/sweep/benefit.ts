import { difference } from '../stats/sum.ts'
import type { Baselines, BaselineKind } from './baselines.ts'

/** Incremental benefit per cost of a policy, and against that of always escalating. */
export interface Benefit {
  /** `(P - P_small) / (C - C_small)`; no extra cost: no value. */
  ibc?: number
  /** `100 * (ibc - ibc_base) / ibc_base`, percent; `ibc_base <= 0` or no `ibc`: no value. */
  deltaIbc?: number
}

/** `(P_large - P_small) / (C_large - C_small)` of a baseline; equal costs: no value. (AutoMix, Aggarwal et al. 2024) */
export const ibcBase = (base: Baselines, kind: BaselineKind): number | undefined =>
  ratio(base.gap, kind === 'cascade' ? base.costLarge : difference(base.costLarge, base.costSmall))

/**
 * IBC and ΔIBC of a policy from sums over all rows: `gain` Σ(quality_large - quality_small) over the escalated ones,
 * and `extraCost`, what the policy costs above the small end of that baseline. Working on these sums keeps "no extra
 * cost" an exact zero. (AutoMix, Aggarwal et al. 2024)
 */
export function benefit(base: Baselines, kind: BaselineKind, gain: number, extraCost: number): Benefit {
  const ibc = ratio(gain, extraCost)
  const reference = ibcBase(base, kind)
  const comparable = ibc !== undefined && reference !== undefined && reference > 0
  return { ibc, deltaIbc: comparable ? (100 * difference(ibc, reference)) / reference : undefined }
}

const ratio = (numerator: number, denominator: number): number | undefined =>
  denominator === 0 ? undefined : numerator / denominator
