import { plain } from '../../../charts/format.ts'
import type { LiveAudit, LiveEstimate, LiveState } from '../../../live/state.ts'
import { element } from '../../dom/element.ts'
import { paragraph, section } from '../../sections/section.ts'
import { stackedTable } from '../dom/stacked-table.ts'
import { verdictText } from '../model/words.ts'

const heads = [
  'cascade',
  'promise',
  'promised',
  'audited, at every look',
  'quality lost',
  'cost saved',
  'audits',
  'unknown',
]

/** Whether what policies promise still holds, by audits since the start; nothing where nothing is audited. */
export function promises(): { element: HTMLElement; show(state: LiveState, name?: string): void } {
  const body = element('tbody', {})
  const table = stackedTable('What policies promise, and what audits have found', heads, body)
  const whole = section(
    'promises',
    'Promises',
    table,
    paragraph('By audits since the start of the gateway; the command spillway audit reads the whole log.', 'note'),
  )
  return {
    element: whole,
    show({ audits }, name) {
      const shown = audits.filter(({ cascade }) => name === undefined || cascade === name)
      whole.hidden = shown.length === 0
      body.replaceChildren(...shown.map(rowOf))
    },
  }
}

function rowOf(audit: LiveAudit): HTMLElement {
  const { cascade, verdict, confirmed, mean, quality_loss, saved, audited, unknown, probability } = audit
  const words = verdict === undefined ? 'none' : verdictText(verdict, confirmed === true)
  const cells = [
    element('span', { class: `health ${marks[verdict ?? 'too-few']}` }, words),
    promisedText(audit),
    mean === null ? '–' : `${amount(audit, mean)} [${endsOf(audit).join(', ')}]${unitOf(audit)}`,
    quality_loss.value === null ? '–' : `${estimateText(quality_loss, points)} points`,
    estimateText(saved, percent),
    `${plain(audited)} (${plain(Number((100 * probability).toPrecision(2)))} %)`,
    plain(unknown),
  ]
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, cascade),
    ...cells.map((cell, i) => element('td', { class: i > 0 ? 'right' : undefined, 'data-head': heads[i + 1] }, cell)),
  )
}

/** The marks of a model's health stand for those of a promise. */
const marks = { supported: 'closed', 'at-risk': 'half-open', broken: 'open', 'too-few': 'half-open' } as const

/** As it was promised: quality from below, the rest from above. */
function promisedText(audit: LiveAudit): string {
  const { promised, bound } = audit
  if (promised === undefined || bound === undefined) return '–'
  return `${promised} ${promised === 'quality' ? '≥' : '≤'} ${amount(audit, bound)}${unitOf(audit)}`
}

/** The lower end first, as people see it. */
function endsOf(audit: LiveAudit): string[] {
  const ends = audit.range.map((end) => (end === null ? '–' : amount(audit, end)))
  return audit.promised === 'quality' ? ends.toReversed() : ends
}

const unitOf = ({ promised }: LiveAudit): string => (promised === 'cost' ? '' : ' points')

/** Qualities, and losses of them, in points, as `spillway audit` has them. */
const amount = ({ promised }: LiveAudit, value: number): string =>
  promised === 'cost' ? plain(Number(value.toPrecision(4))) : points(promised === 'quality' ? 1 - value : value)

const estimateText = ({ value, interval }: LiveEstimate, format: (value: number) => string): string =>
  value === null ? '–' : `${format(value)}${interval === null ? '' : ` [${interval.map(format).join(', ')}]`}`

const points = (share: number): string => (100 * share).toFixed(1).replace('-', '−')
const percent = (share: number): string => `${points(share)} %`
