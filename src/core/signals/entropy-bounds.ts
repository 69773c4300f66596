import { sum } from '../stats/sum.ts'
import { ROUNDING } from './scale.ts'

export interface EntropyBounds {
  lower: number
  /** Known only where the size of the vocabulary is. */
  upper: number | undefined
}

/** Float32 arithmetic can leave a log-probability slightly above 0: no probability is above 1. */
export const probabilityOf = (logprob: number): number => Math.exp(Math.min(0, logprob))

/**
 * What the k most likely alternatives say about the entropy of the whole next-token distribution, nats. The mass m that
 * they leave to the rest lies, for the lower bound, in as few tokens as possible, none above the least likely
 * alternative p_k: q = ⌊m / p_k⌋ of p_k and one of ρ = m − q·p_k; for the upper bound, evenly in the other V − k.
 *
 * `alternatives`: natural log-probabilities in any order, without NaN; those with p = 0 are dropped (0·ln 0 = 0).
 * `vocabulary`: V, a positive integer. Without alternatives nothing is known: 0 to ln V.
 */
export function entropyBounds(alternatives: readonly number[], vocabulary?: number): EntropyBounds {
  const probable = alternatives.filter((each) => Math.exp(each) > 0)
  const top = -sum(probable.map((each) => Math.exp(each) * each))
  const rest = Math.max(0, 1 - sum(probable.map(Math.exp)))
  const least = probable.reduce((a, b) => Math.min(a, b), 0)
  const last = rest % Math.exp(least) // exact, where q = rest / p_k can overflow
  const lower = Math.max(0, top - (rest - last) * least - timesLog(last, last))
  if (vocabulary === undefined) return { lower, upper: undefined }
  const others = vocabulary - probable.length // none: a rest is rounding
  const upper = others > 0 ? top - timesLog(rest, rest / others) : lower
  return { lower, upper: Math.max(lower, upper) }
}

/** Whether no other token has any probability worth the name, so that a list of any k would say the same. */
export const isWholeDistribution = (alternatives: readonly number[]): boolean =>
  sum(alternatives.map(probabilityOf)) >= 1 - ROUNDING

const timesLog = (factor: number, value: number): number => (factor === 0 ? 0 : factor * Math.log(value))
