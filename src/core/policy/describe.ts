import type { Interval, Policy } from './policy.ts'

/** A policy in one line, as a reader would say it: `keep when mean_logprob >= -0.31 and mean_entropy <= 0.8`. */
export function describePolicy(policy: Policy): string {
  if ('always' in policy) return `always ${policy.always}`
  if ('keepWhen' in policy) {
    const parts = policy.keepWhen.map((c) =>
      'atLeast' in c ? `${c.signal} >= ${c.atLeast}` : `${c.signal} <= ${c.atMost}`,
    )
    return `keep when ${parts.join(' and ')}`
  }
  if ('keepWithin' in policy) {
    const { signal, intervals } = policy.keepWithin
    return `keep when ${intervals.map((interval) => describeInterval(signal, interval)).join(' or ')}`
  }
  const signals = policy.predictedGain.terms.map((term) => term.signal).join(', ')
  return `escalate when the gain predicted from ${signals} is above ${policy.escalateAbove}`
}

function describeInterval(signal: string, { atLeast, above, atMost, below }: Interval): string {
  const from = atLeast !== undefined ? `${atLeast} <= ` : above !== undefined ? `${above} < ` : ''
  const to = atMost !== undefined ? ` <= ${atMost}` : below !== undefined ? ` < ${below}` : ''
  if (from === '' || to !== '') return `${from}${signal}${to}`
  return atLeast !== undefined ? `${signal} >= ${atLeast}` : `${signal} > ${above}`
}
