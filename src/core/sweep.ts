import { SpillwayError } from './errors.ts'
import { resolveCosts, type CostOptions, type Costs } from './outcomes/costs.ts'
import { findColumn, type Outcomes } from './outcomes/outcomes.ts'
import { baselines, type Baselines } from './sweep/baselines.ts'
import { exactCurve, sortSignal, type Curve } from './sweep/curve.ts'
import { curveAt, gridThresholds, type Grid } from './sweep/grid.ts'
import { jointFrontier, type JointFrontier } from './sweep/joint.ts'
import { oracleCurve } from './sweep/oracle.ts'
import { selectPoint, type Target } from './sweep/target.ts'
import type { OperatingPoint } from './sweep/operating-point.ts'
import type { BinnedIntervals } from './statistics/binned-intervals.ts'
import type { BinningBound } from './statistics/binning-bound.ts'
import { apgr } from './metrics/apgr.ts'
import { curveMetrics, DEFAULT_WRONG_BELOW, type CurveMetrics } from './metrics/metrics.ts'

/** What a sweep is to compute; all of it has defaults. */
export interface SweepOptions {
  costs?: CostOptions
  /** Which thresholds the curves show; metrics always come from the exact curve. Default: `exact`. */
  grid?: Grid
  /** Grids for single signals, by name, instead of `grid`. */
  grids?: Partial<Record<string, Grid>>
  /** Pairs of signals to threshold at once. */
  joint?: [string, string][]
  /** A small answer of a quality below this counts as wrong. Default: 0.5. */
  wrongBelow?: number
  /** Picks one point per signal. On the rows it is picked on it looks better than it will be. */
  target?: Target
}

/** One signal's curve, its whole-curve metrics, and the point picked for the target. */
export interface SignalSweep {
  signal: string
  direction: 'higher' | 'lower'
  unit: string
  /** The points of the grid asked for. */
  curve: Curve
  /** Every point there is. */
  exact: Curve
  metrics: CurveMetrics
  selected?: OperatingPoint
  /** Only where the thresholds are those of bins: what sharper ones could change. */
  binned?: BinningBound
  /** Only where asked for. */
  intervals?: BinnedIntervals
}

/** Every curve with its metrics, and what they are measured against. */
export interface SweepResult {
  rows: number
  groups: { count: number; from: 'group' | 'id' | 'row' }
  costs: Costs
  wrongBelow: number
  grid: Grid
  target?: Target
  /** Never and always escalating, without a verification signal. */
  base: Baselines
  /** The ceiling: escalate where it gains most per cost. */
  oracle: Curve
  /** The highest APGR any order of escalation can have: that of the gains themselves. */
  oracleApgr?: number
  /** Every signal, the best by exact APGR first. */
  signals: SignalSweep[]
  joint: JointFrontier[]
}

/**
 * Every operating point of every signal, with the metrics of its curve; pure: nothing is read, printed or drawn.
 * @throws SpillwayError where there are no outcomes, no signal has a value, costs are unknown, or a name is
 */
export function sweep(outcomes: Outcomes, options: SweepOptions = {}): SweepResult {
  if (outcomes.rows === 0) throw new SpillwayError('bad-input', 'no outcomes: there is nothing to sweep')
  const costs = resolveCosts(outcomes, options.costs)
  const { grid = { kind: 'exact' }, grids = {}, wrongBelow = DEFAULT_WRONG_BELOW, target } = options
  const signals = outcomes.signals.map((column): SignalSweep => {
    const sorted = sortSignal(column)
    const exact = exactCurve(outcomes, sorted, costs)
    const shown = (Object.hasOwn(grids, column.name) ? grids[column.name] : undefined) ?? grid
    return {
      signal: column.name,
      direction: column.direction,
      unit: column.unit,
      exact,
      curve: shown.kind === 'exact' ? exact : curveAt(exact, gridThresholds(shown, sorted)),
      metrics: curveMetrics(outcomes, exact, sorted, wrongBelow),
      selected: target && selectPoint(exact, target),
    }
  })
  if (signals.every(({ curve }) => curve.distinct === 0)) {
    const names = signals.map(({ signal }) => signal).join(', ')
    throw new SpillwayError(
      'bad-input',
      `no row has a value for any signal${names && ` (${names})`}: there is nothing to sweep`,
    )
  }
  const named = (name: string) => {
    const column = findColumn(outcomes, name)
    if (column !== undefined) return column
    throw new SpillwayError(
      'usage',
      `no signal ${name}; the data have: ${outcomes.signals.map((s) => s.name).join(', ')}`,
    )
  }
  const oracle = oracleCurve(outcomes, costs)
  return {
    rows: outcomes.rows,
    groups: { count: outcomes.groups.count, from: outcomes.groups.from },
    costs,
    wrongBelow,
    grid,
    target,
    base: baselines(outcomes, costs, false),
    oracle,
    // Where every call costs the same, the order by gain per cost is that by gain.
    oracleApgr: apgr(
      typeof costs.large === 'number' && costs.large > 0 ? oracle : oracleCurve(outcomes, { ...costs, large: 1 }),
    ),
    signals: signals.toSorted((a, b) => (b.metrics.apgr ?? -Infinity) - (a.metrics.apgr ?? -Infinity)),
    joint: (options.joint ?? []).map(([a, b]) => jointFrontier(outcomes, named(a), named(b), costs)),
  }
}
