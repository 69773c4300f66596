import { amountSum, paysVerification, type Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { difference, sum } from '../stats/sum.ts'

/** What never escalating and always escalating give: sums over all rows, from which every operating point follows. */
export interface Baselines {
  rows: number
  qualitySmall: number
  qualityLarge: number
  /** qualityLarge - qualitySmall; what is only rounding is 0. */
  gap: number
  /** Cost of the small model alone, of the large model alone, and of verification where this policy family pays it. */
  costSmall: number
  costLarge: number
  costVerify: number
  /** What `always` policies, which read no signal, pay for verification: nothing unless every query does. */
  costVerifyAtEnds: number
}

/** The two ways to say what the models cost by themselves. `cascade`: with what the cascade pays on every query. */
export type BaselineKind = 'cascade' | 'standalone'

/** Sums over all rows; `readsVerification` says whether the policies compared read a verification signal. */
export function baselines(outcomes: Outcomes, costs: Costs, readsVerification: boolean): Baselines {
  const { rows } = outcomes
  const sums = {
    rows,
    qualitySmall: sum(outcomes.small.quality),
    qualityLarge: sum(outcomes.large.quality),
    costSmall: amountSum(costs.small, rows),
    costLarge: amountSum(costs.large, rows),
    costVerify: amountSum(costs.verify, rows),
  }
  return baselinesOfSums(sums, costs, readsVerification)
}

/** Sums over all rows, wherever they were made; `costVerify` is what verifying every row costs. */
export type RowSums = Pick<
  Baselines,
  'rows' | 'qualitySmall' | 'qualityLarge' | 'costSmall' | 'costLarge' | 'costVerify'
>

export function baselinesOfSums(sums: RowSums, costs: Costs, readsVerification: boolean): Baselines {
  return {
    ...sums,
    gap: difference(sums.qualityLarge, sums.qualitySmall),
    costVerify: paysVerification(costs, readsVerification) ? sums.costVerify : 0,
    costVerifyAtEnds: paysVerification(costs, false) ? sums.costVerify : 0,
  }
}

/** Mean cost per query of the small and of the large end under a baseline. */
export function baselineCosts(base: Baselines, kind: BaselineKind): { small: number; large: number } {
  const everyQuery = base.costSmall + base.costVerify
  const [small, large] =
    kind === 'cascade' ? [everyQuery, everyQuery + base.costLarge] : [base.costSmall, base.costLarge]
  return { small: small / base.rows, large: large / base.rows }
}

/** What a policy of the family pays before any escalation, summed over all rows: its verification, and the small model. */
export const costOfEveryQuery = (base: Baselines, isEnd: boolean): number =>
  base.costSmall + (isEnd ? base.costVerifyAtEnds : base.costVerify)
