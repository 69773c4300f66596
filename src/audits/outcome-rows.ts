import { SpillwayError } from '../core/errors.ts'
import type { Finding } from '../core/outcomes/findings.ts'
import { nextUint32, seeded } from '../core/stats/random.ts'
import { isAnswered, isKept } from './audited-request.ts'
import type { AuditRecord, AuditedSide } from './record.ts'
import { certainValues } from './certain-values.ts'

/** Outcomes out of an audit log: a simple random sample of the requests, as far as both qualities are known. */
export interface AuditedOutcomes {
  rows: Record<string, unknown>[]
  findings: Finding[]
  /** Rows of answers that were stopped early. */
  stopped: number
}

/** A line with both answers; that of the small model may have been stopped. */
type Scored = AuditRecord & { small: NonNullable<AuditRecord['small']>; large: AuditedSide & { quality: number } }

/**
 * Rows as `sweep` and `tune` read them. Every request has to have had the same chance to be among them: requests that
 * were audited with a higher probability than others, or scored more often since their answer was kept or escalated,
 * are left out by as much, by chance.
 *
 * An answer that was stopped early, since it could not be kept any more, is known by a bound of its signal. As a row it
 * has the most certain value that it may have had, and counts as worth nothing: for thresholds that keep it there, it
 * is worse than it was, and for all others it is escalated, as it would have been. That holds for rules that keep what
 * is more certain than something they keep, and for no others.
 * @throws SpillwayError `bad-input` where no escalated request, or none at all, has two qualities
 */
export function outcomeRows(audits: readonly AuditRecord[], seed: number): AuditedOutcomes {
  const answered = audits.filter(isAnswered)
  const comparable = answered.filter(({ small, outcome }) => small !== undefined || outcome !== 'small-failed')
  const scored = comparable.filter(isScored)
  refuseWhatMisleads(comparable, scored)
  const shareOf = (kept: boolean): number => {
    const all = comparable.filter((audit) => isKept(audit) === kept)
    return all.length === 0 ? 1 : all.filter(isScored).length / all.length
  }
  const [keptShare, escalatedShare] = [shareOf(true), shareOf(false)]
  const chanceOf = (audit: AuditRecord) => audit.probability * (isKept(audit) ? keptShare : escalatedShare)
  const least = scored.reduce((min, audit) => Math.min(min, chanceOf(audit)), Infinity)
  const random = seeded(seed, 7)
  const taken = scored.filter((audit) => nextUint32(random) < (least / chanceOf(audit)) * 2 ** 32)
  const signals = certainValues(taken.map(({ small }) => small.signals))
  const whole = taken.filter(({ small }) => !isStopped(small) && small.cost !== null)
  const usualCost = whole.reduce((sum, { small }) => sum + small.cost! / whole.length, 0)
  const stopped = taken.filter(({ small }) => isStopped(small)).length
  return {
    rows: taken.map((audit, i) => rowOf(audit, signals[i], usualCost)),
    findings: findingsOf(audits.length, scored.length, taken.length, stopped),
    stopped,
  }
}

const isStopped = ({ censored, quality }: Scored['small']): boolean => censored === true && quality === undefined

function isScored(audit: AuditRecord): audit is Scored {
  const { small, large } = audit
  if (small === undefined || large?.quality === undefined) return false
  return small.quality !== undefined || small.censored === true
}

function refuseWhatMisleads(audits: readonly AuditRecord[], scored: readonly Scored[]): void {
  if (scored.length === 0) return
  const models = [...new Set(scored.map(({ small }) => small.model))]
  if (models.length > 1)
    throw new SpillwayError(
      'bad-input',
      `the audits are of small answers of several models (${models.join(', ')}), which are no outcomes of one pair; give --cascade or --since`,
    )
  if (audits.some((audit) => !isKept(audit)) && scored.every(isKept))
    throw new SpillwayError(
      'bad-input',
      'no escalated request has a quality for both answers, so that there is nothing to learn what to escalate from; score these too, with `spillway label`',
    )
}

function rowOf(
  { id, question, gold, small, large }: Scored,
  signals: Record<string, number | null>,
  usualCost: number,
): Record<string, unknown> {
  const { signals: _, censored: __, quality, cost, ...side } = small
  // An answer that was stopped would have cost more.
  const paid = isStopped(small) && cost !== null ? Math.max(cost, usualCost) : cost
  return {
    id,
    question,
    gold,
    small: { ...side, quality: quality ?? 0, cost: paid ?? undefined, signals },
    large: { ...large, cost: large.cost ?? undefined },
  }
}

function findingsOf(all: number, scored: number, taken: number, stopped: number): Finding[] {
  const lot =
    taken < scored
      ? `, and ${scored - taken} had a better chance than others and are left out by lot, so that all requests count alike`
      : ''
  const sampled: Finding = {
    level: 'note',
    code: 'sampled',
    message: `${taken} of ${all} audits are used: ${all - scored} have no quality for both answers${lot}`,
  }
  if (stopped === 0) return [sampled]
  return [
    sampled,
    {
      level: 'warning',
      code: 'stopped-early',
      message: `${stopped} small answers were stopped before their end: where a threshold would have kept them, they count as worth nothing, so that no lower threshold than the one that served is chosen for their sake`,
      rows: stopped,
    },
  ]
}
