import type { AuditedRequest } from '../core/audit/promise.ts'
import type { AuditRecord } from './record.ts'

/** Whether its client has an answer. */
export const isAnswered = ({ outcome }: { outcome: string }): boolean => outcome !== 'failed' && outcome !== 'aborted'

/** Whether its client has an answer of an earlier model than the last. */
export const isKept = ({ outcome }: { outcome: string }): boolean => outcome === 'kept' || outcome === 'large-failed'

/** A line of the audit log as the statistics of `core` take it. */
export function auditedRequest({
  outcome,
  probability,
  small,
  large,
  served_cost,
  always_large_cost,
}: AuditRecord): AuditedRequest {
  return {
    kept: isKept({ outcome }),
    probability,
    ...(small?.quality === undefined ? {} : { small: small.quality }),
    ...(large?.quality === undefined ? {} : { large: large.quality }),
    ...(served_cost === null ? {} : { servedCost: served_cost }),
    ...(always_large_cost === null ? {} : { largeCost: always_large_cost }),
  }
}
