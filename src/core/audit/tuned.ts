import { z } from 'zod'
import { signalsRead, type Policy } from '../policy/policy.ts'
import { thresholdsOn } from '../policy/thresholds.ts'
import { distributionOf, type Distribution } from './distribution.ts'
import type { Outcomes } from '../outcomes/outcomes.ts'
import { findColumn } from '../outcomes/outcomes.ts'

/** A signal as a policy reads it, and how it lay where the policy was tuned, or why that is not known. */
export interface TunedSignal {
  signal: string
  thresholds: readonly number[]
  /** `absent`: the policy does not say it; `other-thresholds`: it says it of a policy with other thresholds. */
  tuning: Distribution | 'absent' | 'other-thresholds'
}

const distribution = z
  .object({
    rows: z.int().nonnegative(),
    missing: z.int().nonnegative(),
    edges: z.array(z.number()),
    shares: z.array(z.number().min(0).max(1)),
  })
  .refine(
    ({ rows, missing, edges, shares }) =>
      missing <= rows && shares.length === edges.length + 1 && edges.every((edge, i) => i === 0 || edge > edges[i - 1]),
  )

/** How every signal that a policy reads lies in some outcomes, by its name. */
export const distributionsOf = (outcomes: Outcomes, policy: Policy): Partial<Record<string, Distribution>> =>
  Object.fromEntries(
    signalsRead(policy).flatMap((name) => {
      const column = findColumn(outcomes, name)
      return column === undefined ? [] : [[name, distributionOf(column.values, thresholdsOn(policy, name))]]
    }),
  )

/** The signals that a policy reads, each once, with what its file says of where it was tuned. */
export const tunedSignals = (policy: Policy): TunedSignal[] =>
  [...new Set(signalsRead(policy))].map((signal) => {
    const thresholds = thresholdsOn(policy, signal)
    const told = policy.provenance?.distributions as Record<string, unknown> | undefined
    const read = distribution.safeParse(Object.hasOwn(told ?? {}, signal) ? told?.[signal] : undefined)
    const missesOne = thresholds.some((threshold) => !(read.data?.edges ?? []).includes(threshold))
    return { signal, thresholds, tuning: !read.success ? 'absent' : missesOne ? 'other-thresholds' : read.data }
  })
