import { route } from '../intervals/routed.ts'
import { resolveCosts } from '../outcomes/costs.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { readsVerification } from '../policy/replay.ts'
import type { OperatingPoint } from '../sweep/operating-point.ts'
import type { Target } from '../sweep/target.ts'
import { certifySequence, type CertifyMethod, type Tested } from './certify.ts'
import type { Setting } from './family.ts'
import type { Fitted } from './fitted.ts'
import { groupsNeeded } from './power.ts'
import { costCapOf, groupRisks, type Frame, type GroupRisks, type Promised } from './promise.ts'

/** At most so many policies are tested one after another. */
export const MAX_TESTS = 50
/** A policy that keeps less is not worth the question how many groups it would take. */
const WORTHWHILE_SHARE = 0.1

export interface CertificationOptions {
  method: CertifyMethod
  /** The chance of a broken promise that is accepted for this family. */
  delta: number
  seed: number
  /** No group has more rows than this; fixed before certifying. */
  maxGroupRows: number
  costCap?: number
}

/** What testing one family came to. */
export interface Certification {
  method: CertifyMethod
  delta: number
  maxGroupRows: number
  /** Groups of the part that certifies. */
  groups: number
  tests: Tested<OperatingPoint>[]
  /** The last policy that passed, with what it gave where it was selected. */
  certified?: OperatingPoint
  /** Where nothing passed: about how many groups it would take, from the rows that selected; Infinity: over 131,072. */
  groupsNeeded?: { groups: number; policy: OperatingPoint }
}

/** Whether a target is a promise that can be tested. */
export const isPromise = (target: Target): target is Promised =>
  'maxQualityLoss' in target || 'minQuality' in target || 'maxCost' in target

/**
 * Tests a family that was fitted on the select part: its policies from the safest towards the one that looked best
 * there, on the certify part alone. No policy of it served the target even where it was selected: no tests.
 */
export function certifyFamily(
  fitted: Fitted,
  parts: { select: Outcomes; certify: Outcomes },
  promised: Promised,
  setting: Setting,
  options: CertificationOptions,
): Certification {
  const { delta, seed, maxGroupRows } = options
  const costs = resolveCosts(parts.certify, setting.costOptions)
  const last = fitted.select(promised)
  const candidates = last === undefined ? [] : sequenceTo(fitted, last, promised)
  const verifies = candidates.some(({ policy }) => readsVerification(parts.select, policy))
  const frame: Frame = { maxGroupRows, costCap: costCapOf(costs, verifies, options.costCap) }
  // Without a cap on the cost of a query nothing holds for every number of groups.
  const method = 'maxCost' in promised && frame.costCap === undefined ? 't-test' : options.method
  // Escalating all is not the safest where the cascade beats the large model: what is safer on the select part goes first.
  const weighed = weighOnSelect(parts.select, candidates, promised, setting, frame)
  const first = weighed.indexOf(easiest(weighed) ?? weighed[0])
  const sequence = candidates.slice(Math.max(0, first))
  const tests = certifySequence(parts.certify, sequence, costs, { promised, method, delta, seed, ...frame })
  const certified = tests.findLast(({ passed }) => passed)?.candidate
  return {
    method,
    delta,
    maxGroupRows,
    groups: parts.certify.groups.count,
    tests,
    certified,
    groupsNeeded: certified === undefined ? needed(weighed, promised, method, options) : undefined,
  }
}

/** The policies to be tested: those that hold by themselves are left out. */
function sequenceTo(fitted: Fitted, last: OperatingPoint, promised: Promised): OperatingPoint[] {
  const points = fitted.towards(last, MAX_TESTS, 'maxCost' in promised ? 'keep' : 'escalate')
  // Escalating all loses nothing against itself: there is nothing to certify, and nothing is saved.
  return 'maxQualityLoss' in promised ? points.filter(({ kept }) => kept > 0) : points
}

/** A policy of the sequence, and how far its groups lie on the safe side of the bound where it was selected. */
interface Weighed {
  policy: OperatingPoint
  risks: GroupRisks
  /** Mean distance from the bound over its root mean square, squared: 0 where it is not on the safe side. */
  ease: number
}

function weighOnSelect(
  select: Outcomes,
  candidates: readonly OperatingPoint[],
  promised: Promised,
  setting: Setting,
  frame: Frame,
): Weighed[] {
  const costs = resolveCosts(select, setting.costOptions)
  return candidates.map((policy) => {
    const risks = groupRisks(select, route(select, policy.policy, costs), costs, promised, frame)
    let [total, squares] = [0, 0]
    for (const value of risks.values) {
      total += risks.bound - value
      squares += (risks.bound - value) ** 2
    }
    return { policy, risks, ease: total > 0 ? total ** 2 / (squares * risks.values.length) : 0 }
  })
}

const easiest = (weighed: readonly Weighed[]): Weighed | undefined =>
  weighed.reduce<Weighed | undefined>((a, b) => (b.ease > (a?.ease ?? 0) ? b : a), undefined)

/** The power calculation for the policy that promises to need the fewest groups among those that keep enough. */
function needed(
  weighed: readonly Weighed[],
  promised: Promised,
  method: CertifyMethod,
  { delta, seed }: CertificationOptions,
): Certification['groupsNeeded'] {
  const worthwhile = weighed.filter(({ policy }) => policy.keptShare >= WORTHWHILE_SHARE || 'maxCost' in promised)
  const found = easiest(worthwhile)
  const groups = found && groupsNeeded(found.risks, method, delta, seed)
  return groups === undefined ? undefined : { groups, policy: found!.policy }
}
