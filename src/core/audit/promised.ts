import { z } from 'zod'
import type { Policy } from '../policy/policy.ts'
import type { AuditedPromise } from './promise.ts'

const target = z.union([
  z.object({ max_quality_loss: z.number().min(0).max(1) }),
  z.object({ min_quality: z.number().min(0).max(1) }),
  z.object({ max_cost: z.number().nonnegative() }),
])
const provenance = z.object({
  target,
  confidence: z.number().gt(0).lt(1).optional(),
})

/** What a policy's file says that was promised, and with which confidence; nothing, or nothing that can be: `undefined`. */
export function promisedBy(policy: Policy): { promise: AuditedPromise; confidence?: number } | undefined {
  const read = provenance.safeParse(policy.provenance)
  if (!read.success) return undefined
  const { target: told, confidence } = read.data
  const promise: AuditedPromise =
    'max_quality_loss' in told
      ? { maxQualityLoss: told.max_quality_loss }
      : 'min_quality' in told
        ? { minQuality: told.min_quality }
        : { maxCost: told.max_cost }
  return { promise, ...(confidence === undefined ? {} : { confidence }) }
}
