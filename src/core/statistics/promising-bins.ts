import { costOfEveryQuery, type Baselines } from '../sweep/baselines.ts'
import { extraCostAt, type Curve } from '../sweep/curve.ts'
import { gridThresholds, type Grid } from '../sweep/grid.ts'
import { judge, type Target } from '../sweep/target.ts'
import { edgeOf } from './bin-key.ts'
import { isMixed, type BinTable } from './bin-table.ts'
import { orderOfBins, type SignalOfBins } from './curve-of-bins.ts'

/** The mixed bins in which the thresholds of a grid may lie. */
export function binsOfGrid(signal: SignalOfBins, table: BinTable, grid: Grid): Set<number> {
  if (grid.kind === 'exact') return new Set()
  if (grid.kind === 'quantile') return binsOfQuantiles(table, grid.count)
  const sign = signal.direction === 'higher' ? 1 : -1
  const found = new Set<number>()
  for (const threshold of gridThresholds(grid, orderOfBins(signal, table))) {
    const bin = binOfKey(table, sign * threshold)
    if (bin !== undefined && isMixed(table, bin)) found.add(bin)
  }
  return found
}

/** The mixed bins that hold the order statistics between which quantiles are interpolated. */
export function binsOfQuantiles(table: BinTable, count: number): Set<number> {
  const found = new Set<number>()
  const present = table.rows.reduce((sum, rows) => sum + rows, 0)
  const last = table.rows.length - 1
  let [bin, end] = [0, table.rows[0] ?? 0]
  const add = (rank: number): void => {
    while (rank >= end && bin < last) end += table.rows[++bin]
    if (isMixed(table, bin)) found.add(bin)
  }
  if (last < 0) return found
  for (let i = 1; i < count; i++) {
    const below = Math.floor((present - 1) * (i / count))
    add(below)
    add(Math.min(below + 1, present - 1))
  }
  return found
}

/** The bin whose values reach from its edge to its most certain one and hold a key; between bins: none. */
function binOfKey(table: BinTable, key: number): number | undefined {
  let [low, high] = [0, table.most.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (table.most[middle] < key) low = middle + 1
    else high = middle
  }
  return low < table.most.length && edgeOf(table.least[low], table.bits) <= key ? low : undefined
}

/**
 * The mixed bins in which a threshold can be better for a target than every point of the curve that the bins give: what
 * their rows can gain at most bounds it.
 */
export function binsOfTarget(table: BinTable, curve: Curve, target: Target): Set<number> {
  const { base } = curve
  const value = judge(target, base)
  const score = (point: number): number =>
    scoreOf(base, value, curve.gain[point], extraCostAt(curve, point), base.rows - curve.kept[point], {
      isEnd: Number.isNaN(curve.thresholds[point]),
    })
  let floor = -Infinity
  for (let point = 0; point < curve.length; point++) floor = Math.max(floor, score(point))
  const slack = floor === -Infinity ? 0 : 1e-9 * Math.max(1, Math.abs(floor))

  const found = new Set<number>()
  const first = curve.missing > 0 ? 1 : 0
  for (let bin = 0; bin < table.rows.length; bin++) {
    if (!isMixed(table, bin)) continue
    const gain = curve.gain[bin + first] + table.upside[bin]
    const [from, to] = [extraCostAt(curve, bin + first), extraCostAt(curve, bin + first + 1)]
    const rows = base.rows - curve.kept[bin + first + 1]
    // A ratio is the higher for a low cost where there is a gain, and for a high one where there is a loss.
    const best = Math.max(...[from, to].map((cost) => scoreOf(base, value, gain, cost, rows)))
    const unbounded = 'maximize' in target && from === 0
    if (best > -Infinity && best >= floor - slack) found.add(bin)
    else if (unbounded) found.add(bin)
  }
  return found
}

function scoreOf(
  base: Baselines,
  value: ReturnType<typeof judge>,
  gain: number,
  extraCost: number,
  rows: number,
  { isEnd = false } = {},
): number {
  return value(base.qualitySmall + gain, costOfEveryQuery(base, isEnd) + extraCost, { rows, cost: extraCost })
}
