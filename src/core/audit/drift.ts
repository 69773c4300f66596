import { chiSquaredTail } from '../stats/distributions.ts'
import { comparedBins } from './bins.ts'
import type { Distribution } from './distribution.ts'
import { knownTraffic, type TrafficCounts } from './traffic.ts'

/** Whether a signal's values lie otherwise than where its policy was tuned. */
export interface Drift {
  /** `drifted`: a difference is established, and it is not small. */
  verdict: 'drifted' | 'none-seen' | 'too-few'
  /** Requests of which the signal, or that it was missing, is known. */
  requests: number
  /** Those of which too little is known to count them. */
  unknown: number
  /** Absent where there are too few requests. */
  psi?: number
  pValue?: number
}

/** A population stability index from 0.1 on is held to be a change. (Siddiqi 2006) */
const SMALL_PSI = 0.1
const FEWEST = 100
/** Twice what is held to do for a test at 0.05 (Cochran 1954): at 0.001, χ² follows its distribution from there on. */
const LEAST_EXPECTED = 10

/** Counts of tuning and traffic, a category each. */
export type Table = { tuned: number; traffic: number }[]

/**
 * Holds traffic against the tuning rows: Pearson's χ² test that both are samples of one distribution, and how far they
 * are apart. That a signal is missing is one of its values.
 *
 * Requests that are known by a bound count in the segment that the bound leaves (`comparedBins`). Those of which not
 * even that is known are not like the others, so that leaving them out would look like drift; they are taken to lie
 * where they make the difference smallest, and what is then still established is so wherever they lie.
 * @param thresholds the policy's own, ascending
 * @param level how improbable a difference has to be by chance to be established
 */
export function driftOf(
  tuning: Distribution,
  thresholds: readonly number[],
  counts: TrafficCounts,
  level = 0.001,
): Drift {
  const { unknown } = counts
  const requests = knownTraffic(counts)
  if (requests < FEWEST || tuning.rows === 0) return { verdict: 'too-few', requests, unknown }
  const values = comparedBins(tuning, thresholds, counts)
  const table = dense(levelled([...values, { tuned: tuning.missing, traffic: counts.missing }], unknown))
  const [psi, pValue] = [stabilityIndex(table), homogeneity(table)]
  const drifted = pValue < level && psi > SMALL_PSI
  return { verdict: drifted ? 'drifted' : 'none-seen', requests, unknown, psi, pValue }
}

/** p-value of Pearson's χ² test that two samples are of one distribution. */
export function homogeneity(table: Table): number {
  if (table.length < 2) return 1
  const [n, m] = totals(table)
  const statistic = table.reduce(
    (sum, { tuned, traffic }) => sum + (n * m * (tuned / n - traffic / m) ** 2) / (tuned + traffic),
    0,
  )
  return chiSquaredTail(statistic, table.length - 1)
}

/** Σ (q - p) ln(q / p) over the shares p of tuning and q of traffic; half a count more in each, so that none is 0. */
export function stabilityIndex(table: Table): number {
  const [n, m] = totals(table)
  const halves = table.length / 2
  return table.reduce((sum, { tuned, traffic }) => {
    const [p, q] = [(tuned + 0.5) / (n + halves), (traffic + 0.5) / (m + halves)]
    return sum + (q - p) * Math.log(q / p)
  }, 0)
}

const totals = (table: Table): [tuned: number, traffic: number] =>
  table.reduce(([n, m], { tuned, traffic }) => [n + tuned, m + traffic], [0, 0])

/**
 * Adds requests to a table where they bring it nearest to its tuning: up to one level of traffic a tuning row, as water
 * finds it. χ² is convex, and what one request more adds to it depends on that ratio alone.
 */
export function levelled(table: Table, more: number): Table {
  if (more === 0) return table
  const lowest = table.filter(({ tuned }) => tuned > 0).toSorted((a, b) => a.traffic / a.tuned - b.traffic / b.tuned)
  let [level, traffic, tuned] = [0, more, 0]
  for (const each of lowest) {
    if (tuned > 0 && each.traffic / each.tuned >= level) break
    traffic += each.traffic
    tuned += each.tuned
    level = traffic / tuned
  }
  return table.map((each) => ({ ...each, traffic: Math.max(each.traffic, level * each.tuned) }))
}

/**
 * Puts neighbours together until each category may expect 10 in the smaller sample. The last category, missing, has no
 * neighbours, and is left out where it is too small.
 */
function dense(table: Table): Table {
  const [n, m] = totals(table)
  const share = Math.min(n, m) / (n + m)
  const fits = ({ tuned, traffic }: Table[number]) => (tuned + traffic) * share >= LEAST_EXPECTED
  const found: Table = []
  let open = { tuned: 0, traffic: 0 }
  for (const { tuned, traffic } of table.slice(0, -1)) {
    open = { tuned: open.tuned + tuned, traffic: open.traffic + traffic }
    if (!fits(open)) continue
    found.push(open)
    open = { tuned: 0, traffic: 0 }
  }
  const last = found.pop() ?? { tuned: 0, traffic: 0 }
  found.push({ tuned: last.tuned + open.tuned, traffic: last.traffic + open.traffic })
  const missing = table.at(-1)!
  return [...found, ...(fits(missing) ? [missing] : [])].filter(({ tuned, traffic }) => tuned + traffic > 0)
}
