/** What was promised about a policy, of which audits find whether it still holds. */
export type AuditedPromise = { maxQualityLoss: number } | { minQuality: number } | { maxCost: number }

/** What is known of one request that the coin fell on. Parts that are not known are absent. */
export interface AuditedRequest {
  /** The client has a small answer. */
  kept: boolean
  /** With which the coin falls on it. */
  probability: number
  /** Of the small model's answer and of the large one's, in [0, 1]. */
  small?: number
  large?: number
  /** What it cost as it was served, and what it would have at the large model alone. */
  servedCost?: number
  largeCost?: number
}

/**
 * How much quality a request lost against the large model's answer, in [-1, 1]: an escalated one none, by definition.
 * Not known: `undefined`.
 */
export function qualityLoss({ kept, small, large }: AuditedRequest): number | undefined {
  if (!kept) return 0
  return small === undefined || large === undefined ? undefined : large - small
}

/** What a promise bounds from above. */
export interface Risk {
  name: 'quality loss' | 'quality' | 'cost'
  bound: number
  /** No value lies outside; of a cost, which has no most, `high` is a guess at what is much. */
  low: number
  high: number
  bounded: boolean
  of: (request: AuditedRequest) => number | undefined
}

export function riskOf(promise: AuditedPromise): Risk {
  if ('maxQualityLoss' in promise)
    return { name: 'quality loss', bound: promise.maxQualityLoss, low: -1, high: 1, bounded: true, of: qualityLoss }
  if ('minQuality' in promise)
    return {
      name: 'quality',
      bound: 1 - promise.minQuality,
      low: 0,
      high: 1,
      bounded: true,
      of({ kept, small, large }) {
        const quality = kept ? small : large
        return quality === undefined ? undefined : 1 - quality
      },
    }
  return {
    name: 'cost',
    bound: promise.maxCost,
    low: 0,
    high: 4 * promise.maxCost,
    bounded: false,
    of: ({ servedCost }) => servedCost,
  }
}
