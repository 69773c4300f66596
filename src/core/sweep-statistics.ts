import { SpillwayError } from './errors.ts'
import type { Finding } from './outcomes/findings.ts'
import { fewValuesFound } from './outcomes/lint.ts'
import { resolveCosts, type Costs } from './outcomes/costs.ts'
import { apgr } from './metrics/apgr.ts'
import { DEFAULT_WRONG_BELOW, type CurveMetrics } from './metrics/metrics.ts'
import { DEFAULT_BITS, EXACT_BITS } from './statistics/bin-key.ts'
import { isMixed, mixedBins, refine, type BinTable } from './statistics/bin-table.ts'
import { binnedIntervals, type BinnedIntervalOptions, type BinnedIntervals } from './statistics/binned-intervals.ts'
import { intervalBits, type CellRequest } from './statistics/cells.ts'
import { conditionsOf, thresholdOf } from './policy/policy.ts'
import { finish } from './stats/work.ts'
import type { OperatingPoint } from './sweep/operating-point.ts'
import { binningBound, type BinningBound } from './statistics/binning-bound.ts'
import { curveOfBins, metricsOfBins, orderOfBins } from './statistics/curve-of-bins.ts'
import { binsOfGrid, binsOfQuantiles, binsOfTarget } from './statistics/promising-bins.ts'
import type { BinnedBy, NamedBins, RowTotals, StatisticsSource } from './statistics/source.ts'
import { baselinesOfSums, type Baselines } from './sweep/baselines.ts'
import type { Curve } from './sweep/curve.ts'
import { curveAt, gridThresholds, type Grid } from './sweep/grid.ts'
import { selectPoint } from './sweep/target.ts'
import type { SignalSweep, SweepOptions, SweepResult } from './sweep.ts'

/** Up to so many distinct values a signal's curve is exact. */
export const EXACT_VALUES = 1 << 18
/** So many rows at most are fetched value by value where a threshold inside a bin is wanted. */
const OPENED_ROWS = 1 << 21

/** What a sweep from sums is to compute, and how finely. */
export interface StatisticsOptions extends Omit<SweepOptions, 'joint'> {
  /** Up to so many distinct values every value is a threshold. Default: 262,144. */
  exactValues?: number
  /** Leading bits of the key that a bin fixes where there are more. Default: 24. */
  bits?: number
  /** Cluster-bootstrap intervals of every signal. Default: none. */
  intervals?: BinnedIntervalOptions
}

/** A sweep from sums, and what was noticed about the data. */
export interface StatisticsSweep {
  result: SweepResult
  findings: Finding[]
}

/**
 * The sweep of rows that stay where they are, from sums that an engine makes: the same result as `sweep`, exact where a
 * signal's distinct values fit, else over fixed bins, with what that can change. Thresholds that the grid asks for, the
 * deciles, and the best threshold for a target are exact either way: the bins that can hold them are opened.
 * @throws SpillwayError as `sweep` does
 */
export async function sweepStatistics(
  source: StatisticsSource,
  options: StatisticsOptions = {},
): Promise<StatisticsSweep> {
  const totals = await source.totals()
  const { rows } = totals
  if (rows === 0) throw new SpillwayError('bad-input', `${source.name}: no rows with a quality of both models`)
  if (rows >= 2 ** 32) throw new SpillwayError('bad-input', `${source.name}: more than 4,294,967,295 rows`)
  const sweeping = new Sweeping(source, totals, options)
  const signals: SignalSweep[] = []
  for (const signal of source.signals) signals.push(await sweeping.signal(signal))
  if (signals.every(({ curve }) => curve.distinct === 0)) {
    const names = signals.map(({ signal }) => signal).join(', ')
    throw new SpillwayError('bad-input', `no row has a value for any signal (${names}): there is nothing to sweep`)
  }
  const { costs, wrongBelow } = sweeping
  const { grid = { kind: 'exact' }, target } = options
  const oracle = await sweeping.oracle(typeof costs.large === 'number' ? costs.large : 'cost')
  // Where every call costs the same, the order by gain per cost is that by gain.
  const byGain = typeof costs.large === 'number' && costs.large > 0 ? oracle : await sweeping.oracle(1)
  const result: SweepResult = {
    rows,
    groups: totals.groups,
    costs,
    wrongBelow,
    grid,
    target,
    base: sweeping.base(false),
    oracle,
    oracleApgr: apgr(byGain),
    signals: signals.toSorted((a, b) => (b.metrics.apgr ?? -Infinity) - (a.metrics.apgr ?? -Infinity)),
    joint: [],
  }
  return { result, findings: [...totals.findings, ...signals.flatMap((signal) => signalFindings(signal, rows))] }
}

