import { indexBelow, seeded } from '../stats/random.ts'
import { moments } from '../stats/t-test.ts'
import { promisePValue, type CertifyMethod } from './certify.ts'
import type { GroupRisks } from './promise.ts'

/** The chance of success that is asked of a larger sample. */
export const POWER = 0.8
const TRIALS = 200
/** Beyond, simulating would take long and say nothing that the growth of the numbers does not. */
const MOST_GROUPS = 1 << 17

/**
 * About how many groups it takes to certify a policy with a chance of 80 %, were its groups like those seen: samples
 * of growing size are drawn from them and tested. Not below the bound on average: `undefined`, for then no number
 * would do; more than 131,072: Infinity.
 */
export function groupsNeeded(
  risks: GroupRisks,
  method: CertifyMethod,
  delta: number,
  seed: number,
): number | undefined {
  const found = moments(risks.values)
  if (found === undefined || found.mean >= risks.bound) return undefined
  const random = seeded(seed, 5)
  const powerOf = (groups: number): number => {
    const sample = { ...risks, values: new Float64Array(groups) }
    let passed = 0
    for (let trial = 0; trial < TRIALS; trial++) {
      for (let i = 0; i < groups; i++) sample.values[i] = risks.values[indexBelow(random, risks.values.length)]
      if (promisePValue(sample, method, delta) <= delta) passed++
    }
    return passed / TRIALS
  }
  let enough = 8
  while (powerOf(enough) < POWER) {
    enough *= 2
    if (enough > MOST_GROUPS) return Infinity
  }
  let tooFew = enough / 2
  // To about 5 %: the sample that it rests on is not better than that.
  while (enough > tooFew * 1.05 + 1) {
    const middle = Math.round(Math.sqrt(enough * tooFew))
    if (powerOf(middle) < POWER) tooFew = middle
    else enough = middle
  }
  return enough
}
