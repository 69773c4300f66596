import type { Finding } from '../core/outcomes/findings.ts'
import type { Policy } from '../core/policy/policy.ts'
import { points } from '../core/sweep/curve.ts'
import type { JointFrontier } from '../core/sweep/joint.ts'
import type { OperatingPoint } from '../core/sweep/operating-point.ts'
import type { SignalSweep, SweepResult } from '../core/sweep.ts'
import { costFields } from './cost-fields.ts'
import { references } from './references.ts'
import type { BinnedIntervals } from '../core/statistics/binned-intervals.ts'
import { estimateFields } from './estimates.ts'
import type { BinningBound } from '../core/statistics/binning-bound.ts'
import { baselineFields, cell, metricFields, pointFields, thresholdsOf } from './rows.ts'

/** The version of the files' layout; it changes when a field changes its name or meaning. */
export const FORMAT_VERSION = 1

/** Where a result comes from. */
export interface Inputs {
  files: string[]
  datasets: string[]
}

/** A sweep as JSON text in pieces, so that a million points need no single string. */
export function* sweepJson(result: SweepResult, findings: readonly Finding[], inputs: Inputs): Generator<string> {
  const refs = references(result)
  const head = {
    format_version: FORMAT_VERSION,
    ...inputs,
    rows: result.rows,
    groups: result.groups,
    costs: costFields(result.costs),
    grid: result.grid,
    wrong_below: result.wrongBelow,
    target: result.target ?? null,
    baselines: baselineFields(result.base),
    references: {
      keep_all: pointFields(refs.keepAll),
      escalate_all: pointFields(refs.escalateAll),
      random_half: pointFields(refs.randomHalf),
      oracle_best: pointFields(refs.oracleBest),
      oracle_apgr: result.oracleApgr ?? null,
    },
    findings,
  }
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "signals": [`
  for (const [i, signal] of result.signals.entries()) {
    yield i === 0 ? '\n' : ',\n'
    yield* signalJson(signal)
  }
  yield '\n  ],\n  "oracle": {"points": ['
  yield* listJson(points(result.oracle), () => ({}))
  yield '\n  ]},\n  "joint": ['
  for (const [i, frontier] of result.joint.entries()) {
    yield i === 0 ? '\n' : ',\n'
    yield* jointJson(frontier)
  }
  yield `${result.joint.length > 0 ? '\n  ' : ''}]\n}\n`
}

function* signalJson({
  signal,
  direction,
  unit,
  curve,
  metrics,
  selected,
  binned,
  intervals,
}: SignalSweep): Generator<string> {
  const { distinct, missing } = curve
  const head = {
    signal,
    direction,
    unit,
    distinct,
    missing,
    metrics: metricFields(metrics),
    baselines: baselineFields(curve.base),
    selected: selected === undefined ? null : { policy: selected.policy, ...pointFields(selected) },
    ...(binned === undefined ? {} : { binned: binnedFields(binned) }),
    ...(intervals === undefined ? {} : { intervals: intervalFields(intervals) }),
  }
  yield `    ${JSON.stringify(head).slice(0, -1)},"points":[`
  yield* listJson(points(curve), ({ policy }) => ({ threshold: thresholdsOf(policy)[0] ?? null, ...endOf(policy) }))
  yield '\n    ]}'
}

/** Intervals of the metrics, and of the policy picked. */
const intervalFields = ({ confidence, resamples, seed, buckets, metrics, selected }: BinnedIntervals) => ({
  confidence,
  resamples,
  seed,
  buckets,
  apgr: estimateFields(metrics.apgr),
  aiq: estimateFields(metrics.aiq),
  cascade_routing_auc: estimateFields(metrics.cascadeRoutingAuc),
  auroc_wrong: estimateFields(metrics.aurocWrong),
  auroc_benefit: estimateFields(metrics.aurocBenefit),
  selected:
    selected === undefined
      ? null
      : {
          quality: estimateFields(selected.quality),
          cost: estimateFields(selected.cost),
          kept_share: estimateFields(selected.keptShare),
        },
})

/** What bins with fixed edges can change: the most that sharper thresholds could move each figure by. */
const binnedFields = (bound: BinningBound) => ({
  bits: bound.bits,
  bins: bound.bins,
  mixed: bound.mixed,
  largest_share: bound.largestShare,
  quality: bound.quality,
  apgr: cell(bound.apgr),
  auroc_wrong: cell(bound.aurocWrong),
  auroc_benefit: cell(bound.aurocBenefit),
})

/** Which end of a curve a policy is; none: no field. */
const endOf = (policy: Policy) => ('always' in policy ? { always: policy.always } : {})

/** Points one a line, each after the fields that `lead` gives it. */
function* listJson(list: Iterable<OperatingPoint>, lead: (point: OperatingPoint) => object): Generator<string> {
  let first = true
  for (const point of list) {
    yield `${first ? '' : ','}\n      ${JSON.stringify({ ...lead(point), ...pointFields(point) })}`
    first = false
  }
}

function* jointJson({ signals, grid, pairs, frontier }: JointFrontier): Generator<string> {
  yield `    ${JSON.stringify({ signals, grid, pairs }).slice(0, -1)},"frontier":[`
  yield* listJson(frontier, ({ policy }) => ({
    thresholds: 'always' in policy ? null : thresholdsOf(policy),
    ...endOf(policy),
  }))
  yield '\n    ]}'
}
