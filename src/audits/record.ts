import type { SignalValue } from '../core/policy/bounds.ts'

/** What one model's answer to an audited request is known to be. */
export interface AuditedSide {
  model: string
  /** Where texts are logged. */
  answer?: string
  /** In [0, 1]; absent until a scorer, a program or a person has given it. */
  quality?: number
  /** Of this model's own call; null: not known. */
  cost: number | null
}

/**
 * One request that the auditing coin fell on, as the audit log keeps it: an outcome, as sweep and tune read them, with
 * the probability that it was chosen. The coin falls on requests, whatever becomes of them, so that the lines of the
 * log are a sample of all requests: the quality that a kept answer lost is found by asking the large model as well, and
 * an escalated one has lost none. Of requests without an answer there are lines, too, but no quality.
 */
export interface AuditRecord {
  id: string
  /** When the request came, ISO 8601. */
  time: string
  cascade: string
  /** The hash of the policy file that decided. */
  policy: string | null
  /** Whose answer the client has; none: the request failed, or the client left. Nothing more is known of such a one. */
  outcome: 'kept' | 'escalated' | 'small-failed' | 'large-failed' | 'failed' | 'aborted'
  /** With which the coin falls on such a request, in (0, 1]. */
  probability: number
  /** What the request cost as it was served, and what it would have cost at the large model alone. */
  served_cost: number | null
  always_large_cost: number | null
  /** What the audit itself cost: the large call, and a judge's. */
  audit_cost: number | null
  /** The text of the question: the last message of the user, where texts are logged. */
  question?: string
  /** What a scorer held the answers against, where the request said it, and texts are logged. */
  gold?: string | string[]
  /** How qualities were found: a scorer's spec, `agreement`, `judge`. */
  scorer?: string
  /** Absent where the small model failed; without an answer where it was stopped before its end. */
  small?: AuditedSide & { signals: Record<string, SignalValue>; censored?: true }
  /** Absent where the large model failed. */
  large?: AuditedSide
  /** Why the audit has no outcome. */
  error?: string
  /** Requests since the line before on which the coin could not fall: the day's budget was spent. */
  unseen?: number
}

/** One quality that a program or a person gave later. Of several for one answer the last one counts. */
export interface Mark {
  id: string
  answer: 'small' | 'large'
  /** In [0, 1]. */
  quality: number
  /** A scorer's spec, or `hand`. */
  scorer: string
  /** ISO 8601. */
  time: string
}
