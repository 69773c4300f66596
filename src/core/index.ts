/** The pure part of Spillway: no I/O, no clock, no randomness of its own. */
export { SpillwayError, type ErrorCode } from './errors.ts'
export { resolveCosts, type Amount, type CostOptions, type Costs } from './outcomes/costs.ts'
export type { Finding } from './outcomes/findings.ts'
export {
  findColumn,
  type Groups,
  type ModelColumns,
  type ModelOutcomes,
  type Outcomes,
  type SignalColumn,
  type Texts,
} from './outcomes/outcomes.ts'
export { pairOf } from './outcomes/pair.ts'
export { rowsOfDataset, selectRows } from './outcomes/select.ts'
export type { Bounds, SignalValue } from './policy/bounds.ts'
export { decide, type Decision, type Signals } from './policy/decide.ts'
export { describePolicy } from './policy/describe.ts'
export { parsePolicy } from './policy/parse.ts'
export {
  always,
  condition,
  keepWhen,
  keepWithin,
  signalsRead,
  type Action,
  type AlwaysPolicy,
  type Condition,
  type GainPolicy,
  type GainTerm,
  type Interval,
  type IntervalPolicy,
  type OnMissing,
  type Policy,
  type SignalSource,
  type ThresholdPolicy,
} from './policy/policy.ts'
export { replay, type Replayed } from './policy/replay.ts'
export {
  findSignal,
  signals,
  type Direction,
  type SignalDefinition,
  type SignalName,
  type SignalScale,
} from './signals/signals.ts'
export { baselineCosts, baselines, type BaselineKind, type Baselines } from './sweep/baselines.ts'
export { benefit, ibcBase, type Benefit } from './sweep/benefit.ts'
export { bestThreshold, type BoundableTarget } from './sweep/best-threshold.ts'
export { exactCurve, pointAt, points, policyAt, sortSignal, type Curve, type SortedSignal } from './sweep/curve.ts'
export { curveAt, gridThresholds, indexOfThreshold, parseGrid, type Grid } from './sweep/grid.ts'
export { jointFrontier, type JointFrontier } from './sweep/joint.ts'
export type { OperatingPoint } from './sweep/operating-point.ts'
export { oracleCurve } from './sweep/oracle.ts'
export { selectPoint, type Target } from './sweep/target.ts'
export { curveMetrics, type CurveMetrics } from './metrics/metrics.ts'
export type { RouteLlm } from './metrics/routellm.ts'
export { sweepStatistics, type StatisticsOptions, type StatisticsSweep } from './sweep-statistics.ts'
export { edgeOf } from './statistics/bin-key.ts'
export { addTables, coarsen, type BinTable } from './statistics/bin-table.ts'
export type { BinningBound } from './statistics/binning-bound.ts'
export { binsOfRows, type BinnedRows } from './statistics/bins-of-rows.ts'
export type { BinnedIntervals } from './statistics/binned-intervals.ts'
export { curveOfBins } from './statistics/curve-of-bins.ts'
export type { BinnedBy, BinRequest, RowTotals, StatisticsSource } from './statistics/source.ts'
export { sweep, type SignalSweep, type SweepOptions, type SweepResult } from './sweep.ts'
export { bettingPValue } from './stats/betting.ts'
export { clopperPearsonUpper, dkwRadius, empiricalBernsteinUpper } from './stats/bounds.ts'
export { conformalRiskThreshold, type RiskCurve } from './stats/conformal-risk.ts'
export { fieller, type FiellerSet } from './stats/fieller.ts'
export { hoeffdingBentkusPValue } from './stats/hoeffding-bentkus.ts'
export type { Estimate, Range } from './stats/interval.ts'
export { tTestPValue } from './stats/t-test.ts'
export type { Band } from './stats/band.ts'
export type { Bootstrapped } from './stats/bootstrap.ts'
export { finish, type Progress, type Work } from './stats/work.ts'
export { withAnswerSignals } from './outcomes/answer-signals.ts'
export { checkSources, sourceOf, sourcesOf } from './policy/source.ts'
export {
  curveIntervals,
  type AreaName,
  type CurveIntervalOptions,
  type CurveIntervals,
  type PointIntervals,
} from './intervals/curve-intervals.ts'
export { pairedDifference, type PairedDifference } from './intervals/paired.ts'
export {
  policyIntervals,
  type IntervalOptions,
  type PolicyIntervals,
  type Quantity,
  type RoutedIntervals,
} from './intervals/policy-intervals.ts'
export { route, type Routed } from './intervals/routed.ts'
export type { Certification } from './tune/certification.ts'
export type { CertifyMethod, Tested } from './tune/certify.ts'
export type { Cascade as Chain } from './chains/cascade.ts'
export type { ComparedAtPrice, ComparedCascade } from './tune/compare-models.ts'
export { compare, type CompareOptions, type ComparedSignal, type CompareResult } from './tune/compare.ts'
export type { FamilyKind } from './tune/family.ts'
export type { Judged } from './tune/nominate.ts'
export { folds, splitOutcomes, type Fold, type Split, type SplitShares } from './tune/splits.ts'
export { tune, type PartSize, type TuneCandidate, type TuneOptions, type TuneResult } from './tune/tune.ts'
