import fc from 'fast-check'
import type { Outcomes } from '../../../src/core/outcomes/outcomes.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { escalations } from '../../../src/core/policy/replay.ts'
import type { SignalScale } from '../../../src/core/signals/signals.ts'
import { outcomesOf, type TestRow } from '../../support/outcomes.ts'

// Qualities in eighths: sums of them are exact, so that a rule and its definition meet the same ties.
const eighth = fc.integer({ min: 0, max: 8 }).map((n) => n / 8)
const quality = fc.oneof(fc.constantFrom(0, 1), eighth)

/** Shares of verifications: grid values, values halfway between two, others, and missing ones. */
const share = fc.oneof(
  { weight: 4, arbitrary: eighth },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 16 }).map((n) => n / 16) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, 0.3, 1 / 3) },
)
// Quarters: octiles interpolate them exactly.
const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -8, max: 8 }).map((n) => n / 4) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, -0, Infinity, -4096) },
)

const rowsWith = (signal: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<TestRow[]> =>
  fc.array(fc.record({ small: quality, large: quality, signal, cost: fc.constantFrom(0, 1, 2.5, 20) }), {
    minLength: 1,
    maxLength,
  })

/** Rows whose signal is a share or a probability; `few`: all the same, or of a few values. */
export const shareRows = (maxLength = 30): fc.Arbitrary<TestRow[]> =>
  fc.oneof(
    { weight: 4, arbitrary: rowsWith(share, maxLength) },
    rowsWith(fc.constantFrom(0, 0.25, 0.5, 0.75), maxLength),
  )

/** Rows whose signal is on no particular scale. */
export const anyRows = (maxLength = 30): fc.Arbitrary<TestRow[]> => rowsWith(anyValue, maxLength)

/** Outcomes whose one signal `s` is on the given scale. */
export function outcomesOn(
  rows: readonly TestRow[],
  scale: SignalScale,
  direction: 'higher' | 'lower' = 'higher',
): Outcomes {
  const outcomes = outcomesOf(rows, direction)
  outcomes.signals[0].scale = scale
  return outcomes
}

/** Which rows escalate, as text: `0110`. */
export type Vector = string

export const vectorOf = (escalated: readonly boolean[]): Vector => escalated.map((each) => (each ? 1 : 0)).join('')

/** The vectors of a list of policies, in order. */
export const vectorsOf = (outcomes: Outcomes, policies: readonly Policy[]): Vector[] =>
  policies.map((policy) => escalations(outcomes, policy).join(''))

/** The vector of a rule on the certainty of each row; a row without it escalates. */
export const byRule = (keys: readonly number[], routes: (key: number) => boolean): Vector =>
  vectorOf(keys.map((key) => !Number.isFinite(key) || routes(key)))

/** The vector of an action for each bin; where the actions are all the same, no row is asked for its certainty. */
export function byBins(keys: readonly number[], binOf: (key: number) => number, routed: readonly boolean[]): Vector {
  if (routed.every(Boolean)) return vectorOf(keys.map(() => true))
  if (!routed.some(Boolean)) return vectorOf(keys.map(() => false))
  return byRule(keys, (key) => routed[binOf(key)])
}

/** Row by row: at most one grid value lies this near, or two do and the upper one counts. */
export const nearestEighth = (key: number): number => {
  for (let i = 0; i <= 8; i++) if (key - i / 8 < 1 / 16 && key - i / 8 >= -1 / 16) return i
  throw new Error(`${key} is no share`)
}

/** Quantile by linear interpolation, as numpy has it. */
export function quantile(values: readonly number[], level: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * level
  const [low, high] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]]
  const share = position - Math.floor(position)
  return low === high ? low : low * (1 - share) + high * share
}

/** The octiles of what is there, from the least to the greatest. */
export const octiles = (keys: readonly number[]): number[] => {
  const present = keys.filter(Number.isFinite)
  return Array.from({ length: 9 }, (_, i) => (present.length === 0 ? 0 : quantile(present, i / 8)))
}