/** What the curves show to be odd, and what bins can change. */
const signalFindings = ({ signal, exact, binned }: SignalSweep, rows: number): Finding[] =>
  binned === undefined
    ? fewValuesFound(signal, '', exact.distinct, rows)
    : [
        {
          level: 'note',
          code: 'binned',
          column: signal,
          message: `${signal} has too many values for a threshold each: its curve is over ${binned.bins} bins with fixed edges (${binned.bits} bits), each point exact; ${changes(binned)}`,
        },
      ]

function changes({ quality, largestShare, apgr, aurocWrong, aurocBenefit }: BinningBound): string {
  const most = (name: string, value: number | undefined) =>
    value === undefined ? [] : [`${name} by ${value.toPrecision(2)}`]
  const parts = [
    ...most('APGR', apgr),
    ...most('AUROC (wrong)', aurocWrong),
    ...most('AUROC (benefit)', aurocBenefit),
    ...most('the quality between two points', quality),
  ]
  return `sharper thresholds change at most ${parts.join(', ')}; the largest bin holds ${(100 * largestShare).toPrecision(2)} % of the rows`
}

class Sweeping {
  readonly costs: Costs
  readonly wrongBelow: number
  readonly #source: StatisticsSource
  readonly #totals: RowTotals
  readonly #options: StatisticsOptions
  readonly #qualities = new Map<string, Promise<BinTable>>()

