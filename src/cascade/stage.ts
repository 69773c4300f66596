import type { Policy } from '../core/policy/policy.ts'
import type { ModelError } from '../models/model-error.ts'
import type { ModelEvent } from '../models/model.ts'
import type { Price } from '../models/price.ts'
import type { Stop } from '../models/stop.ts'

/** A part of an answer as it comes: whatever the caller passes on, and the events in it. */
export interface Part {
  events: readonly ModelEvent[]
  /** What is wrong with the answer, from here on. */
  failure?: ModelError
}

/** An answer that has begun. */
export interface Answer<P extends Part, M = unknown> {
  /** What the caller wants to know of it besides. */
  meta: M
  parts: AsyncIterable<P>
}

/** When a stage's answer is kept. */
export interface KeepRule {
  policy: Policy
  /** How many alternatives of a token count for entropies and margins. */
  topK?: number
  /** Which tokens count: without it, all. */
  tokens?: CountedTokens
}

/** `tool_arguments`: those of calls to tools, with what the model wrote around the arguments. */
export type CountedTokens = 'all' | 'content' | 'tool_arguments'

/** One model's turn at a request. */
export interface Stage<P extends Part = Part, M = unknown> {
  /** Such as `small`. */
  name: string
  model: string
  price?: Price
  /** The last stage has none: its answer stands. */
  keep?: KeepRule
  /**
   * Asks the model.
   * @throws ModelError where it does not answer, also from the parts; the signal's reason where it is aborted
   */
  ask(signal: Stop): Promise<Answer<P, M>>
}
