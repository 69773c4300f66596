import type { RunningSummary } from './running-summary.ts'
import { signalParts, type signals, type SignalName } from './signals.ts'
import type { ReadingName } from './token-readings.ts'

/** Both sides of what a signal can still become. */
export interface SignalRange {
  lower?: number
  upper?: number
}

/** A signal is a reading of each token it covers, summarised. */
interface TraceSignal {
  of: ReadingName
  /** Covers so many tokens from the start; without it, all. */
  tokens?: number
  value: (summary: RunningSummary) => number
  /** What the value can still become, at most `left` (perhaps Infinity) readings on from a first one. */
  range: (summary: RunningSummary, left: number) => SignalRange
}

/** A log-probability is at most 0, an entropy at least 0, a margin in [0, 1]: readings that pull a mean the furthest. */
const meanWith = (reading: number, summary: RunningSummary, left: number): number =>
  left === Infinity ? reading : (summary.sum() + left * reading) / (summary.count() + left)

const quantileOfLogprobs = (level: number) => ({
  of: 'logprob' as const,
  value: (l: RunningSummary) => l.quantile(level),
  range: (l: RunningSummary, left: number) => ({ upper: left === Infinity ? 0 : l.quantile(level, left) }),
})

const exactly = (value: number): SignalRange => ({ lower: value, upper: value })

/** Signals that are neither measured by extra calls nor facts about the answer's text. */
export type TraceSignalName = {
  [Name in SignalName]: (typeof signals)[Name] extends { verification: true } | { fromAnswer: true } ? never : Name
}[SignalName]

/** Every signal of a token trace (docs/signals.md); `_at_k` and streaming come by themselves. */
const definitions = {
  mean_logprob: { of: 'logprob', value: (l) => l.mean(), range: (l, left) => ({ upper: meanWith(0, l, left) }) },
  sum_logprob: { of: 'logprob', value: (l) => l.sum(), range: (l) => ({ upper: l.sum() }) },
  min_logprob: { of: 'logprob', value: (l) => l.min(), range: (l) => ({ upper: l.min() }) },
  logprob_q10: quantileOfLogprobs(0.1),
  logprob_q25: quantileOfLogprobs(0.25),
  logprob_q50: quantileOfLogprobs(0.5),
  first_logprob: { of: 'logprob', tokens: 1, value: (l) => l.sum(), range: (l) => exactly(l.sum()) },
  perplexity: {
    of: 'logprob',
    value: (l) => Math.exp(-l.mean()),
    range: (l, left) => ({ lower: Math.exp(-meanWith(0, l, left)) }),
  },
  mean_entropy: { of: 'entropy', value: (h) => h.mean(), range: (h, left) => ({ lower: meanWith(0, h, left) }) },
  max_entropy: { of: 'entropy', value: (h) => h.max(), range: (h) => ({ lower: h.max() }) },
  first_entropy: { of: 'entropy', tokens: 1, value: (h) => h.sum(), range: (h) => exactly(h.sum()) },
  mean_entropy_bits: {
    of: 'entropy',
    value: (h) => h.mean() / Math.LN2,
    range: (h, left) => ({ lower: meanWith(0, h, left) / Math.LN2 }),
  },
  mean_margin: {
    of: 'margin',
    value: (margin) => margin.mean(),
    range: (margin, left) => ({ lower: meanWith(0, margin, left), upper: meanWith(1, margin, left) }),
  },
  min_margin: { of: 'margin', value: (margin) => margin.min(), range: (margin) => ({ lower: 0, upper: margin.min() }) },
  length: {
    of: 'token',
    value: (token) => token.count(),
    range: (token, left) => ({ lower: token.count(), ...(left === Infinity ? {} : { upper: token.count() + left }) }),
  },
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
