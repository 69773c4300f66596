import { findColumn, type Outcomes } from '../outcomes/outcomes.ts'
import { doubleThreshold, selfConsistency, threshold, tripleThreshold } from '../peers/automix.ts'
import { binReward } from '../peers/bin-reward.ts'
import { certaintyOf, type Certainty } from '../peers/certainty.ts'
import { frugalThresholds } from '../peers/frugal.ts'
import { pomdp } from '../peers/pomdp.ts'
import type { Policy } from '../policy/policy.ts'
import { measuredSignals, rankedSignals, type Family, type FitOptions } from './family.ts'
import { fittedList } from './fitted.ts'

/** The policies that a peer's rule offers on one certainty. */
type Rule = (certainty: Certainty, outcomes: Outcomes, options: FitOptions) => Policy[]

const rules = {
  'automix-threshold': threshold,
  'automix-double': doubleThreshold,
  'automix-triple': tripleThreshold,
  'automix-self-consistency': selfConsistency,
  'automix-pomdp': (certainty, outcomes, { wrongBelow }) => pomdp(outcomes, certainty, wrongBelow),
  'bin-reward': (certainty, outcomes, { costs }) => binReward(outcomes, certainty, costs),
  frugalgpt: frugalThresholds,
} satisfies Record<string, Rule>

export type PeerName = keyof typeof rules
export const peerNames = Object.keys(rules) as PeerName[]

/**
 * A peer's policies: on the named signal, else on one that verification gives, else on the best of the rows it is
 * fitted on. The peers know probabilities of being right; other signals take part by their quantiles.
 */
export const peerFamily = (rule: PeerName, signal?: string): Family => ({
  name: signal === undefined ? rule : `${rule}:${signal}`,
  kind: 'peer',
  fit(outcomes, options) {
    const column =
      signal === undefined
        ? (measuredSignals(outcomes).find(({ verification }) => verification) ??
          rankedSignals(outcomes, options.costs)[0])
        : findColumn(outcomes, signal)!
    if (column === undefined || !column.values.some(Number.isFinite)) return undefined
    return fittedList(outcomes, rules[rule](certaintyOf(column), outcomes, options), options.costs)
  },
})
