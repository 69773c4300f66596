import { aiq } from '../metrics/aiq.ts'
import { apgr } from '../metrics/apgr.ts'
import { aurocOfRuns } from '../metrics/auroc.ts'
import { cascadeRoutingAuc } from '../metrics/cascade-routing.ts'
import type { CurveMetrics } from '../metrics/metrics.ts'
import type { Costs } from '../outcomes/costs.ts'
import { condition, keepWhen } from '../policy/policy.ts'
import { bootstrap, type BootstrapOptions, type Statistic } from '../stats/bootstrap.ts'
import { estimateOf, type Estimate } from '../stats/interval.ts'
import type { Work } from '../stats/work.ts'
import { baselineCosts, baselinesOfSums } from '../sweep/baselines.ts'
import { extraCostAt, qualityOverCost, type Curve } from '../sweep/curve.ts'
import { operatingPoint, type OperatingPoint } from '../sweep/operating-point.ts'
import { pickBins, type BinTable } from './bin-table.ts'
import { emptyWeighedTable, gridOfCells, weighCells, type CellRequest, type Cells } from './cells.ts'
import { curveOfBins, type SignalOfBins } from './curve-of-bins.ts'

export const DEFAULT_BINNED_RESAMPLES = 200

const metricNames = ['apgr', 'aiq', 'cascadeRoutingAuc', 'aurocWrong', 'aurocBenefit'] as const
const pointNames = ['quality', 'cost', 'keptShare'] as const

/** Intervals of a curve over bins, and of one of its points. */
export interface BinnedIntervals {
  confidence: number
  resamples: number
  seed: number
  /** Buckets of groups, which are what is resampled. */
  buckets: number
  metrics: Record<(typeof metricNames)[number], Estimate>
  /** Of the policy picked for the target. */
  selected?: Record<(typeof pointNames)[number], Estimate>
}

export interface BinnedIntervalOptions extends BootstrapOptions {
  /** Default: 0.95. */
  confidence?: number
}

/** What the intervals are about: the figures they are put around. */
export interface Measured {
  signal: SignalOfBins & { verification?: true }
  metrics: CurveMetrics
  costs: Costs
  /** The threshold of the policy picked; none: no interval of it. */
  threshold?: number
}

/**
 * Cluster bootstrap from sums by bin and bucket: groups are dealt into 1,024 buckets by their hash, buckets are drawn
 * with replacement, and each resample is one pass over the cells. A bucket is a random set of whole groups, so that on
 * average over the hash the spread between buckets is that between groups (ARCHITECTURE.md says why). Metrics are those
 * of coarser bins, moved by how these differ from the finer ones on the data; a threshold's own figures are exact.
 */
export function* binnedIntervals(
  cells: Cells,
  request: Pick<CellRequest, 'bits' | 'cut'>,
  { signal, metrics, costs, threshold }: Measured,
  { confidence = 0.95, resamples = DEFAULT_BINNED_RESAMPLES, seed = 1 }: BinnedIntervalOptions = {},
): Work<BinnedIntervals> {
  const grid = gridOfCells(cells, request.bits, request.cut)
  const weighed = emptyWeighedTable(grid)
  const compute: Statistic['compute'] = (weights, into) => {
    weighCells(grid, weights, weighed)
    const { curve, table } = curveOf(weighed, signal, costs)
    const line = qualityOverCost(curve)
    const alone = baselineCosts(curve.base, 'standalone')
    into[0] = apgr(curve) ?? NaN
    into[1] = aiq(line, { from: line.x[0], to: line.x[line.x.length - 1] }) ?? NaN
    into[2] = cascadeRoutingAuc(line, alone.small, alone.large) ?? NaN
    into[3] = aurocOfRuns({ sizes: table.rows, sums: table.wrong }) ?? NaN
    into[4] = aurocOfRuns({ sizes: table.rows, sums: table.better }) ?? NaN
    if (threshold === undefined) return
    const point = pointAtCut(curve, table, signal, threshold)
    pointNames.forEach((name, i) => (into[metricNames.length + i] = point[name]))
  }
  const size = metricNames.length + (threshold === undefined ? 0 : pointNames.length)
  const result = yield* bootstrap(grid.bucketCount, { size, compute }, { resamples, seed })
  const estimate = (k: number, value: number | undefined): Estimate => {
    const shift = value === undefined ? NaN : value - result.estimates[k]
    const moved = (column: Float64Array) => column.map((each) => each + shift)
    return estimateOf(value ?? NaN, moved(result.replicates[k]), moved(result.jackknife[k]), confidence, result.groups)
  }
  const pick = <N extends string>(names: readonly N[], from: number, value: (name: N) => number | undefined) =>
    Object.fromEntries(names.map((name, i) => [name, estimate(from + i, value(name))])) as Record<N, Estimate>
  const exactly = (_: string, k: number) => result.estimates[k]
  return {
    confidence,
    resamples,
    seed,
    buckets: grid.bucketCount,
    metrics: pick(metricNames, 0, (name) => metrics[name]),
    ...(threshold === undefined
      ? {}
      : {
          selected: pick(pointNames, metricNames.length, (name) =>
            exactly(name, metricNames.length + pointNames.indexOf(name)),
          ),
        }),
  }
}

/** What a threshold gives that is the cut between two bins: bins before it escalate, as do rows without the signal. */
function pointAtCut(
  curve: Curve,
  table: BinTable,
  { name, direction }: SignalOfBins,
  threshold: number,
): OperatingPoint {
  const cut = direction === 'higher' ? threshold : -threshold
  const before = table.least.findIndex((least) => least >= cut)
  const missing = table.missing.rows > 0
  const i = before < 0 ? curve.length - 1 : before + (missing ? 1 : 0)
  const totals = { kept: curve.kept[i], gain: curve.gain[i], extraCost: extraCostAt(curve, i) }
  return operatingPoint(curve.base, keepWhen([condition(name, direction, threshold)]), totals)
}

/** The curve of a weighed table, with the sums over its rows. */
function curveOf(
  { table, costSmall, costVerify }: ReturnType<typeof emptyWeighedTable>,
  signal: Measured['signal'],
  costs: Costs,
) {
  const total = (name: 'rows' | 'small' | 'gain' | 'extraCost') =>
    table[name].reduce((sum, value) => sum + value, table.missing[name])
  const rows = total('rows')
  const paid = (amount: number | Float64Array, sum: number) => (typeof amount === 'number' ? amount * rows : sum)
  const qualitySmall = total('small')
  const sums = {
    rows,
    qualitySmall,
    qualityLarge: qualitySmall + total('gain'),
    costSmall: paid(costs.small, costSmall),
    costVerify: paid(costs.verify, costVerify),
    costLarge: paid(costs.large, total('extraCost')),
  }
  // A bucket that is not drawn may leave a bin without rows.
  const full = dropEmpty(table)
  const base = baselinesOfSums(sums, costs, signal.verification === true)
  return {
    table: full,
    curve: curveOfBins(signal, full, base, typeof costs.large === 'number' ? costs.large : undefined),
  }
}

function dropEmpty(table: ReturnType<typeof emptyWeighedTable>['table']) {
  if (!table.rows.includes(0)) return table
  const pick = (list: Float64Array) => list.filter((_, bin) => table.rows[bin] > 0)
  return { ...table, ...pickBins(table, pick) }
}
