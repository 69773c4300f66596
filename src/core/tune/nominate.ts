import { pairedDifference, type PairedDifference } from '../intervals/paired.ts'
import { policyIntervals, type IntervalOptions, type RoutedIntervals } from '../intervals/policy-intervals.ts'
import type { Costs } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import type { Work } from '../stats/work.ts'
import type { CrossFitted } from './cross-fit.ts'
import { meritOf } from './merit.ts'

/** How a family did on rows that had no part in its choices. */
export interface Judged extends CrossFitted {
  crossFitted: RoutedIntervals
  /** Quality - λ cost: what families are compared by. */
  merit: number
  /** Against the best threshold on one signal; absent for that one itself. */
  against?: PairedDifference
}

/** The families judged, and the one that is taken. */
export interface Nomination {
  judged: Judged[]
  /** The best threshold on one signal, where one was asked for. */
  reference?: Judged
  chosen: Judged
}

/** With fewer groups to select on, nothing but a single threshold is taken. */
export const FEWEST_GROUPS = 30

/**
 * Picks the family to go on with: the best threshold on one signal, unless another family is established to be better
 * than it on held-out rows of at least 30 groups, at the exchange `rate` of quality for cost. Without any threshold: the
 * best there is.
 */
export function* nominate(
  outcomes: Outcomes,
  fitted: readonly CrossFitted[],
  costs: Costs,
  rate: number,
  options: IntervalOptions,
): Work<Nomination> {
  const intervals = yield* policyIntervals(
    outcomes,
    fitted.map(({ routed }) => routed),
    costs,
    options,
  )
  const merits = fitted.map((_, r) => meritOf(intervals, r, rate))
  const judged = fitted.map((each, r): Judged => ({
    ...each,
    crossFitted: intervals.routings[r],
    merit: merits[r].estimates[0],
  }))
  const best = (list: readonly Judged[]): Judged | undefined =>
    list.reduce<Judged | undefined>((a, b) => (a === undefined || b.merit > a.merit ? b : a), undefined)
  const usable = judged.filter(({ inSample, merit }) => inSample !== undefined && !Number.isNaN(merit))
  const reference = best(usable.filter(({ family }) => family.kind === 'threshold'))
  if (reference === undefined) return { judged, chosen: best(usable) ?? judged[0] }

  // One level for every comparison of the table: the chance that any of them is wrongly established is that of one.
  const level = 1 - (1 - intervals.confidence) / Math.max(1, judged.length - 1)
  const at = judged.indexOf(reference)
  judged.forEach((each, r) => {
    if (r !== at) each.against = pairedDifference([merits[r], 0], [merits[at], 0], level)
  })
  if (outcomes.groups.count < FEWEST_GROUPS) return { judged, reference, chosen: reference }
  const better = usable.filter(({ family, against }) => family.kind !== 'threshold' && against?.verdict === 'first')
  return { judged, reference, chosen: best(better) ?? reference }
}
