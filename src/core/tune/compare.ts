import { SpillwayError } from '../errors.ts'
import { areaNames, curveIntervals, type AreaName, type CurveIntervals } from '../intervals/curve-intervals.ts'
import { pairedDifference, type PairedDifference } from '../intervals/paired.ts'
import { policyIntervals, type RoutedIntervals } from '../intervals/policy-intervals.ts'
import type { Routed } from '../intervals/routed.ts'
import { DEFAULT_WRONG_BELOW } from '../metrics/metrics.ts'
import { resolveCosts, type CostOptions, type Costs } from '../outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { DEFAULT_RESAMPLES } from '../stats/bootstrap.ts'
import type { Work } from '../stats/work.ts'
import { baselines } from '../sweep/baselines.ts'
import { ibcBase } from '../sweep/benefit.ts'
import { sortSignal } from '../sweep/curve.ts'
import type { Target } from '../sweep/target.ts'
import { compareModels, type ComparedAtPrice } from './compare-models.ts'
import { crossFit, type CrossFitted } from './cross-fit.ts'
import { exchangeRate } from './exchange-rate.ts'
import { familiesOf } from './families.ts'
import { distinctSignals, type Family, type Setting } from './family.ts'
import { nominate, type Judged } from './nominate.ts'
import { referenceRoutings } from './reference-routings.ts'
import { effectiveGroups } from './splits.ts'

/** What is compared, for which target, and how surely. */
export interface CompareOptions {
  costs?: CostOptions
  /** What every family chooses its policy for. Default: quality - λ cost, λ being the IBC of escalating everything. */
  target?: Target
  /** Default: 0.95. */
  confidence?: number
  /** Default: all. */
  policies?: readonly string[]
  /** Default: 1. */
  seed?: number
  resamples?: number
  /** Default: 5. */
  folds?: number
  /** Cross-fitting is repeated with other folds, and averaged. Default: 1. */
  repeats?: number
  /** At how many thresholds curves have intervals and bands, at most 512. Default: 0. */
  points?: number
  wrongBelow?: number
}

/** A signal's areas, and whether they differ from those of the best one. */
export interface ComparedSignal {
  intervals: CurveIntervals
  /** This less the best signal; absent for the best itself. */
  against?: Partial<Record<AreaName, PairedDifference>>
}

/** Signals and policies side by side, with the questions that their differences answer. */
export interface CompareResult {
  target: Target
  /** False where the target is the default one. */
  targetGiven: boolean
  confidence: number
  seed: number
  resamples: number
  folds: number
  repeats: number
  /** λ, the quality that a unit of cost is worth in comparing policies. */
  rate: number
  costs: Costs
  rows: number
  groups: { count: number; from: 'group' | 'id' | 'row'; effective: number }
  /** Which area orders the signals: quality at equal cost, else where costs do not allow it, APGR. */
  rankedBy: AreaName
  /** The signals, and what learned families predict for rows they have not seen; the best first. */
  signals: ComparedSignal[]
  /** Policies, each chosen on four fifths of the groups and measured on the fifth; the best merit first. */
  policies: Judged[]
  /** The policy that the others are held against: the best threshold on one signal. */
  reference?: Judged
  /** Keeping all, escalating all, random routing of as many rows as the reference escalates, and the oracle. */
  references: { name: string; intervals: RoutedIntervals }[]
  /** Where there are more than two models: pairs and chains of them at some prices. */
  models?: ComparedAtPrice[]
}

/**
 * All signals and policies side by side on the same resamples of the groups: curves as they are, policies by
 * cross-fitting, so that no row is judged by a policy that it helped to choose.
 * @throws SpillwayError where costs or policies are not known
 */
