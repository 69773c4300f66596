import type { AuditedSignal, AuditPeriod, AuditReport } from '../core/audit/audit-report.ts'
import type { Drift } from '../core/audit/drift.ts'
import type { PromiseState } from '../core/audit/monitor.ts'
import type { Weighed } from '../core/audit/weighted-mean.ts'
import type { AuditSubject } from './audit-json.ts'
import { points, shortNumber } from './estimates.ts'
import { count, percent, renderTable, wrap, type TextColumn, type View } from './text-table.ts'

/** An audit report as a person reads it: how the promise stands, the estimates, how they went, drift, and power. */
export function auditText(report: AuditReport, subject: AuditSubject, verdict: string, view: View): string {
  const sections = [
    headText(report, subject, view),
    verdictText(report, verdict, view),
    estimatesText(report, subject, view),
    periodsText(report, view),
    report.signals.map((signal) => wrap(driftWords(signal), view.width)).join('\n'),
    powerText(report, view),
  ].filter((section) => section !== '')
  return `${sections.join('\n\n')}\n`
}

function headText(
  { from, to, requests, marked, state }: AuditReport,
  { files, cascade, policy, failed, unanswered, unseen, leftOut }: AuditSubject,
  { colors, width }: View,
): string {
  const first = `${colors.bold(files.join(' + '))}: ${count(state.audited)} audits of about ${count(Math.round(requests))} requests to ${printable(cascade)}, ${minute(from)} to ${minute(to)}, by ${policy}.`
  const notes = [
    failed > 0 && `${count(failed)} audits failed, and nothing is known of them.`,
    unanswered > 0 &&
      `${count(unanswered)} audited requests got no answer, since they failed or their client left; they are left out, with what they cost.`,
    unseen > 0 &&
      `On ${count(unseen)} requests more the coin could not fall, since the day's budget was spent; nothing here is about these.`,
    marked < 1 &&
      `Of ${percent(1 - marked)} of the kept answers the quality is not known; the others count for them, as if by chance. \`spillway label\` marks more.`,
    leftOut > 0 && `${count(leftOut)} lines of other cascades, policies or times are left out.`,
  ].filter((note) => note !== false)
  return [first, ...notes.map((note) => colors.yellow(wrap(note, width)))].join('\n')
}

const paints = { supported: 'green', 'at-risk': 'yellow', broken: 'red', 'too-few': 'dim' } as const

function verdictText({ state: { promise } }: AuditReport, verdict: string, { colors, width }: View): string {
  if (promise === undefined) return ''
  const paint = colors[paints[promise.verdict]]
  return `${paint(colors.bold(`Promise: ${promise.verdict.replace('-', ' ')}.`))} ${wrap(verdict, width)}`
}

/** How the promise stands, in a few sentences. */
export function promiseWords(promise: PromiseState, confidence: number): string {
  const { of, bound, mean, range, verdict, confirmed, evidence, needed, asymptotic } = promise
  const amount = amountOf(of)
  const promised = `Promised: ${of} at ${of === 'quality' ? 'least' : 'most'} ${amount(of === 'quality' ? 1 - bound : bound)}${unitOf(of)}.`
  if (mean === undefined) return `${promised} Nothing is known yet.`
  const [value, ...ends] = of === 'quality' ? [1 - mean, 1 - range.high, 1 - range.low] : [mean, range.low, range.high]
  const sentences = [
    promised,
    `Audited: ${amount(value)} [${ends.map(amount).join(', ')}]${unitOf(of)}, with ${percent(confidence)} confidence at every look${asymptotic ? ', as requests become many' : ''}.`,
    verdict === 'broken' && 'That it was kept at all times is refuted.',
    confirmed && 'The audits alone confirm it.',
    `Evidence against it: ${evidence > 1e6 ? 'over a million' : shortNumber(evidence)}; ${shortNumber(needed)} breaks it.`,
  ]
  return sentences.filter((sentence) => sentence !== false).join(' ')
}

const unitOf = (of: PromiseState['of']): string => (of === 'cost' ? '' : ' points')

const amountOf =
  (of: PromiseState['of']) =>
  (value: number): string =>
    of === 'cost' ? (Number.isFinite(value) ? shortNumber(value) : '?') : points(value).replace('+', '')

