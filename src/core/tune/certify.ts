import { SpillwayError } from '../errors.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import type { Costs } from '../outcomes/costs.ts'
import type { Policy } from '../policy/policy.ts'
import { route } from '../intervals/routed.ts'
import { bettingPValue } from '../stats/betting.ts'
import { hoeffdingBentkusPValue } from '../stats/hoeffding-bentkus.ts'
import { seeded, shuffled } from '../stats/random.ts'
import { mean } from '../stats/sum.ts'
import { tTestPValue } from '../stats/t-test.ts'
import { groupRisks, type Frame, type GroupRisks, type Promised } from './promise.ts'

/** How a promise is tested. The first two hold for every number of groups, the t-test only as they grow. */
export const certifyMethods = ['betting', 'hoeffding-bentkus', 't-test'] as const
/** How a promise is tested; what each assumes stands in docs/tune.md. */
export type CertifyMethod = (typeof certifyMethods)[number]

/** Of each method, whether its error rate is guaranteed or approached as groups grow. */
export const isAsymptotic = (method: CertifyMethod): boolean => method === 't-test'

/** One test of the sequence. */
export interface Tested<Each> {
  candidate: Each
  pValue: number
  passed: boolean
}

export interface CertifyOptions extends Frame {
  promised: Promised
  method: CertifyMethod
  /** The chance of a broken promise that is accepted, for this sequence. */
  delta: number
  seed: number
}

/**
 * p-value of "the promise does not hold" from one routing's groups, in the order given: the betting value depends on
 * it, so groups are to be shuffled first.
 */
export function promisePValue({ values, bound, most }: GroupRisks, method: CertifyMethod, delta: number): number {
  if (values.length === 0) return 1
  // What values in [0, 1] cannot exceed needs no test. The t-test knows of no such range.
  if (bound >= 1 && !isAsymptotic(method)) return 0
  if (method === 'betting') return bettingPValue(values, bound, delta)
  if (method === 'hoeffding-bentkus') return hoeffdingBentkusPValue(mean(values)!, values.length, bound)
  // Where losses are rare, none may have been seen yet, and no spread: one group of the worst kind keeps the test honest.
  const worst = values.reduce((largest, value) => Math.max(largest, value), most ?? -Infinity)
  return tTestPValue([...values, worst], bound) ?? 1
}

/**
 * Tests policies one after another, each at the whole of δ, and stops at the first that fails: the chance that any
 * that passed breaks the promise is at most δ, because to err at all, the first false one must pass. Policies and
 * their order must not depend on these rows. The last that passed is certified.
 * (Fixed-sequence testing: Maurer, Hothorn & Lehmacher 1995; as in "Learn then Test", Angelopoulos et al. 2021)
 * @throws SpillwayError `usage` where a cost is promised by a method that needs to know the most a query can cost
 */
export function certifySequence<Each extends { policy: Policy }>(
  outcomes: Outcomes,
  candidates: readonly Each[],
  costs: Costs,
  options: CertifyOptions,
): Tested<Each>[] {
  const { promised, method, delta, seed, costCap } = options
  if ('maxCost' in promised && costCap === undefined && !isAsymptotic(method))
    throw new SpillwayError(
      'usage',
      `costs differ by row, and ${method} can promise a mean cost only where the most that a query can cost is known; state --cost-cap, or take --method t-test`,
    )
  const order = shuffled(seeded(seed, 4), outcomes.groups.count)
  const tests: Tested<Each>[] = []
  for (const candidate of candidates) {
    const risks = groupRisks(outcomes, route(outcomes, candidate.policy, costs), costs, promised, options)
    const shuffledRisks = { ...risks, values: Float64Array.from(order, (group) => risks.values[group]) }
    const pValue = promisePValue(shuffledRisks, method, delta)
    tests.push({ candidate, pValue, passed: pValue <= delta })
    if (!(pValue <= delta)) break
  }
  return tests
}
