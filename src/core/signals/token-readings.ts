import { entropyBounds, isWholeDistribution, probabilityOf } from './entropy-bounds.ts'
import { ROUNDING } from './scale.ts'
import type { TokenStep } from './trace.ts'

export interface TraceOptions {
  /**
   * Truncated entropies and margins see exactly the first k alternatives of each token (0: of none); without it, all
   * there are, the same number for every token.
   */
  topK?: number
}

/** Reads one number off each token, in order; `undefined` where the token does not tell. */
export type Reading = (step: TokenStep) => number | undefined

/** What signals are made of. Each starts a reading of its own, which may remember the tokens it saw. */
export const readings = {
  token: () => () => 1,
  logprob: () => (step) => finite(step.logprob),
  entropy: readEntropy,
  margin: readMargin,
} satisfies Record<string, (options: TraceOptions) => Reading>

export type ReadingName = keyof typeof readings

const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined)

/**
 * Exact where the model saw the whole distribution, else the lower bound from the alternatives. The first token decides
 * which: exact and truncated entropies, or those of different k, are not of one kind.
 */
function readEntropy({ topK }: TraceOptions): Reading {
  let exact: boolean | undefined
  let k = topK
  let widest = 0
  return (step) => {
    const entropy = finite(step.entropy)
    exact ??= entropy !== undefined
    if (exact) return entropy
    const shown = entropy === undefined ? shownOf(step, topK) : undefined
    if (shown === undefined) return undefined
    const whole = isWholeDistribution(shown)
    if (!whole) k ??= shown.length
    widest = Math.max(widest, shown.length)
    const ofOneK = (whole || shown.length === k) && widest <= (k ?? widest)
    return ofOneK ? entropyBounds(shown).lower : undefined
  }
}

/** p(top 1) − p(top 2), in [0, 1]. A single alternative tells only where it leaves nothing to a second. */
function readMargin({ topK }: TraceOptions): Reading {
  return (step) => {
    const shown = shownOf(step, topK)
    if (shown === undefined) return undefined
    if (shown.length > 1) return probabilityOf(shown[0]) - probabilityOf(shown[1])
    return isWholeDistribution(shown) ? probabilityOf(shown[0]) : undefined
  }
}

/** The alternatives that count; `undefined` where they are no log-probabilities, or none of them is possible. */
function shownOf({ alternatives }: TokenStep, topK: number | undefined): readonly number[] | undefined {
  const shown = alternatives?.slice(0, topK)
  return shown?.every((each) => each <= ROUNDING) && shown.some((each) => Math.exp(each) > 0) ? shown : undefined
}