  constructor(source: StatisticsSource, totals: RowTotals, options: StatisticsOptions) {
    this.#source = source
    this.#options = options
    this.costs = costsOf(source, options)
    this.wrongBelow = options.wrongBelow ?? DEFAULT_WRONG_BELOW
    const { rows } = totals
    const sumOf = (name: 'small' | 'verify' | 'large', paid: number) => {
      const amount = this.costs[name]
      return typeof amount === 'number' ? amount * rows : paid
    }
    this.#totals = {
      ...totals,
      costSmall: sumOf('small', totals.costSmall),
      costVerify: sumOf('verify', totals.costVerify),
      costLarge: sumOf('large', totals.costLarge),
    }
  }

  base(readsVerification: boolean): Baselines {
    const { rows, qualitySmall, qualityLarge, costSmall, costLarge, costVerify } = this.#totals
    const sums = { rows, qualitySmall, qualityLarge, costSmall, costLarge, costVerify }
    return baselinesOfSums(sums, this.costs, readsVerification)
  }

  async signal(signal: StatisticsSource['signals'][number]): Promise<SignalSweep> {
    const { grid = { kind: 'exact' }, grids = {}, target } = this.#options
    const { name, direction, unit } = signal
    const base = this.base(signal.verification === true)
    const shown: Grid = (Object.hasOwn(grids, name) ? grids[name] : undefined) ?? grid
    const curveOf = (table: BinTable): Curve => curveOfBins(signal, table, base, this.#costLarge)
    let table = await this.#bins({ signal: name })
    if (mixedBins(table).length > 0) {
      const wanted = new Set([...binsOfQuantiles(table, 10), ...binsOfGrid(signal, table, shown)])
      if (target !== undefined) for (const bin of binsOfTarget(table, curveOf(table), target)) wanted.add(bin)
      table = await this.#open({ signal: name }, table, wanted)
    }
    const exact = curveOf(table)
    const worstFirst = await this.#quality(name, table.missing.rows)
    const metrics = metricsOfBins(signal, exact, table, worstFirst)
    const selected = target && selectPoint(exact, target)
    return {
      signal: name,
      direction,
      unit,
      exact,
      curve: shown.kind === 'exact' ? exact : curveAt(exact, gridThresholds(shown, orderOfBins(signal, table))),
      metrics,
      selected,
      binned: binningBound(table, base),
      intervals: await this.#intervals(signal, table, metrics, selected),
    }
  }

  async #intervals(
    signal: StatisticsSource['signals'][number],
    table: BinTable,
    metrics: CurveMetrics,
    selected: OperatingPoint | undefined,
  ): Promise<BinnedIntervals | undefined> {
    const { intervals } = this.#options
    if (intervals === undefined) return undefined
    const source = this.#source
    if (source.cells === undefined)
      throw new SpillwayError(
        'usage',
        `${source.name}: nothing says which rows belong together, which intervals rest on; name a column with --group (or have one called id)`,
      )
    const { costs, wrongBelow } = this
    const [threshold] = selected === undefined ? [] : conditionsOf(selected.policy).map(thresholdOf)
    const perRow = (name: 'small' | 'verify' | 'large') => typeof costs[name] !== 'number'
    const request: CellRequest = {
      signal: signal.name,
      bits: intervalBits(table),
      cut: threshold === undefined ? undefined : signal.direction === 'higher' ? threshold : -threshold,
      wrongBelow,
      sumCosts: { small: perRow('small'), verify: perRow('verify'), large: perRow('large') },
    }
    const cells = await source.cells(request)
    return finish(binnedIntervals(cells, request, { signal, metrics, costs, threshold }, intervals))
  }

  async oracle(gainPer: number | 'cost'): Promise<Curve> {
    const table = await this.#bins({ gainPer })
    return curveOfBins({ name: 'oracle', direction: 'lower' }, table, this.base(false), this.#costLarge)
  }

  get #costLarge(): number | undefined {
    return typeof this.costs.large === 'number' ? this.costs.large : undefined
  }

  /** Rows by small quality; where all rows have a signal, the answer is the same for every such signal. */
  #quality(signal: string, missing: number): Promise<BinTable> {
    const key = missing === 0 ? '' : `of ${signal}`
    const known = this.#qualities.get(key) ?? this.#bins({ qualityWhere: signal })
    this.#qualities.set(key, known)
    return known
  }

  /** A bin a value where that is not too much, else fixed bins. */
  async #bins(by: BinnedBy): Promise<BinTable> {
    const { exactValues = EXACT_VALUES, bits = DEFAULT_BITS } = this.#options
    if (this.#totals.rows <= exactValues) return this.#ask(by, EXACT_BITS)
    const table = await this.#ask(by, bits)
    // Every bin holds a value at least.
    if (!('signal' in by) || table.rows.length > exactValues || mixedBins(table).length === 0) return table
    // Estimates of distinct counts are a few percent off: a little more than the limit may still be asked for.
    return (await this.#source.distinct(by.signal, exactValues)) <= exactValues ? this.#ask(by, EXACT_BITS) : table
  }

  /** Fetches the rows of some mixed bins value by value; where they are too many, leaves the bins as they are. */
  async #open(by: BinnedBy, table: BinTable, wanted: ReadonlySet<number>): Promise<BinTable> {
    const bins = new Set([...wanted].filter((bin) => isMixed(table, bin)))
    let rows = 0
    for (const bin of bins) rows += table.rows[bin]
    if (bins.size === 0 || rows > OPENED_ROWS) return table
    const within = { bits: table.bits, keys: Float64Array.from(bins, (bin) => table.least[bin]) }
    const opened = await this.#ask(by, EXACT_BITS, within)
    return refine(table, bins, opened)
  }

  #ask(by: BinnedBy, bits: number, within?: NamedBins): Promise<BinTable> {
    const sumCosts = typeof this.costs.large !== 'number'
    // Of an order to compare with, no value is shown.
    const edges = !('signal' in by)
    return this.#source.bins({ by, bits, wrongBelow: this.wrongBelow, sumCosts, within, edges })
  }
}

/** Costs that the data give row by row stay where the rows are: an empty column stands for them. */
function costsOf({ costColumns }: StatisticsSource, options: StatisticsOptions): Costs {
  const column = (has: boolean) => (has ? new Float64Array(0) : undefined)
  const model = (name: 'small' | 'large') => ({ quality: new Float64Array(0), cost: column(costColumns[name]) })
  const verify = column(costColumns.verify)
  return resolveCosts(
    { small: model('small'), large: model('large'), verify: verify && { cost: verify } },
    options.costs,
  )
}
