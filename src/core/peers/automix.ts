import type { Interval, Policy } from '../policy/policy.ts'
import { keepIntervals, type Certainty } from './certainty.ts'

/** AutoMix's Threshold: keep iff the certainty is strictly above a grid value. (Aggarwal et al. 2024) */
export const threshold = (certainty: Certainty): Policy[] =>
  certainty.grid.map((t) => keepIntervals(certainty, [{ above: t }]))

/** AutoMix's SelfConsistency: keep iff most verifications say "correct", which is the middle of the grid. */
export const selfConsistency = (certainty: Certainty): Policy[] => [
  keepIntervals(certainty, [{ above: certainty.grid[(certainty.grid.length - 1) / 2] }]),
]

/** AutoMix's DoubleThreshold: escalate iff the certainty lies between two grid values, both included. */
export function doubleThreshold(certainty: Certainty): Policy[] {
  const grid = certainty.grid.slice(0, -1)
  return grid.flatMap((low, i) =>
    grid.slice(i + 1).map((high) => keepIntervals(certainty, [{ below: low }, { above: high }])),
  )
}

/** AutoMix's TripleThreshold: escalate iff the certainty is at most one grid value, or between two higher ones. */
export function tripleThreshold(certainty: Certainty): Policy[] {
  const grid = certainty.grid.slice(0, -1)
  const triples = grid.flatMap((a, i) =>
    grid.slice(i + 1).flatMap((b, j) => grid.slice(i + j + 2).map((c): [number, number, number] => [a, b, c])),
  )
  return triples.map(([a, b, c]) => {
    const between: Interval[] = a < b ? [{ above: a, below: b }] : []
    return keepIntervals(certainty, [...between, { above: c }])
  })
}
