import { apgr } from '../metrics/apgr.ts'
import { resolveCosts, type CostOptions, type Costs } from '../outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { exactCurve, sortSignal } from '../sweep/curve.ts'
import type { Target } from '../sweep/target.ts'
import type { Fitted } from './fitted.ts'

/** What kind of rule a family makes. A threshold on one signal is the plain one; others must earn their place. */
export type FamilyKind = 'threshold' | 'joint' | 'learned' | 'peer'

/** What families are fitted for. */
export interface Setting {
  /** Costs as the user states them: those of some rows only have to be resolved on those rows. */
  costOptions?: CostOptions
  target: Target
  seed: number
  /** A small answer of a quality below this is wrong. */
  wrongBelow: number
}

/** A setting on certain rows. */
export interface FitOptions extends Setting {
  costs: Costs
}

/** Fits a family on some rows, at their own costs. */
export const fitOn = (family: Family, outcomes: Outcomes, setting: Setting): Fitted | undefined =>
  family.fit(outcomes, { ...setting, costs: resolveCosts(outcomes, setting.costOptions) })

/** A way to make policies out of outcomes. */
export interface Family {
  name: string
  kind: FamilyKind
  /** Nothing can be made from these rows, such as where no row has the signal: `undefined`. */
  fit(outcomes: Outcomes, options: FitOptions): Fitted | undefined
}

/** Signals that a threshold may stand on: measured ones, not facts about the answer's text. */
export const measuredSignals = ({ signals }: Outcomes): SignalColumn[] =>
  signals.filter(({ fromAnswer }) => fromAnswer !== true)

/** Measured signals that order the rows differently: entropy in bits is not another signal than entropy in nats. */
export function distinctSignals(outcomes: Outcomes): SignalColumn[] {
  const sorted = measuredSignals(outcomes).map(sortSignal)
  const sameOrder = (a: Uint32Array, b: Uint32Array) => a.length === b.length && a.every((row, i) => row === b[i])
  return sorted
    .filter(({ rows }, i) => rows.length > 0 && !sorted.slice(0, i).some((earlier) => sameOrder(earlier.rows, rows)))
    .map(({ column }) => column)
}

/** Distinct signals by their APGR on these rows, the best first. */
export function rankedSignals(outcomes: Outcomes, costs: Costs): SignalColumn[] {
  const score = (column: SignalColumn) => apgr(exactCurve(outcomes, sortSignal(column), costs)) ?? 0
  return distinctSignals(outcomes)
    .map((column) => ({ column, score: score(column) }))
    .toSorted((a, b) => b.score - a.score)
    .map(({ column }) => column)
}
