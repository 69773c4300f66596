import type { Certification } from '../core/tune/certification.ts'
import type { TuneCandidate, TuneResult } from '../core/tune/tune.ts'
import { plural } from '../core/outcomes/findings.ts'
import { describePolicy } from '../core/policy/describe.ts'
import { targetWords } from './target-words.ts'
import { count, percent } from './text-table.ts'

const groupsText = (groups: number): string => `${count(groups)} ${groups === 1 ? 'group' : 'groups'}`

/** Two digits are all that a power calculation is good for. */
const about = (groups: number): string => count(Number(groups.toPrecision(2)))

/** Why a family could not be certified, and what it would take. */
export function notCertifiable({ name }: TuneCandidate, certification: Certification): string {
  const { groups, groupsNeeded: needed } = certification
  const these = `not certifiable with these ${groupsText(groups)} of the certify part`
  if (needed === undefined)
    return `${these}: where ${name} was selected, no policy of it that keeps a tenth of the queries stays clear of the bound, so that more groups would not do`
  const share = `to certify one that keeps ${percent(needed.policy.keptShare)}`
  if (needed.groups === Infinity) return `${these}; more than 130,000 would be needed there ${share}`
  return `${these}; at least about ${about(needed.groups)} would be needed there ${share}`
}

/** What came of a tuning, in a sentence or two. */
export const tuneVerdict = (result: TuneResult): string => verdict(result).trimEnd()

function verdict(result: TuneResult): string {
  const { chosen, target, confidence, nominated, candidates } = result
  const reason = nominationReason(result)
  if (chosen?.selected === undefined) {
    const tested = candidates.find(({ certification }) => certification !== undefined)
    if (tested === undefined) return `No policy: nothing gives ${targetWords(target)}.`
    const told = nominated.certification === undefined ? tested : nominated
    if (told.certification!.tests.length === 0)
      return `Nothing can be promised: no policy of ${told.name} gives ${targetWords(target)} even where it was selected.`
    return `Nothing can be promised: ${targetWords(target)} is ${notCertifiable(told, told.certification!)}. ${reason}`
  }
  const policy = describePolicy(chosen.selected.policy)
  if (chosen.certification === undefined) return `Chosen: ${policy}. ${reason}`
  const basis = chosen.certification.method === 't-test' ? ' (by a t-test, which holds as groups grow in number)' : ''
  return `Certified: ${policy}. With ${percent(confidence)} confidence${basis}, ${targetWords(target)} on queries like these, where no group has more than ${plural(chosen.certification.maxGroupRows, 'row')}. ${reason}`
}

/** Why this family and not another. */
function nominationReason({ nominated, candidates, chosen }: TuneResult): string {
  const taken = chosen ?? nominated
  if (taken !== nominated) return `${taken.name} is the cheapest of the families that were certified.`
  if (candidates.length === 1) return ''
  if (taken.kind !== 'threshold')
    return taken.crossFitted.against === undefined
      ? `${taken.name} did best on held-out rows of the select part.`
      : `${taken.name} was established to be better than the best single threshold on held-out rows of the select part.`
  const others = candidates.some(({ kind }) => kind !== 'threshold')
  return others
    ? `${taken.name} is the best single threshold on held-out rows of the select part, and nothing else was established to be better.`
    : `${taken.name} is the best single threshold on held-out rows of the select part.`
}
