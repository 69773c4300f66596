import { plural } from '../core/outcomes/findings.ts'
import { describePolicy } from '../core/policy/describe.ts'
import type { Certification } from '../core/tune/certification.ts'
import { FEWEST_GROUPS } from '../core/tune/nominate.ts'
import type { TuneCandidate, TuneResult } from '../core/tune/tune.ts'
import { estimateText, pointsText, shortNumber } from './estimates.ts'
import { targetWords } from './target-words.ts'
import { count, percent, score } from './text-table.ts'

/** What came of a tuning, in a few sentences. */
export const tuneVerdict = (result: TuneResult): string =>
  [outcome(result), gains(result), reason(result)].filter((sentence) => sentence !== '').join(' ')

function outcome(result: TuneResult): string {
  const { chosen, target, confidence } = result
  if (chosen?.selected === undefined) return refusal(result)
  const policy = describePolicy(chosen.selected.policy)
  if (chosen.certification === undefined) return `Chosen: ${policy}.`
  const { method, maxGroupRows } = chosen.certification
  const basis = method === 't-test' ? ' (by a t-test, which holds as groups grow in number)' : ''
  return `Certified: ${policy}. With ${percent(confidence)} confidence${basis}, ${targetWords(target)} on queries like these, where no group has more than ${plural(maxGroupRows, 'row')}.`
}

/** What the policy keeps, loses and saves, where it had no part in being chosen. */
function gains({ chosen, confidence }: TuneResult): string {
  if (chosen?.heldOut === undefined) return ''
  const { point, estimates } = chosen.heldOut
  if (point.keptShare === 0) return 'Held out it keeps nothing: it is as good as always calling the large model.'
  const { keptShare, qualityChange, saving } = estimates
  const cheaper =
    saving.value === undefined || saving.value < 0
      ? `costs ${shortNumber(point.cost)} a query, which is no saving`
      : `is ${estimateText(saving, wholePercent)} % cheaper`
  return `Held out it keeps ${estimateText(keptShare, wholePercent)} % of answers, gives ${pointsText(qualityChange)} against always calling the large model, and ${cheaper} (intervals: ${percent(confidence)}).`
}

/** A share in percent, without the sign that follows its interval. */
const wholePercent = (share: number): string => (Math.round(1000 * share) / 10).toFixed(Math.abs(share) < 0.1 ? 1 : 0)
function refusal(result: TuneResult): string {
  const { target, candidates, nominated } = result
  const told = nominated.certification === undefined ? candidates.find((each) => each.certification) : nominated
  if (told?.certification === undefined) return `No policy: nothing gives ${targetWords(target)}.`
  if (told.certification.tests.length > 0)
    return `Nothing can be promised: ${targetWords(target)} is ${notCertifiable(result, told, told.certification)}.`
  return `Nothing can be promised: no policy of ${told.name}${'maxQualityLoss' in target ? ' that keeps anything' : ''} gives ${targetWords(target)}, even where it was selected${atTheEnds(result)}.`
}

/** What the two ends give, where the target lies beyond them. */
function atTheEnds({ target, references }: TuneResult): string {
  if ('minQuality' in target)
    return ` (always calling the large model gives ${score(references.escalateAll.point.quality)} on the report part)`
  return 'maxCost' in target ? ` (the small model alone costs ${shortNumber(references.keepAll.point.cost)})` : ''
}

/** Two digits are all that a power calculation is good for. */
const about = (groups: number): string => count(Number(groups.toPrecision(2)))

/** Why a family could not be certified, and what it would take. */
function notCertifiable({ groups: all }: TuneResult, { name }: TuneCandidate, certification: Certification): string {
  const { groups, groupsNeeded: needed } = certification
  const these = `not certifiable with ${groups === 1 ? 'the one group' : `these ${count(groups)} groups`} of the certify part`
  if (needed === undefined)
    return `${these}: where ${name} was selected, no policy of it that keeps a tenth of the queries stays clear of the bound, so that more groups would not do`
  const share = `to certify one that keeps ${percent(needed.policy.keptShare)}`
  if (needed.groups === Infinity) return `${these}; more than 130,000 would be needed there ${share}`
  const inAll = about((needed.groups * all.count) / groups)
  return `${these}; at least about ${about(needed.groups)} would be needed there ${share}, so about ${inAll} in all instead of ${count(all.count)}`
}

/** Why this family and not another. */
function reason({ nominated, candidates, chosen, parts }: TuneResult): string {
  const taken = chosen ?? nominated
  if (taken !== nominated) return `${taken.name} is the cheapest of the families that were certified.`
  if (candidates.length === 1) return ''
  if (taken.kind !== 'threshold')
    return taken.crossFitted.against === undefined
      ? `${taken.name} did best on held-out rows of the select part.`
      : `${taken.name} was established to be better than the best single threshold on held-out rows of the select part.`
  const best = `${taken.name} is the best single threshold on held-out rows of the select part`
  if (candidates.every(({ kind }) => kind === 'threshold')) return `${best}.`
  return parts.select.groups < FEWEST_GROUPS
    ? `${best}; with fewer than ${FEWEST_GROUPS} groups to select on, nothing more complicated is taken.`
    : `${best}, and nothing else was established to be better.`
}
