import type { Finding } from '../core/outcomes/findings.ts'
import { boundsOf, type SignalValue } from '../core/policy/bounds.ts'
import { nextUint32, seeded } from '../core/stats/random.ts'
import type { AuditRecord } from './record.ts'

/** Outcomes out of an audit log: a simple random sample of the requests, as far as both qualities are known. */
export interface AuditedOutcomes {
  rows: Record<string, unknown>[]
  findings: Finding[]
}

/**
 * Rows as `sweep` and `tune` read them. Every request has to have had the same chance to be among them: requests that
 * were audited with a higher probability than others, or scored more often since their answer was kept or escalated,
 * are left out by as much, by chance.
 *
 * An answer that was stopped early, since it could not be kept any more, is known by a bound of its signal. As a row it
 * has that bound for a value and no quality, so that nothing but thresholds beyond it, below the one that served, sees
 * something wrong with it: it counts there as worth nothing.
 */
export function outcomeRows(audits: readonly AuditRecord[], seed: number): AuditedOutcomes {
  const scored = audits.filter(isScored)
  const shareOf = (kept: boolean): number => {
    const all = audits.filter((audit) => isKept(audit) === kept)
    return all.length === 0 ? 1 : all.filter(isScored).length / all.length
  }
  const [keptShare, escalatedShare] = [shareOf(true), shareOf(false)]
  const chanceOf = (audit: AuditRecord) => audit.probability * (isKept(audit) ? keptShare : escalatedShare)
  const least = scored.reduce((min, audit) => Math.min(min, chanceOf(audit)), Infinity)
  const random = seeded(seed, 7)
  const taken = scored.filter((audit) => nextUint32(random) < (least / chanceOf(audit)) * 2 ** 32)
  const stopped = taken.filter(({ small }) => small?.censored === true && small.quality === undefined).length
  return {
    rows: taken.map(rowOf),
    findings: [
      {
        level: 'note',
        code: 'sampled',
        message: `${taken.length} of ${audits.length} audits are used: ${audits.length - scored.length} have no quality for both answers${
          taken.length < scored.length
            ? `, and ${scored.length - taken.length} had a better chance than others and are left out by lot, so that all requests count alike`
            : ''
        }`,
      },
      ...(stopped === 0
        ? []
        : [
            {
              level: 'warning' as const,
              code: 'stopped-early' as const,
              message: `${stopped} small answers were stopped before their end: for thresholds that would have kept them, they count as worth nothing, so that no such threshold is chosen for their sake`,
              rows: stopped,
            },
          ]),
    ],
  }
}

const isKept = ({ outcome }: AuditRecord): boolean => outcome === 'kept' || outcome === 'large-failed'

function isScored({ small, large }: AuditRecord): boolean {
  if (small === undefined || large?.quality === undefined) return false
  return small.quality !== undefined || small.censored === true
}

function rowOf({ id, question, gold, small, large }: AuditRecord): Record<string, unknown> {
  const { signals, censored, quality, cost, ...side } = small!
  return {
    id,
    question,
    gold,
    small: {
      ...side,
      quality: quality ?? 0,
      cost: cost ?? undefined,
      signals: Object.fromEntries(Object.entries(signals).map(([name, value]) => [name, valueOf(value)])),
    },
    large: { ...large, cost: large!.cost ?? undefined },
  }
}

/** A bound stands for the value. */
function valueOf(value: SignalValue): number | null {
  if (typeof value === 'number' || value === null || value === undefined) return value ?? null
  const { lower, upper } = boundsOf(value)
  return upper ?? lower ?? null
}
