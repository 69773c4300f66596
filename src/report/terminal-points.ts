import { conditionsOf, thresholdOf, type Policy } from '../core/policy/policy.ts'
import { pointAt, type Curve } from '../core/sweep/curve.ts'
import { indexOfThreshold } from '../core/sweep/grid.ts'
import type { JointFrontier } from '../core/sweep/joint.ts'
import type { OperatingPoint } from '../core/sweep/operating-point.ts'
import type { SignalSweep } from '../core/sweep.ts'
import { count, number, percent, renderTable, score, signed, wrap, type TextColumn, type View } from './text-table.ts'

/** A curve with more points than this is shown at every tenth of the escalated share. */
const FULL_LENGTH = 14

/** Marks figures that rest on few rows. */
export const UNSTABLE_MARK = '~'

/** The points of one signal's grid. */
export function pointsText({ signal, curve, exact, binned }: SignalSweep, view: View): string {
  const all = Array.from({ length: curve.length }, (_, i) => i)
  const [indices, of] = thin(all, (i) => (curve.base.rows - curve.kept[i]) / curve.base.rows)
  const shown = indices.map((i) => pointAt(curve, i))
  return pointTable(`${signal}: ${of}`, [{ signal, exact, binned }], shown, view)
}

/** The frontier of thresholding two signals at once. */
export function jointText(
  { signals, grid, pairs, frontier }: JointFrontier,
  sweeps: readonly SignalSweep[],
  view: View,
): string {
  const [shown, of] = thin(frontier, (point) => point.escalatedShare)
  const title = `${signals.join(' and ')} at once: ${of} of the frontier over ${count(pairs)} pairs of thresholds (${grid})`
  const pair = signals.map((signal) => sweeps.find((each) => each.signal === signal)!)
  return pointTable(title, pair, shown, view)
}

/** Of a long list, the elements nearest to each tenth of the escalated share. */
function thin<T>(list: readonly T[], share: (element: T) => number): [T[], string] {
  if (list.length <= FULL_LENGTH) return [[...list], `${count(list.length)} points`]
  const picked = new Set<T>([list[0]])
  let i = 0
  for (let tenth = 1; tenth < 10; tenth++) {
    const distance = (at: number) => Math.abs(share(list[at]) - tenth / 10)
    while (i + 1 < list.length && distance(i + 1) <= distance(i)) i++
    picked.add(list[i])
  }
  picked.add(list[list.length - 1])
  return [[...picked], `${picked.size} of ${count(list.length)} points`]
}

function pointTable(
  title: string,
  signals: readonly Pick<SignalSweep, 'signal' | 'exact' | 'binned'>[],
  shown: readonly OperatingPoint[],
  { colors, width }: View,
): string {
  const mark = (point: OperatingPoint, value: number | undefined) =>
    point.unstable && value !== undefined ? UNSTABLE_MARK : ' '
  const columns: TextColumn<OperatingPoint>[] = [
    ...signals.map(({ signal, exact, binned }, i) => ({
      head: signals.length === 1 ? 'threshold' : signal,
      cell: ({ policy }: OperatingPoint) =>
        thresholdText(policy, signal, binned === undefined ? exact : undefined, i === 0),
    })),
    { head: 'kept', cell: (point) => percent(point.keptShare) },
    { head: 'escalated', cell: (point) => count(point.escalated) },
    { head: 'quality', cell: (point) => score(point.quality) },
    { head: 'gap', cell: ({ qualityGapRecovered: gap }) => (gap === undefined ? '–' : percent(gap)), leaveOut: 1 },
    { head: 'cost', cell: (point) => number(point.cost) },
    {
      head: 'ibc',
      cell: ({ cascade: { ibc } }) => (ibc === undefined ? '–' : number(Number(ibc.toPrecision(4)))),
      leaveOut: 3,
    },
    { head: 'Δibc % ', cell: (point) => signed(point.cascade.deltaIbc) + mark(point, point.cascade.deltaIbc) },
    {
      head: 'alone % ',
      cell: (point) => signed(point.standalone.deltaIbc) + mark(point, point.standalone.deltaIbc),
      leaveOut: 2,
    },
  ]
  const [head, ...lines] = renderTable(columns, shown, width)
  return [colors.bold(wrap(title, width)), colors.bold(head), ...lines].join('\n')
}

function thresholdText(policy: Policy, signal: string, exact: Curve | undefined, first: boolean): string {
  if ('always' in policy) return first ? (policy.always === 'keep' ? 'keep all' : 'escalate all') : ''
  const found = conditionsOf(policy).find((condition) => condition.signal === signal)!
  // Inside a bin a shorter number might keep other rows than its edge does, and nobody could tell.
  return exact === undefined ? String(thresholdOf(found)) : shortThreshold(thresholdOf(found), exact)
}

/** The fewest digits, six or more, that keep the very same rows: a threshold copied from the table does what its row says. */
function shortThreshold(threshold: number, exact: Curve): string {
  const kept = indexOfThreshold(exact, threshold)
  for (let digits = 6; digits < 17; digits++) {
    const short = Number(threshold.toPrecision(digits))
    if (indexOfThreshold(exact, short) === kept) return String(short)
  }
  return String(threshold)
}
