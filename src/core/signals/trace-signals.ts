import type { RunningSummary } from './running-summary.ts'
import { signalParts, type signals, type SignalName } from './signals.ts'
import type { ReadingName } from './token-readings.ts'

/** A signal is a reading of each token it covers, summarised. */
interface TraceSignal {
  of: ReadingName
  /** Covers so many tokens from the start; without it, all. */
  tokens?: number
  value: (summary: RunningSummary) => number
}

/** Signals that are neither measured by extra calls nor facts about the answer's text. */
export type TraceSignalName = {
  [Name in SignalName]: (typeof signals)[Name] extends { verification: true } | { fromAnswer: true } ? never : Name
}[SignalName]

/** Every signal of a token trace (docs/signals.md); `_at_k` and streaming come by themselves. */
const definitions = {
  mean_logprob: { of: 'logprob', value: (l) => l.mean() },
  sum_logprob: { of: 'logprob', value: (l) => l.sum() },
  min_logprob: { of: 'logprob', value: (l) => l.min() },
  logprob_q10: { of: 'logprob', value: (l) => l.quantile(0.1) },
  logprob_q25: { of: 'logprob', value: (l) => l.quantile(0.25) },
  logprob_q50: { of: 'logprob', value: (l) => l.quantile(0.5) },
  first_logprob: { of: 'logprob', tokens: 1, value: (l) => l.sum() },
  perplexity: { of: 'logprob', value: (l) => Math.exp(-l.mean()) },
  mean_entropy: { of: 'entropy', value: (h) => h.mean() },
  max_entropy: { of: 'entropy', value: (h) => h.max() },
  first_entropy: { of: 'entropy', tokens: 1, value: (h) => h.sum() },
  mean_entropy_bits: { of: 'entropy', value: (h) => h.mean() / Math.LN2 },
  mean_margin: { of: 'margin', value: (margin) => margin.mean() },
  min_margin: { of: 'margin', value: (margin) => margin.min() },
  length: { of: 'token', value: (token) => token.count() },
} as const satisfies Record<TraceSignalName, TraceSignal>

export const traceSignalNames = Object.keys(definitions) as TraceSignalName[]

/** Whether a signal comes from a token trace; `_at_k` of one does too. */
export const isTraceSignal = (name: string): boolean => Object.hasOwn(definitions, signalParts(name).base)

/**
 * How the signal of a name is made, `_at_k` included.
 * @throws RangeError where the name is no signal of a token trace
 */
export function traceSignal(name: string): Required<TraceSignal> {
  if (!isTraceSignal(name)) throw new RangeError(`${name} is no signal of a token trace`)
  const { base, tokens } = signalParts(name)
  const signal: TraceSignal = definitions[base as TraceSignalName]
  return { ...signal, tokens: Math.min(tokens, signal.tokens ?? Infinity) }
}
