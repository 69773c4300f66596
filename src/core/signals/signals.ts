/** Which end of a signal's scale speaks for the small model's answer. */
export type Direction = 'higher' | 'lower'

/** What the values of a signal can be at all; lint holds data to it. */
export type SignalScale = 'logprob' | 'entropy' | 'probability' | 'perplexity' | 'count' | 'unbounded'

/** What is known of a signal whatever its values are. */
export interface SignalDefinition {
  /** `higher`: keep iff signal >= threshold; `lower`: keep iff signal <= threshold. */
  direction: Direction
  unit: 'nats' | 'bits' | 'probability' | 'share' | 'tokens' | 'words' | 'none'
  scale: SignalScale
  /** True where measuring it takes extra calls to the small model, whose cost `verify` counts. */
  verification?: true
  /** True where it is a fact about the answer's text, which any answer has, and not a measure of certainty. */
  fromAnswer?: true
}

/** Every signal Spillway knows by name. What each one measures stands in docs/signals.md. */
export const signals = {
  mean_logprob: { direction: 'higher', unit: 'nats', scale: 'logprob' },
  sum_logprob: { direction: 'higher', unit: 'nats', scale: 'logprob' },
  min_logprob: { direction: 'higher', unit: 'nats', scale: 'logprob' },
  logprob_q10: { direction: 'higher', unit: 'nats', scale: 'logprob' },
  logprob_q25: { direction: 'higher', unit: 'nats', scale: 'logprob' },
  logprob_q50: { direction: 'higher', unit: 'nats', scale: 'logprob' },
  first_logprob: { direction: 'higher', unit: 'nats', scale: 'logprob' },
  perplexity: { direction: 'lower', unit: 'none', scale: 'perplexity' },
  mean_entropy: { direction: 'lower', unit: 'nats', scale: 'entropy' },
  max_entropy: { direction: 'lower', unit: 'nats', scale: 'entropy' },
  first_entropy: { direction: 'lower', unit: 'nats', scale: 'entropy' },
  mean_entropy_bits: { direction: 'lower', unit: 'bits', scale: 'entropy' },
  mean_margin: { direction: 'higher', unit: 'probability', scale: 'probability' },
  min_margin: { direction: 'higher', unit: 'probability', scale: 'probability' },
  length: { direction: 'lower', unit: 'tokens', scale: 'count' },
  self_verification: { direction: 'higher', unit: 'share', scale: 'probability', verification: true },
  p_true: { direction: 'higher', unit: 'probability', scale: 'probability', verification: true },
  answer_words: { direction: 'lower', unit: 'words', scale: 'count', fromAnswer: true },
  answer_refusal: { direction: 'lower', unit: 'none', scale: 'probability', fromAnswer: true },
  answer_label: { direction: 'higher', unit: 'none', scale: 'probability', fromAnswer: true },
} as const satisfies Record<string, SignalDefinition>

/** The signals that need no declaration. */
export type SignalName = keyof typeof signals

/** A signal's name in its parts: `mean_logprob_at_8` is `mean_logprob` over the first 8 tokens, `mean_logprob` over all. */
export function signalParts(name: string): { base: string; tokens: number } {
  const at = /_at_([1-9]\d*)$/.exec(name)
  return at === null ? { base: name, tokens: Infinity } : { base: name.slice(0, at.index), tokens: Number(at[1]) }
}

/**
 * The definition behind a signal's name; `mean_logprob_at_8` (the first 8 tokens only) has that of its base.
 * A name nobody defined: `undefined`.
 */
export function findSignal(name: string): SignalDefinition | undefined {
  const { base } = signalParts(name)
  return Object.hasOwn(signals, base) ? signals[base as SignalName] : undefined
}

/** The definition of a signal that the user brings, of which only the direction is known. */
export const ownSignal = (direction: Direction): SignalDefinition => ({ direction, unit: 'none', scale: 'unbounded' })
