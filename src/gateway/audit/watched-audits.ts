import { auditedRequest, isAnswered } from '../../audits/audited-request.ts'
import type { AuditRecord } from '../../audits/record.ts'
import { auditMonitor, type AuditMonitor, type AuditState } from '../../core/audit/monitor.ts'
import { promisedBy } from '../../core/audit/promised.ts'
import type { ServedCascade } from '../served.ts'

/** What audits have found of each cascade under its policy, since the start. */
export interface WatchedAudits {
  add(record: AuditRecord): void
  /** Another offer; a cascade with another policy, or with a lower least probability, begins anew. */
  offer(cascades: readonly ServedCascade[]): void
  states(): WatchedAudit[]
}

export interface WatchedAudit {
  cascade: string
  /** With which a request is audited at the moment. */
  probability: number
  /** Requests on which the coin could not fall, since the start. */
  unseen: number
  state: AuditState
}

const CONFIDENCE = 0.9

interface Watched {
  /** The least probability that its weights allow for. */
  least: number
  policy: string | null
  probability: () => number
  unseen: () => number
  monitor: AuditMonitor
}

export function watchedAudits(first: readonly ServedCascade[]): WatchedAudits {
  let watched = new Map<string, Watched>()
  const offer = (cascades: readonly ServedCascade[]): void => {
    const next = new Map<string, Watched>()
    for (const { name, policyHash, stages, audit } of cascades) {
      if (audit === undefined) continue
      const policy = policyHash ?? null
      const before = watched.get(name)
      // Of several policies, none says by itself what was promised of all of them.
      const promised = stages.length === 2 && stages[0].keep ? promisedBy(stages[0].keep.policy) : undefined
      const monitor =
        before?.policy === policy && before.least <= audit.coin.least()
          ? before.monitor
          : auditMonitor({
              promise: promised?.promise,
              confidence: promised?.confidence ?? CONFIDENCE,
              leastProbability: audit.coin.least(),
            })
      const least = monitor === before?.monitor ? before.least : audit.coin.least()
      next.set(name, {
        policy,
        least,
        probability: () => audit.coin.probability(),
        unseen: () => audit.coin.allUnseen(),
        monitor,
      })
    }
    watched = next
  }
  offer(first)
  return {
    offer,
    add(record) {
      const one = watched.get(record.cascade)
      // A request that began under another policy is none of this one's.
      if (one !== undefined && one.policy === record.policy && isAnswered(record))
        one.monitor.add(auditedRequest(record))
    },
    states: () =>
      [...watched].map(([cascade, { probability, unseen, monitor }]) => ({
        cascade,
        probability: probability(),
        unseen: unseen(),
        state: monitor.state(),
      })),
  }
}