function estimatesText({ state }: AuditReport, { confidence, auditCost }: AuditSubject, { colors }: View): string {
  interface Row {
    name: string
    estimate: Weighed
    format: (value: number) => string
  }
  const rows: Row[] = [
    { name: 'quality lost', estimate: state.qualityLoss, format: (value) => points(value, 2).replace('+', '') },
    { name: 'kept', estimate: state.keptShare, format: percent },
    { name: 'cost of a request', estimate: state.servedCost, format: shortNumber },
    { name: 'large model alone', estimate: state.largeCost, format: shortNumber },
    { name: 'saved', estimate: state.saved, format: percent },
  ]
  const columns: TextColumn<Row>[] = [
    { head: 'of all requests', cell: ({ name }) => name },
    { head: 'estimate', cell: ({ estimate, format }) => (estimate.value === undefined ? '–' : format(estimate.value)) },
    {
      head: `${percent(confidence)} interval`,
      cell: ({ estimate: { interval }, format }) =>
        interval === undefined ? '–' : `[${format(interval.low)}, ${format(interval.high)}]`,
    },
    { head: 'audits', cell: ({ estimate }) => count(estimate.count) },
  ]
  const [head, ...lines] = renderTable(columns, rows)
  const spent = auditCost === null ? [] : [`Auditing them has cost ${shortNumber(auditCost)}.`]
  return [colors.bold(head), ...lines, ...spent].join('\n')
}

function periodsText({ from: first, to: last, periods }: AuditReport, { colors, width }: View): string {
  if (periods.length < 2) return ''
  const at = last - first > 2 * HOUR_MS ? minute : second
  const interval = ({ value, interval: range }: Weighed, format: (value: number) => string) =>
    value === undefined
      ? '–'
      : format(value) + (range === undefined ? '' : ` [${format(range.low)}, ${format(range.high)}]`)
  const columns: TextColumn<AuditPeriod>[] = [
    { head: 'from', cell: ({ from }) => at(from) },
    { head: 'to', cell: ({ to }) => at(to), leaveOut: 2 },
    { head: 'audits', cell: ({ state }) => count(state.audited), leaveOut: 3 },
    {
      head: 'quality lost',
      cell: ({ state }) => interval(state.qualityLoss, (value) => points(value).replace('+', '')),
    },
    { head: 'kept', cell: ({ state }) => (state.keptShare.value === undefined ? '–' : percent(state.keptShare.value)) },
    {
      head: 'saved',
      cell: ({ state }) => (state.saved.value === undefined ? '–' : percent(state.saved.value)),
      leaveOut: 1,
    },
  ]
  const [head, ...lines] = renderTable(columns, periods, width)
  return [colors.bold(head), ...lines].join('\n')
}

/** Whether a signal lies otherwise than where its policy was tuned. */
export function driftWords({ signal, unknownTuning, drift, lately }: AuditedSignal): string {
  if (unknownTuning === 'absent')
    return `${signal}: the policy does not say how it lay where it was tuned; drift is not known.`
  if (unknownTuning !== undefined)
    return `${signal}: the policy was tuned with other thresholds than it has; drift is not known.`
  if (drift!.verdict === 'too-few')
    return `${signal}: ${count(drift!.requests)} audited requests are too few to tell drift.`
  const looks = [
    `over all audits ${numbersOf(drift!)}`,
    ...(lately?.psi === undefined ? [] : [`in the last quarter ${numbersOf(lately)}`]),
  ]
  return isDrifted({ drift, lately })
    ? `${signal} has drifted: it lies otherwise than where the policy was tuned (${looks.join('; ')}).`
    : `${signal}: no drift from where the policy was tuned (${looks.join('; ')}).`
}

/** Whether drift is established, over all audits or of late. */
export const isDrifted = ({ drift, lately }: Pick<AuditedSignal, 'drift' | 'lately'>): boolean =>
  drift?.verdict === 'drifted' || lately?.verdict === 'drifted'

const numbersOf = ({ psi, pValue }: Drift): string =>
  `PSI ${psi!.toFixed(2)}, p ${pValue! < 1e-4 ? '< 0.0001' : `= ${pValue!.toFixed(4)}`}`

function powerText({ power, requests, state }: AuditReport, { width }: View): string {
  if (power === undefined) return ''
  const change = `${(100 * power.change).toFixed(1).replace(/\.0$/, '')} points`
  if (power.audits === undefined)
    return wrap(`Power: a change to ${change} beyond the promise would not show within 20,000 audits.`, width)
  const share = percent(state.audited / requests)
  const days = power.days === undefined ? '' : `, ${timeWords(power.days)} at this pace`
  return wrap(
    `Power: with ${share} of the requests audited, a change to ${change} beyond the promise shows after about ${about(power.audits)} audits (the median): ${about(power.requests!)} requests${days}.`,
    width,
  )
}

const about = (value: number): string => count(Number(value.toPrecision(2)))

function timeWords(days: number): string {
  const [amount, unit] = days >= 2 ? [days, 'days'] : days >= 1 / 12 ? [24 * days, 'hours'] : [1440 * days, 'minutes']
  return `about ${about(amount)} ${unit}`
}

/** Names come from the log, which anyone may have written. */
export const printable = (name: string): string => name.replaceAll(/\p{Cc}/gu, '\uFFFD')

const HOUR_MS = 3600 * 1000

const minute = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
const second = (ms: number): string => new Date(ms).toISOString().slice(11, 19)
