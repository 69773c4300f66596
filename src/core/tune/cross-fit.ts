import { routedBy, type Routed } from '../intervals/routed.ts'
import { resolveCosts } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { always, type Policy } from '../policy/policy.ts'
import { escalations, readsVerification } from '../policy/replay.ts'
import type { Work } from '../stats/work.ts'
import type { OperatingPoint } from '../sweep/operating-point.ts'
import type { Target } from '../sweep/target.ts'
import { fitOn, type Family, type Setting } from './family.ts'
import type { Fitted } from './fitted.ts'
import { foldParts, repeatedFolds } from './splits.ts'

/** What a family's choice gives on rows that had no part in it. */
export interface CrossFitted {
  family: Family
  /** Fitted on all rows. */
  fitted: Fitted
  /** Each row decided by the policy that the other folds chose; repeated, the share of times that it escalates. */
  routed: Routed
  /** Of a learned family, the gain predicted for each row by the model of the other folds; none: NaN. */
  scores?: Float64Array
  /** The choice on all rows, with what it gives on those very rows. */
  inSample?: OperatingPoint
}

/** What is done where no policy of a family serves the target: what certainly costs, or gives, enough. */
export const fallback = (target: Target): Policy =>
  always('minQuality' in target || 'maxQualityLoss' in target ? 'escalate' : 'keep')

/**
 * Cross-fitting by group: for each fold, every family is fitted and its policy chosen on the other folds, then applied
 * to the one held out. Repeated with other folds, decisions and scores are averaged, so that little hangs on how the
 * groups happened to be dealt out. A family that can make nothing of the rows is left out.
 */
export function* crossFit(
  outcomes: Outcomes,
  families: readonly Family[],
  setting: Setting,
  k: number,
  repeats = 1,
): Work<CrossFitted[]> {
  const parts = repeatedFolds(outcomes, k, repeats, setting.seed)
    .flat()
    .map((fold) => foldParts(outcomes, fold))
  const costs = resolveCosts(outcomes, setting.costOptions)
  const results: CrossFitted[] = []
  const total = families.length * (parts.length + 1)
  let done = 0
  for (const family of families) {
    const step = { label: `fitting ${family.name}`, total }
    const whole = fitOn(family, outcomes, setting)
    yield { ...step, done: ++done }
    const escalated = new Float64Array(outcomes.rows)
    const scores = whole?.score === undefined ? undefined : new Float64Array(outcomes.rows)
    let verifies = false
    for (const { rows, train, test } of parts) {
      const fitted = fitOn(family, train, setting)
      const policy = fitted?.select(setting.target)?.policy ?? fallback(setting.target)
      const predicted = fitted?.score?.(test)
      if (scores !== undefined) rows.forEach((row, i) => (scores[row] += (predicted?.[i] ?? NaN) / repeats))
      escalations(test, policy).forEach((each, i) => (escalated[rows[i]] += each / repeats))
      verifies ||= readsVerification(test, policy)
      yield { ...step, done: ++done }
    }
    if (whole === undefined) continue
    const routed = routedBy(outcomes, escalated, costs, verifies)
    results.push({ family, fitted: whole, routed, inSample: whole.select(setting.target), scores })
  }
  return results
}