export function* compare(outcomes: Outcomes, options: CompareOptions = {}): Work<CompareResult> {
  const { confidence = 0.95, seed = 1, resamples = DEFAULT_RESAMPLES, folds = 5, policies = ['all'] } = options
  const { repeats = 1, points = 0 } = options
  const costs = resolveCosts(outcomes, options.costs)
  const target = options.target ?? breakEven(outcomes, costs)
  const intervalOptions = { seed, resamples, confidence }

  const setting: Setting = {
    costOptions: options.costs,
    target,
    seed,
    wrongBelow: options.wrongBelow ?? DEFAULT_WRONG_BELOW,
  }
  const families = familiesOf(outcomes, policies)
  const fitted = yield* crossFit(outcomes, families, setting, folds, repeats)
  const signals: CurveIntervals[] = []
  for (const column of [...comparedSignals(outcomes, families), ...fitted.flatMap(learnedScore)])
    signals.push(yield* curveIntervals(outcomes, sortSignal(column), costs, { ...intervalOptions, points }))
  if (signals.length === 0)
    throw new SpillwayError('bad-input', 'no row has a value for any signal: there is nothing to compare')
  const rankedBy =
    (['cascadeRoutingAuc', 'apgr', 'aiq'] as const).find((area) =>
      signals.some(({ areas }) => areas[area].value !== undefined),
    ) ?? 'aiq'
  const ranked = signals.toSorted(
    (a, b) => (b.areas[rankedBy].value ?? -Infinity) - (a.areas[rankedBy].value ?? -Infinity),
  )
  const rate = exchangeRate(outcomes, costs, target)
  const models =
    (outcomes.models?.length ?? 0) > 2
      ? yield* compareModels(outcomes, options.costs, folds, {
          ...intervalOptions,
          prices:
            options.target !== undefined && 'qualityMinusCost' in options.target
              ? [options.target.qualityMinusCost]
              : undefined,
        })
      : undefined
  const { judged, reference } = yield* nominate(outcomes, fitted, costs, rate, intervalOptions)
  const share = reference?.crossFitted.point.escalatedShare ?? 0.5
  const routings = Object.entries(referenceRoutings(outcomes, costs, target, share)) as [string, Routed | undefined][]
  const known = routings.flatMap(([name, routed]) => (routed === undefined ? [] : [{ name, routed }]))
  const referenceIntervals = yield* policyIntervals(
    outcomes,
    known.map(({ routed }) => routed),
    costs,
    intervalOptions,
  )
  return {
    target,
    targetGiven: options.target !== undefined,
    confidence,
    seed,
    resamples,
    folds,
    repeats,
    rate,
    costs,
    rows: outcomes.rows,
    groups: { count: outcomes.groups.count, from: outcomes.groups.from, effective: effectiveGroups(outcomes.groups) },
    rankedBy,
    signals: ranked.map((intervals, i) => ({
      intervals,
      against:
        i === 0
          ? undefined
          : areaDifferences(intervals, ranked[0], 1 - (1 - confidence) / Math.max(1, ranked.length - 1)),
    })),
    policies: judged.toSorted(
      (a, b) => (Number.isNaN(b.merit) ? -1 : b.merit) - (Number.isNaN(a.merit) ? -1 : a.merit),
    ),
    reference,
    references: known.map(({ name }, r) => ({ name, intervals: referenceIntervals.routings[r] })),
    models,
  }
}

/** The signals that thresholds are asked for; where none are, all. */
function comparedSignals(outcomes: Outcomes, families: readonly Family[]): SignalColumn[] {
  const names = families.filter(({ kind }) => kind === 'threshold').map(({ name }) => name)
  const named = outcomes.signals.filter(({ name }) => names.includes(name))
  return named.length > 0 ? named : distinctSignals(outcomes)
}

/** A learned family's predicted gain as a signal: every row's from a model that has not seen it. */
const learnedScore = ({ family, scores }: CrossFitted): SignalColumn[] =>
  scores === undefined
    ? []
    : [{ name: family.name, direction: 'lower', unit: 'none', scale: 'unbounded', values: scores }]

/** At the price that makes keeping all as good as escalating all, quality - λ cost is what a policy gains on random routing. */
function breakEven(outcomes: Outcomes, costs: Costs): Target {
  return { qualityMinusCost: Math.max(0, ibcBase(baselines(outcomes, costs, false), 'cascade') ?? 0) }
}

function areaDifferences(
  { bootstrapped }: CurveIntervals,
  best: CurveIntervals,
  confidence: number,
): Partial<Record<AreaName, PairedDifference>> {
  return Object.fromEntries(
    areaNames.map((area, k) => [area, pairedDifference([bootstrapped, k], [best.bootstrapped, k], confidence)]),
  )
}
