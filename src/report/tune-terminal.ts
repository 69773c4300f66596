import type { Finding } from '../core/outcomes/findings.ts'
import type { RoutedIntervals } from '../core/intervals/policy-intervals.ts'
import type { OperatingPoint } from '../core/sweep/operating-point.ts'
import type { TuneCandidate, TuneResult } from '../core/tune/tune.ts'
import { isPromise } from '../core/tune/certification.ts'
import { answer, deltaIbcText, estimateText, pointsText, shortNumber } from './estimates.ts'
import { findingsText, heading } from './heading.ts'
import type { Inputs } from './json.ts'
import { tuneVerdict } from './promise-words.ts'
import { targetWords } from './target-words.ts'
import { count, hiddenColumns, percent, renderTable, score, wrap, type TextColumn, type View } from './text-table.ts'

/** A tuning as a person reads it: what was asked, how the data were divided, the candidates, what came of it. */
export function tuneText(result: TuneResult, findings: readonly Finding[], inputs: Inputs, view: View): string {
  const sections = [
    heading(result, inputs, view),
    findingsText(findings, view),
    askedText(result, view),
    candidatesText(result, view),
    comparisonsText(result, view),
    wrap(tuneVerdict(result), view.width),
  ].filter((section) => section !== '')
  return `${sections.join('\n\n')}\n`
}

function askedText(result: TuneResult, { width }: View): string {
  const { target, confidence, seed, parts, resamples } = result
  const method = result.nominated.certification?.method ?? result.method
  const part = ([name, { rows, groups }]: [string, { rows: number; groups: number }]) =>
    `${name} ${count(rows)} rows (${count(groups)} groups)`
  const promise = isPromise(target) ? `, tested with ${percent(1 - confidence)} risk by ${method}` : ''
  return [
    `Asked for: ${targetWords(target)}${promise}.`,
    `Divided by group with seed ${seed}: ${Object.entries(parts).map(part).join(', ')}. Intervals: ${percent(confidence)}, ${count(resamples)} resamples of the groups.`,
  ]
    .map((line) => wrap(line, width))
    .join('\n')
}

/** One policy of the table. */
interface Row {
  name: string
  inSample?: OperatingPoint
  heldOut?: RoutedIntervals
  certified: string
}

/** A family's policy that looked best, and beneath it the one that was certified. */
function rowsOf({ name, bestLooking, selected, heldOut, heldOutBestLooking, certification }: TuneCandidate): Row[] {
  const certified = certification?.certified !== undefined
  const verdict = certification === undefined ? 'not tested' : certified ? '' : 'no'
  const first: Row = { name, inSample: bestLooking, heldOut: heldOutBestLooking, certified: verdict }
  return certified ? [first, { name: `  ${name}, certified`, inSample: selected, heldOut, certified: 'yes' }] : [first]
}

function candidatesText({ candidates, references, target }: TuneResult, { colors, width }: View): string {
  const rows: Row[] = [
    { name: 'keep all', heldOut: references.keepAll, certified: '' },
    { name: 'escalate all', heldOut: references.escalateAll, certified: '' },
    ...candidates.flatMap(rowsOf),
  ]
  const columns: TextColumn<Row>[] = [
    { head: 'policy', cell: ({ name }) => name },
    { head: 'in sample', cell: ({ inSample }) => score(inSample?.quality) },
    { head: 'quality held out', cell: ({ heldOut }) => estimateText(heldOut?.estimates.quality) },
    { head: 'cost', cell: ({ inSample }) => (inSample === undefined ? '–' : shortNumber(inSample.cost)), leaveOut: 2 },
    { head: 'cost held out', cell: ({ heldOut }) => estimateText(heldOut?.estimates.cost, shortNumber), leaveOut: 1 },
    { head: 'kept', cell: ({ heldOut }) => (heldOut === undefined ? '–' : percent(heldOut.point.keptShare)) },
    { head: 'Δibc %', cell: ({ heldOut }) => deltaIbcText(heldOut), leaveOut: 3 },
    ...(isPromise(target) ? [{ head: 'certified', cell: ({ certified }: Row) => certified }] : []),
  ]
  const [head, ...lines] = renderTable(columns, rows, width)
  const notes = [
    ...hiddenColumns(columns, rows, width),
    'In sample: on the rows a policy was chosen on, where it looked best; held out: on the report part, which had no part in the choice. Δibc: quality per extra cost, above that of always escalating.',
  ]
  return [colors.bold(head), ...lines, ...notes.map((note) => colors.dim(wrap(note, width)))].join('\n')
}

/** Each family against the best single threshold, on held-out rows of the select part. */
function comparisonsText({ candidates, rate }: TuneResult, { colors, width }: View): string {
  const compared = candidates.filter(({ crossFitted }) => crossFitted.against !== undefined)
  const reference = candidates.find(
    ({ kind, crossFitted }) => kind === 'threshold' && crossFitted.against === undefined,
  )
  if (compared.length === 0 || reference === undefined) return ''
  const columns: TextColumn<TuneCandidate>[] = [
    { head: `better than ${reference.name}?`, cell: ({ name }) => name },
    { head: '', cell: ({ crossFitted }) => answer(crossFitted.against!) },
    { head: 'difference', cell: ({ crossFitted }) => pointsText(crossFitted.against!) },
  ]
  const [head, ...lines] = renderTable(columns, compared, width)
  const legend = `Cross-fitted within the select part: quality − λ × cost in points (hundredths), with λ = ${shortNumber(rate)}, the quality that a unit of cost buys here; intervals as wide as it takes for all of them to hold at once.`
  return [colors.bold(head), ...lines, colors.dim(wrap(legend, width))].join('\n')
}
