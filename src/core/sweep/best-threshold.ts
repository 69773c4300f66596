import { amountAt, type Costs } from '../outcomes/costs.ts'
import type { Outcomes, SignalColumn } from '../outcomes/outcomes.ts'
import { always, condition, keepWhen } from '../policy/policy.ts'
import { argsort } from '../stats/argsort.ts'
import { baselines, costOfEveryQuery } from './baselines.ts'
import { fromKey } from './curve.ts'
import { operatingPoint, type OperatingPoint, type Totals } from './operating-point.ts'
import { judge, type Target } from './target.ts'

const MAX_BINS = 1 << 16

/** A target that some bound on the gain inside a bin bounds too; of a ratio of two sums there is none as simple. */
export type BoundableTarget = Exclude<Target, { maximize: 'delta-ibc' }>

/** Per bin of equally wide key ranges: rows, and sums over them of gain, of its positive part, and of large cost. */
interface Bins {
  low: number
  scale: number
  rows: Uint32Array
  gain: Float64Array
  upside: Float64Array
  extraCost: Float64Array
}

/**
 * The exact best threshold of one signal for a target, without the curve: one pass fills a histogram whose bins bound
 * what any threshold inside them can give, then only the bins that can hold the optimum are sorted. Agrees with
 * `selectPoint(exactCurve(...))`. No allowed point: `undefined`.
 */
export function bestThreshold(
  outcomes: Outcomes,
  column: SignalColumn,
  costs: Costs,
  target: BoundableTarget,
): OperatingPoint | undefined {
  const { rows } = outcomes
  const base = baselines(outcomes, costs, column.verification === true)
  const value = judge(target, base)
  const score = (gain: number, extraCost: number, isEnd = false): number =>
    value(base.qualitySmall + gain, costOfEveryQuery(base, isEnd) + extraCost, { rows, cost: extraCost })

  let best: { score: number; totals: Totals; threshold: number } | undefined
  const offer = (totals: Totals, threshold: number): void => {
    const s = score(totals.gain, totals.extraCost, Number.isNaN(threshold))
    // Points come in the order of escalation, so of equals the first keeps most.
    if (s > -Infinity && (best === undefined || s > best.score)) best = { score: s, totals, threshold }
  }

  const { bins, missing } = histogram(outcomes, column, costs)
  offer({ kept: rows, gain: 0, extraCost: 0 }, NaN)

  // What no threshold inside or after a bin can beat tells which bins to open. Bin edges are points of the curve: the
  // best of them is a first bound to prune by.
  let floor = best?.score ?? -Infinity
  scanBins(bins, missing, (_, { gain, extraCost }) => (floor = Math.max(floor, score(gain, extraCost))))
  floor = Math.max(floor, score(base.gap, base.costLarge, true))
  const promising = new Set<number>()
  scanBins(bins, missing, (bin, before) => {
    const optimistic = score(before.gain + bins.upside[bin], before.extraCost)
    if (optimistic >= floor - 1e-9 * Math.max(1, Math.abs(floor))) promising.add(bin)
  })
  const opened = collect(bins, promising, column)
  scanBins(bins, missing, (bin, before) => {
    const inside = opened.get(bin)
    if (inside === undefined) return
    walk(outcomes, column, costs, inside, before, offer)
  })
  offer({ kept: 0, gain: base.gap, extraCost: base.costLarge }, NaN)
  if (best === undefined) return undefined
  const { totals, threshold } = best
  const end = always(totals.kept === rows ? 'keep' : 'escalate')
  const policy = Number.isNaN(threshold) ? end : keepWhen([condition(column.name, column.direction, threshold)])
  return operatingPoint(base, policy, totals)
}

/** Calls back for each occupied bin, least certain first, with the totals when everything before it escalates. */
function scanBins(bins: Bins, missing: Totals, visit: (bin: number, before: Totals) => void): void {
  let { kept, gain, extraCost } = missing
  for (let bin = 0; bin < bins.rows.length; bin++) {
    if (bins.rows[bin] === 0) continue
    visit(bin, { kept, gain, extraCost })
    kept -= bins.rows[bin]
    gain += bins.gain[bin]
    extraCost += bins.extraCost[bin]
  }
}

/** The histogram, and the totals when just the rows without the signal escalate. */
function histogram(outcomes: Outcomes, column: SignalColumn, costs: Costs): { bins: Bins; missing: Totals } {
  const sign = column.direction === 'higher' ? 1 : -1
  const { values } = column
  const { rows } = outcomes
  let low = Infinity
  let high = -Infinity
  for (let row = 0; row < rows; row++) {
    const key = values[row] * sign
    if (!Number.isFinite(key)) continue
    if (key < low) low = key
    if (key > high) high = key
  }
  const count = Math.min(MAX_BINS, Math.max(1, rows >> 4))
  const width = (count - 1) / (high - low)
  const scale = width > 0 && width < Infinity ? width : 0
  const bins: Bins = {
    low,
    scale,
    rows: new Uint32Array(count),
    gain: new Float64Array(count),
    upside: new Float64Array(count),
    extraCost: new Float64Array(count),
  }
  const missing: Totals = { kept: rows, gain: 0, extraCost: 0 }
  const [small, large] = [outcomes.small.quality, outcomes.large.quality]
  for (let row = 0; row < rows; row++) {
    const gain = large[row] - small[row]
    const cost = amountAt(costs.large, row)
    if (!Number.isFinite(values[row])) {
      missing.kept--
      missing.gain += gain
      missing.extraCost += cost
      continue
    }
    const bin = ((values[row] * sign - low) * scale) | 0
    bins.rows[bin]++
    bins.gain[bin] += gain
    if (gain > 0) bins.upside[bin] += gain
    bins.extraCost[bin] += cost
  }
  return { bins, missing }
}

/** The rows of the promising bins. */
function collect(bins: Bins, promising: Set<number>, { values, direction }: SignalColumn): Map<number, Uint32Array> {
  const opened = new Map([...promising].map((bin) => [bin, new Uint32Array(bins.rows[bin])]))
  const targets = Array.from(bins.rows, (_, bin) => opened.get(bin))
  const filled = new Uint32Array(bins.rows.length)
  const sign = direction === 'higher' ? 1 : -1
  for (let row = 0; row < values.length; row++) {
    if (!Number.isFinite(values[row])) continue
    const bin = ((values[row] * sign - bins.low) * bins.scale) | 0
    const target = targets[bin]
    if (target !== undefined) target[filled[bin]++] = row
  }
  return opened
}

/** Offers every operating point whose threshold lies in one bin. */
function walk(
  outcomes: Outcomes,
  column: SignalColumn,
  costs: Costs,
  rows: Uint32Array,
  before: Totals,
  offer: (totals: Totals, threshold: number) => void,
): void {
  const inside = Float64Array.from(rows, (row) => column.values[row])
  const sorted = argsort(inside, column.direction === 'higher' ? 1 : -1)
  let { kept, gain, extraCost } = before
  for (let i = 0; i < sorted.keys.length; i++) {
    if (i === 0 || sorted.keys[i] !== sorted.keys[i - 1])
      offer({ kept, gain, extraCost }, fromKey(column, sorted.keys[i]))
    const row = rows[sorted.rows[i]]
    kept--
    gain += outcomes.large.quality[row] - outcomes.small.quality[row]
    extraCost += amountAt(costs.large, row)
  }
}
