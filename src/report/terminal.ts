import { plural, type Finding } from '../core/outcomes/findings.ts'
import { describePolicy } from '../core/policy/describe.ts'
import { STABLE_ROWS, type OperatingPoint } from '../core/sweep/operating-point.ts'
import type { SignalSweep, SweepResult } from '../core/sweep.ts'
import type { BinnedIntervals } from '../core/statistics/binned-intervals.ts'
import type { Estimate } from '../core/stats/interval.ts'
import { estimateText, shortNumber } from './estimates.ts'
import { findingsText, heading } from './heading.ts'
import type { Inputs } from './json.ts'
import { references } from './references.ts'
import { jointText, pointsText, UNSTABLE_MARK } from './terminal-points.ts'
import { count, number, percent, renderTable, score, wrap, type TextColumn, type View } from './text-table.ts'

/** A sweep as a person reads it: what the data are, what is wrong with them, the references, the signals, their points. */
export function sweepText(result: SweepResult, findings: readonly Finding[], inputs: Inputs, view: View): string {
  const sections = [
    heading(result, inputs, view),
    findingsText(findings, view),
    referencesText(result, view),
    signalsText(result, view),
    ...(result.target === undefined ? [] : [targetText(result, view)]),
    ...(result.signals.some(({ intervals }) => intervals !== undefined) ? [intervalsText(result, view)] : []),
    ...shownSignals(result).map((signal) => pointsText(signal, view)),
    ...result.joint.map((frontier) => jointText(frontier, result.signals, view)),
  ].filter((section) => section !== '')
  return `${[...sections, footnotes(result, sections, view)].join('\n\n')}\n`
}

function referencesText(result: SweepResult, { colors, width }: View): string {
  const refs = references(result)
  const rows: [string, OperatingPoint][] = [
    ['keep all', refs.keepAll],
    ['escalate all', refs.escalateAll],
    ['random half', refs.randomHalf],
    ['oracle', refs.oracleBest],
  ]
  const columns: TextColumn<[string, OperatingPoint]>[] = [
    { head: 'reference', cell: ([name]) => name },
    { head: 'kept', cell: ([, { keptShare }]) => percent(keptShare) },
    { head: 'quality', cell: ([, { quality }]) => score(quality) },
    { head: 'cost', cell: ([, { cost }]) => number(cost) },
  ]
  const [head, ...lines] = renderTable(columns, rows, width)
  return [colors.bold(head), ...lines].join('\n')
}

function signalsText({ signals, wrongBelow }: SweepResult, { colors, width }: View): string {
  const cpt = ({ metrics }: SignalSweep) => metrics.routeLlm?.cpt50
  const columns: TextColumn<SignalSweep>[] = [
    { head: 'signal', cell: ({ signal }) => signal },
    { head: 'certain', cell: ({ direction }) => direction },
    { head: 'distinct', cell: ({ exact }) => count(exact.distinct), leaveOut: 2 },
    { head: 'missing', cell: ({ exact }) => count(exact.missing), leaveOut: 3 },
    { head: 'APGR', cell: ({ metrics }) => score(metrics.apgr) },
    { head: 'APGR-11', cell: ({ metrics }) => score(metrics.routeLlm?.apgr), leaveOut: 5 },
    { head: 'CPT(50)', cell: (each) => (cpt(each) === undefined ? '–' : percent(cpt(each)!)) },
    { head: 'AIQ', cell: ({ metrics }) => score(metrics.aiq), leaveOut: 1 },
    { head: 'CR-AUC', cell: ({ metrics }) => score(metrics.cascadeRoutingAuc), leaveOut: 4 },
    { head: 'PRR', cell: ({ metrics }) => score(metrics.prr) },
    { head: 'wrong', cell: ({ metrics }) => score(metrics.aurocWrong) },
    { head: 'benefit', cell: ({ metrics }) => score(metrics.aurocBenefit) },
  ]
  const [head, ...lines] = renderTable(columns, signals, width)
  const legend = `APGR: exact curve, random is 0.5; APGR-11 and CPT: RouteLLM's eleven thresholds; wrong, benefit: AUROC for quality < ${number(wrongBelow)} and for large better than small.`
  const inverted = signals.filter(({ metrics: { apgr, aurocWrong } }) => (apgr ?? 1) < 0.4 && (aurocWrong ?? 1) < 0.4)
  const hint =
    inverted.length === 0
      ? []
      : [`${inverted.map(({ signal }) => signal).join(', ')}: worse than random; is the direction the other one?`]
  return [colors.bold(head), ...lines, ...[...hint, legend].map((text) => colors.dim(wrap(text, width)))].join('\n')
}

