import type { Colors } from 'picocolors/types.js'
import type { Finding } from '../core/outcomes/findings.ts'
import { pointAt } from '../core/sweep/curve.ts'
import type { OperatingPoint } from '../core/sweep/operating-point.ts'
import { STABLE_ROWS } from '../core/sweep/operating-point.ts'
import { describePolicy } from '../core/policy/policy.ts'
import type { SignalSweep, SweepResult } from '../core/sweep.ts'
import type { Inputs } from './json.ts'
import { references } from './references.ts'
import { thresholdsOf } from './rows.ts'
import { alignColumns, count, number, percent, score, signed } from './text-table.ts'

/** A curve with more points than this is shown at every tenth of the escalated share. */
const FULL_LENGTH = 14

/** A sweep as a person reads it: what the data are, what is wrong with them, the references, the signals, their points. */
export function sweepText(result: SweepResult, findings: readonly Finding[], inputs: Inputs, colors: Colors): string {
  const sections = [
    heading(result, inputs, colors),
    findingsText(findings, colors),
    referencesText(result, colors),
    signalsText(result, colors),
    ...(result.target === undefined ? [] : [targetText(result, colors)]),
    ...shownSignals(result).map((signal) => pointsText(signal, colors)),
    ...result.joint.map(({ signals, grid, pairs, frontier }) => {
      const [shown, of] = thin(frontier, (point) => point.escalatedShare)
      const title = `${signals.join(' and ')} at once: ${of} of the frontier over ${count(pairs)} pairs of thresholds (${grid})`
      return pointTable(title, signals, shown, colors)
    }),
    footnotes(result, colors),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function heading({ rows, groups, costs }: SweepResult, { files, datasets }: Inputs, { bold }: Colors): string {
  const sources = { group: 'by group', id: 'by repeated id', row: 'every row its own' }
  const amount = (value: number | Float64Array) => (typeof value === 'number' ? number(value) : 'per row')
  const verify = `verify ${amount(costs.verify)} (${costs.verifyCost === 'always' ? 'on every query' : 'where it is used'})`
  const cost = costs.counted
    ? 'Cost counts calls of the large model: give --cost small=…,large=… for money.'
    : `Cost per call: small ${amount(costs.small)}, ${costs.verify === 0 ? '' : `${verify}, `}large ${amount(costs.large)}.`
  const sets =
    datasets.length > 1
      ? `, ${datasets.length} data sets (${datasets.slice(0, 4).join(', ')}${datasets.length > 4 ? ', …' : ''})`
      : ''
  return `${bold(files.join(' + '))}: ${count(rows)} rows, ${count(groups.count)} groups (${sources[groups.from]})${sets}\n${cost}`
}

/** Findings one a line, errors and warnings first. */
export function findingsText(findings: readonly Finding[], { yellow, red, dim }: Colors): string {
  const paint = { error: red, warning: yellow, note: dim }
  const order = ['error', 'warning', 'note'] as const
  return order
    .flatMap((level) => findings.filter((finding) => finding.level === level))
    .map(({ level, message }) => `${paint[level](level)}: ${message}`)
    .join('\n')
}

function referencesText(result: SweepResult, { bold }: Colors): string {
  const refs = references(result)
  const row = (name: string, { keptShare, quality, cost }: OperatingPoint) => [
    name,
    percent(keptShare),
    score(quality),
    number(cost),
  ]
  const [header, ...lines] = alignColumns([
    ['reference', 'kept', 'quality', 'cost'],
    row('keep all', refs.keepAll),
    row('escalate all', refs.escalateAll),
    row('random half', refs.randomHalf),
    row('oracle', refs.oracleBest),
  ])
  return [bold(header), ...lines].join('\n')
}

function signalsText({ signals, wrongBelow }: SweepResult, { bold, dim }: Colors): string {
  const rows = signals.map(({ signal, direction, curve, metrics: m }) => [
    signal,
    direction,
    count(curve.distinct),
    count(curve.missing),
    score(m.apgr),
    score(m.routeLlm?.apgr),
    m.routeLlm?.cpt50 === undefined ? '–' : percent(m.routeLlm.cpt50),
    score(m.aiq),
    score(m.cascadeRoutingAuc),
    score(m.prr),
    score(m.aurocWrong),
    score(m.aurocBenefit),
  ])
  const names = [
    'signal',
    'certain',
    'distinct',
    'missing',
    'APGR',
    'APGR-11',
    'CPT(50)',
    'AIQ',
    'CR-AUC',
    'PRR',
    'wrong',
    'benefit',
  ]
  const [header, ...lines] = alignColumns([names, ...rows])
  const legend = `APGR: exact curve, random is 0.5; APGR-11 and CPT: RouteLLM's eleven thresholds; wrong, benefit: AUROC for quality < ${number(wrongBelow)} and for large better than small`
  return [bold(header), ...lines, dim(legend)].join('\n')
}

function targetText({ signals, target }: SweepResult, { bold, dim }: Colors): string {
  const asked = Object.entries(target!).map(([name, value]) => `${names[name]} ${number(value)}`)[0]
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
  const [header, ...lines] = alignColumns([[`for ${asked}`, 'kept', 'escalated', 'quality', 'cost', 'policy'], ...rows])
  return [bold(header), ...lines, dim('Picked on the rows it is measured on: on new rows expect less.')].join('\n')
}

const names: Record<string, string> = {
  minQuality: 'quality at least',
  maxCost: 'cost at most',
  qualityMinusCost: 'the highest quality − cost ×',
}

/** With the exact grid the best signal's points say enough; a grid that the user chose is shown for all. */
const shownSignals = ({ grid, signals }: SweepResult): SignalSweep[] =>
  grid.kind === 'exact' ? signals.slice(0, 1) : signals

function pointsText({ signal, curve }: SignalSweep, colors: Colors): string {
  const [indices, of] = thin(
    Array.from({ length: curve.length }, (_, i) => i),
    (i) => (curve.base.rows - curve.kept[i]) / curve.base.rows,
  )
  const shown = indices.map((i) => pointAt(curve, i))
  return pointTable(`${signal}: ${of}`, [signal], shown, colors)
}

/** Of a long list, the elements nearest to each tenth of the escalated share. */
function thin<T>(list: readonly T[], share: (element: T) => number): [T[], string] {
  if (list.length <= FULL_LENGTH) return [[...list], `${count(list.length)} points`]
  const picked = new Set<T>()
  let i = 0
  for (let tenth = 0; tenth <= 10; tenth++) {
    while (i + 1 < list.length && Math.abs(share(list[i + 1]) - tenth / 10) <= Math.abs(share(list[i]) - tenth / 10))
      i++
    picked.add(tenth === 0 ? list[0] : tenth === 10 ? list[list.length - 1] : list[i])
  }
  return [[...picked], `${picked.size} of ${count(list.length)} points`]
}

function pointTable(
  title: string,
  signals: readonly string[],
  shown: readonly OperatingPoint[],
  { bold }: Colors,
): string {
  const thresholds = (point: OperatingPoint) => {
    if ('always' in point.policy)
      return [point.policy.always === 'keep' ? 'keep all' : 'escalate all', ...signals.slice(1).map(() => '')]
    return thresholdsOf(point.policy).map(number)
  }
  const mark = (point: OperatingPoint) => (point.unstable && point.cascade.deltaIbc !== undefined ? '~' : ' ')
  const rows = shown.map((point) => [
    ...thresholds(point),
    percent(point.keptShare),
    count(point.escalated),
    score(point.quality),
    point.qualityGapRecovered === undefined ? '–' : percent(point.qualityGapRecovered),
    number(point.cost),
    point.cascade.ibc === undefined ? '–' : number(Number(point.cascade.ibc.toPrecision(4))),
    signed(point.cascade.deltaIbc) + mark(point),
    signed(point.standalone.deltaIbc) + mark(point),
  ])
  const labels = signals.length === 1 ? ['threshold'] : signals.map((name) => name)
  const header = [...labels, 'kept', 'escalated', 'quality', 'gap', 'cost', 'ibc', 'Δibc % ', 'standalone ']
  const [top, ...lines] = alignColumns([header, ...rows])
  return [bold(title), bold(top), ...lines].join('\n')
}

function footnotes({ grid }: SweepResult, { dim }: Colors): string {
  const rest = grid.kind === 'exact' ? ' --json, --csv or --out DIR give every point of every signal.' : ''
  return dim(
    `~ fewer than ${STABLE_ROWS} rows escalate: ibc and Δibc rest on those few. Δibc: cascade baseline; standalone: against calling one model only.${rest}`,
  )
}
