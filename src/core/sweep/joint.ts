import { amountAt, type Costs } from '../outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { condition, keepWhen, type Policy } from '../policy/policy.ts'
import { argsort } from '../stats/argsort.ts'
import { baselines, costOfEveryQuery } from './baselines.ts'
import { fromKey, sortSignal, type SortedSignal } from './curve.ts'
import { escalateAllPoint, keepAllPoint, operatingPoint, type OperatingPoint } from './operating-point.ts'

/** Up to so many distinct values a side, every pair of thresholds is tried. */
const EXACT_VALUES = 2000
/** Beyond, thresholds stand at so many quantiles a side. */
const QUANTILE_VALUES = 512

/** The best that two thresholds at once can do. */
export interface JointFrontier {
  signals: [string, string]
  /** `exact`: over every pair of distinct values; else over 512 quantiles of the side with more than 2,000. */
  grid: 'exact' | 'quantile'
  /** How many pairs of thresholds were tried. */
  pairs: number
  /** The points that no other pair beats in both cost and quality, cheapest first. */
  frontier: OperatingPoint[]
}

/**
 * The cost-quality frontier of "keep iff both signals are certain enough", over all pairs of thresholds, by
 * two-dimensional prefix sums: time in the number of pairs, not pairs times rows.
 * A row where either signal is missing escalates.
 */
export function jointFrontier(
  outcomes: Outcomes,
  first: SignalColumn,
  second: SignalColumn,
  costs: Costs,
): JointFrontier {
  const a = ranked(sortSignal(first), outcomes.rows)
  const b = ranked(sortSignal(second), outcomes.rows)
  const base = baselines(outcomes, costs, first.verification === true || second.verification === true)
  const cells = keptSums(outcomes, costs, a, b)
  const width = b.keys.length
  const policy = (cell: number): Policy =>
    keepWhen([
      condition(first.name, first.direction, fromKey(first, a.keys[Math.floor(cell / width)])),
      condition(second.name, second.direction, fromKey(second, b.keys[cell % width])),
    ])

  // What a policy costs in all decides, since the ends do not pay for a verification that every pair reads.
  const pairsPay = costOfEveryQuery(base, false) + base.costLarge
  const escalateAll = escalateAllPoint(base)
  const frontier: OperatingPoint[] = [keepAllPoint(base)]
  const tolerance = { cost: 1e-12 * Math.max(1, pairsPay), quality: 1e-12 * outcomes.rows }
  let [bestGain, lastCost] = [0, frontier[0].totalCost]
  const offer = (gain: number, cost: number, point: () => OperatingPoint): void => {
    if (gain <= bestGain + tolerance.quality) return
    if (cost <= lastCost + tolerance.cost) frontier.pop()
    frontier.push(point())
    bestGain = gain
    lastCost = cost
  }
  const offerEnd = () => offer(base.gap, escalateAll.totalCost, () => escalateAll)
  // Cheapest first, which is the most saved cost first; the far end has its place among the pairs.
  for (const cell of argsort(cells.savedCost, -1).rows) {
    const saved = cells.savedCost[cell]
    if (pairsPay - saved >= escalateAll.totalCost) offerEnd()
    const totals = { kept: cells.kept[cell], gain: base.gap - cells.keptGain[cell], extraCost: base.costLarge - saved }
    offer(totals.gain, pairsPay - saved, () => operatingPoint(base, policy(cell), totals))
  }
  offerEnd()
  return {
    signals: [first.name, second.name],
    grid: a.exact && b.exact ? 'exact' : 'quantile',
    pairs: a.keys.length * b.keys.length,
    frontier,
  }
}

interface Ranked {
  /** Thresholds as keys, ascending: the least certain value first. */
  keys: Float64Array
  /** Of each row the last threshold that it meets; -1 where the signal is missing. */
  ranks: Int32Array
  exact: boolean
}

function ranked({ keys, rows }: SortedSignal, total: number): Ranked {
  const distinct = keys.filter((key, i) => i === 0 || key !== keys[i - 1])
  const exact = distinct.length <= EXACT_VALUES
  const levels = Array.from(
    { length: QUANTILE_VALUES },
    (_, i) => keys[Math.floor((i * keys.length) / QUANTILE_VALUES)],
  )
  const thresholds = exact ? distinct : Float64Array.from(new Set(levels))
  const ranks = new Int32Array(total).fill(-1)
  for (let i = 0, rank = 0; i < keys.length; i++) {
    while (rank + 1 < thresholds.length && keys[i] >= thresholds[rank + 1]) rank++
    ranks[rows[i]] = rank
  }
  return { keys: thresholds, ranks, exact }
}

/** For every pair of thresholds, the sums over the rows that both keep. */
function keptSums(outcomes: Outcomes, costs: Costs, a: Ranked, b: Ranked) {
  const width = b.keys.length
  const cells = a.keys.length * width
  const kept = new Uint32Array(cells)
  const keptGain = new Float64Array(cells)
  const savedCost = new Float64Array(cells)
  for (let row = 0; row < outcomes.rows; row++) {
    if (a.ranks[row] < 0 || b.ranks[row] < 0) continue
    const cell = a.ranks[row] * width + b.ranks[row]
    kept[cell]++
    keptGain[cell] += outcomes.large.quality[row] - outcomes.small.quality[row]
    savedCost[cell] += amountAt(costs.large, row)
  }
  // A cell keeps what stands in it and in every cell above it on either side.
  for (let i = a.keys.length - 1; i >= 0; i--) {
    let [rowKept, rowGain, rowCost] = [0, 0, 0]
    for (let j = width - 1; j >= 0; j--) {
      const cell = i * width + j
      rowKept += kept[cell]
      rowGain += keptGain[cell]
      rowCost += savedCost[cell]
      const above = i + 1 < a.keys.length ? cell + width : -1
      kept[cell] = rowKept + (above < 0 ? 0 : kept[above])
      keptGain[cell] = rowGain + (above < 0 ? 0 : keptGain[above])
      savedCost[cell] = rowCost + (above < 0 ? 0 : savedCost[above])
    }
  }
  return { kept, keptGain, savedCost }
}