function targetText({ signals, target }: SweepResult, { colors, width }: View): string {
  const asked = Object.entries(target!).map(([name, value]) => `${targetNames[name]} ${number(value)}`)[0]
  const rows = signals.map(({ signal, selected }) =>
    selected === undefined
      ? [signal, '–', '–', '–', '–', 'no threshold gives that']
      : [
          signal,
          percent(selected.keptShare),
          count(selected.escalated),
          score(selected.quality),
          number(selected.cost),
          describePolicy(selected.policy),
        ],
  )
  const heads = [`for ${asked}`, 'kept', 'escalated', 'quality', 'cost', 'policy']
  const columns = heads.map((head, i): TextColumn<string[]> => ({ head, cell: (row) => row[i] }))
  const [head, ...lines] = renderTable(columns, rows)
  const caution = 'Picked on the rows it is measured on: on new rows expect less.'
  return [colors.bold(head), ...lines, colors.dim(wrap(caution, width))].join('\n')
}

/** Metrics with their intervals, and what the policy picked gives. */
function intervalsText({ signals }: SweepResult, { colors, width }: View): string {
  const { confidence, resamples, seed, buckets } = signals.find(({ intervals }) => intervals !== undefined)!.intervals!
  const of = (pick: (intervals: BinnedIntervals) => Estimate | undefined, format?: (value: number) => string) => ({
    cell: ({ intervals }: SignalSweep) => estimateText(intervals && pick(intervals), format),
  })
  const hasPoint = signals.some(({ intervals }) => intervals?.selected !== undefined)
  const columns: TextColumn<SignalSweep>[] = [
    { head: `${percent(confidence)} intervals`, cell: ({ signal }) => signal },
    { head: 'APGR', ...of(({ metrics }) => metrics.apgr) },
    { head: 'wrong', ...of(({ metrics }) => metrics.aurocWrong) },
    { head: 'benefit', ...of(({ metrics }) => metrics.aurocBenefit), leaveOut: 1 },
    ...(hasPoint
      ? [
          { head: 'quality', ...of(({ selected }) => selected?.quality) },
          { head: 'cost', ...of(({ selected }) => selected?.cost, shortNumber) },
        ]
      : []),
  ]
  const [head, ...lines] = renderTable(columns, signals, width)
  const legend = `${count(resamples)} resamples of ${count(buckets)} buckets of whole groups, seed ${seed}.`
  return [colors.bold(head), ...lines, colors.dim(wrap(legend, width))].join('\n')
}

const targetNames: Record<string, string> = {
  minQuality: 'quality at least',
  maxCost: 'cost at most',
  qualityMinusCost: 'the highest quality − cost ×',
}

/** With the exact grid the best signal's points say enough; a grid that the user chose is shown for all. */
const shownSignals = ({ grid, signals }: SweepResult): SignalSweep[] =>
  grid.kind === 'exact' ? signals.slice(0, 1) : signals

function footnotes({ grid }: SweepResult, sections: readonly string[], { colors, width }: View): string {
  const notes = [
    ...(sections.some((section) => section.includes(UNSTABLE_MARK))
      ? [`${UNSTABLE_MARK} fewer than ${plural(STABLE_ROWS, 'row')} escalate: ibc and Δibc rest on those few.`]
      : []),
    'Δibc: against the cascade baseline; alone: against the costs of calling one model only.',
    ...(grid.kind === 'exact' ? ['--json, --csv or --out DIR give every point of every signal.'] : []),
  ]
  return colors.dim(wrap(notes.join(' '), width))
}
