import type { Policy } from '../policy/policy.ts'
import { quantileSorted } from '../stats/quantile.ts'
import { sortSignal } from '../sweep/curve.ts'
import { keepIntervals, type Certainty } from './certainty.ts'

/** The grid of its brute-force search, from just above 0 to just below 1. */
const LEVELS = 40
const EDGE = 1e-5

/**
 * FrugalGPT's search for a cascade of two models: the threshold of the scorer at each of 40 quantiles, an answer being
 * kept iff its score is strictly above. (Chen, Zaharia & Zou 2023; the grid of its implementation, without the simplex
 * search that follows there)
 */
export function frugalThresholds(certainty: Certainty): Policy[] {
  const { keys } = sortSignal(certainty.column)
  if (keys.length === 0) return []
  const levels = Array.from({ length: LEVELS }, (_, i) => EDGE + ((1 - 2 * EDGE) * i) / (LEVELS - 1))
  return [...new Set(levels.map((level) => quantileSorted(keys, level)!))].map((t) =>
    keepIntervals(certainty, [{ above: t }]),
  )
}
