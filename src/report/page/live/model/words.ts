import type { AuditVerdict } from '../../../../core/audit/monitor.ts'
import type { SignalValue } from '../../../../core/policy/bounds.ts'
import { plain, short } from '../../../charts/format.ts'
import type { LiveAudit, LiveSignal, LiveUpstream, WindowName } from '../../../live/state.ts'

/** Four digits of an amount, with its currency. */
export const money = (amount: number, currency: string): string => `${plain(Number(amount.toPrecision(4)))} ${currency}`

/** `0.8 ms`, `213 ms`, `1.27 s`; none: a dash. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  return ms < 1000 ? `${short(ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms))} ms` : `${short(ms / 1000)} s`
}

/** A share in percent to one decimal; none: a dash. */
export const share = (part: number | undefined): string => (part === undefined ? '–' : `${(100 * part).toFixed(1)} %`)

/** `1 request`, `1,024 requests`. */
export const many = (count: number, noun: string): string => `${plain(count)} ${noun}${count === 1 ? '' : 's'}`

/** A signal's value, or what is known of it. */
export function valueText(value: SignalValue): string {
  if (value === null || value === undefined) return 'missing'
  if (typeof value === 'number') return rounded(value)
  const { lower, upper } = value
  if (upper !== undefined) return `≤\u00a0${rounded(upper)}`
  return lower === undefined ? 'unknown' : `≥\u00a0${rounded(lower)}`
}

const rounded = (value: number) => plain(Number(value.toPrecision(4)))

const reasons: Partial<Record<string, string>> = {
  'conditions-hold': 'sure enough',
  'condition-fails': 'not sure enough',
  'missing-signal': 'signal missing',
  'predicted-gain': 'predicted gain',
  always: 'policy without conditions',
  'small-failed': 'small model failed',
}

/** The reason of a decision in words. */
export const reasonText = (reason: string): string => reasons[reason] ?? reason

const outcomes: Partial<Record<string, string>> = {
  'small-failed': 'escalated, small failed',
  'large-failed': 'small stood in, large failed',
  passed: 'passed to one model',
  aborted: 'client left',
}

/** What became of a request in words. */
export const outcomeText = (outcome: string): string => outcomes[outcome] ?? outcome

const shortOutcomes: Partial<Record<string, string>> = {
  'small-failed': 'small failed',
  'large-failed': 'large failed',
  passed: 'passed',
}

/** The same in two words. */
export const shortOutcome = (outcome: string): string => shortOutcomes[outcome] ?? outcomeText(outcome)

const states: Record<LiveUpstream['state'], string> = {
  closed: 'well',
  'half-open': 'being tried again',
  open: 'left alone',
}

export const stateText = (state: LiveUpstream['state']): string => states[state]

const verdicts: Record<AuditVerdict, string> = {
  supported: 'supported',
  'at-risk': 'at risk',
  broken: 'broken',
  'too-few': 'not known yet',
}

/** How a promise stands, in words. */
export const verdictText = (verdict: AuditVerdict, confirmed: boolean): string =>
  verdict === 'supported' && confirmed ? 'confirmed' : verdicts[verdict]

/** The promises that are broken, in a sentence; none: nothing to say. */
export const promiseNews = (audits: readonly LiveAudit[]): string =>
  audits
    .filter(({ verdict }) => verdict === 'broken')
    .map(({ cascade }) => `The promise of ${cascade} is broken.`)
    .join(' ')

/** Whether a signal has drifted, in words. */
export function driftText({ drift, unknown_tuning: unknown }: LiveSignal): string {
  if (unknown === 'absent') return 'not known: the policy does not hold its tuning distribution'
  if (unknown !== undefined || drift === null)
    return 'not known: the policy holds the tuning distribution of other thresholds'
  const { verdict, requests, psi } = drift
  if (verdict === 'too-few') return `not known yet: it takes 100 requests, and there are ${requests}`
  return verdict === 'drifted' ? `established, PSI ${psi!.toFixed(2)}` : `none seen, PSI ${psi!.toFixed(2)}`
}

export const windowText: Record<WindowName, string> = { hour: 'last hour', day: 'last day' }

/** How long the gateway has been up. */
export function uptimeText(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60].map(Math.floor)
  if (days > 0) return `${days} d ${hours} h`
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${Math.floor(seconds % 60)} s`
}

/** The signals that have drifted, in a sentence; none: nothing to say. */
export const driftNews = (signals: readonly LiveSignal[]): string =>
  signals
    .filter(({ drift }) => drift?.verdict === 'drifted')
    .map(({ signal, cascade }) => `${signal} of ${cascade} has drifted from its tuning.`)
    .join(' ')
