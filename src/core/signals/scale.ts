import type { SignalScale } from './signals.ts'

/** The values a scale allows, and what a reader who sees another one should look for. */
export interface Range {
  min: number
  max: number
  /** Completes "avg_logp is 0.31; …". */
  reason: string
  /** An impossible value is an error where it shows that the column holds something else; else a warning. */
  level: 'error' | 'warning'
}

/** Float32 arithmetic can leave a log-probability of +1e-7 for a certain token: that is rounding, not an error. */
export const ROUNDING = 1e-6

export const ranges: Record<SignalScale, Range | undefined> = {
  logprob: {
    min: -Infinity,
    max: 0,
    level: 'error',
    reason: 'a log-probability cannot be above 0. Is this column a probability, or a negative log-likelihood?',
  },
  entropy: {
    min: 0,
    max: Infinity,
    level: 'error',
    reason: 'an entropy cannot be negative. Is this column a log-probability?',
  },
  probability: { min: 0, max: 1, level: 'warning', reason: 'values from 0 to 1 were expected. Is this a percentage?' },
  perplexity: { min: 1, max: Infinity, level: 'warning', reason: 'a perplexity is at least 1. Is this column a loss?' },
  count: { min: 0, max: Infinity, level: 'warning', reason: 'a number of tokens cannot be negative' },
  unbounded: undefined,
}
