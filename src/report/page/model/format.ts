import { describePolicy } from '../../../core/policy/describe.ts'
import { conditionsOf, thresholdOf, type Policy } from '../../../core/policy/policy.ts'
import { count, number, percent, score, signed } from '../../text-table.ts'

/** A figure as text. */
export type Format = (value: number) => string

/** A minus sign where a hyphen stands for one, and no line that ends before a percent sign. */
const minus = (text: string): string => text.replace(/^-/, '−').replace(' %', PERCENT)
const PERCENT = '\u00a0%'

/** No value: a dash. */
export const shown = (value: number | null | undefined, format: Format): string =>
  value === undefined || value === null ? '–' : format(value)

export const asScore: Format = (value) => minus(score(value))
export const asShare: Format = (value) => minus(percent(value))
export const asCount: Format = (value) => count(Math.round(value))
export const asCost: Format = (value) => minus(number(value))
/** Four digits of a ratio, whatever its size. */
export const asRatio: Format = (value) => minus(number(Number(value.toPrecision(4))))
/** The ends of an interval, with the decimals of four digits of its value. */
export const besideRatio = (value: number): Format => {
  const digits = value === 0 ? 4 : Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))))
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return (end) => minus(format.format(end))
}
/** A change in percent, with its sign. */
export const asChange: Format = (value) => minus(`${signed(value)} %`)

/** `[0.51, 0.56]`, the unit after it where the format has one; no interval: nothing. */
export function interval(
  low: number | null | undefined,
  high: number | null | undefined,
  format: Format,
): string | undefined {
  if (low === null || high === null || low === undefined || high === undefined) return undefined
  const [from, to] = [format(low), format(high)]
  if (!from.endsWith(PERCENT)) return `[${from}, ${to}]`
  const bare = (end: string) => end.slice(0, -PERCENT.length)
  return `[${bare(from)}, ${bare(to)}]${PERCENT}`
}

/** A figure as it stands in a table: its value, and its interval where it has one. */
export interface Ranged {
  value: string
  range?: string
}

/** A quantity with its interval; no value: a dash. */
export const ranged = (
  value: number | undefined,
  low: number | null | undefined,
  high: number | null | undefined,
  format: Format,
): Ranged => (value === undefined ? { value: '–' } : { value: format(value), range: interval(low, high, format) })

/** A threshold as it is read; the copied policy has all of its digits. */
export const shortThreshold = (value: number): string => minus(String(Number(value.toPrecision(5))))

/** `keep when mean_logprob ≥ −0.21`; a policy without conditions in its own words. */
export function ruleText(policy: Policy): string {
  if ('always' in policy) return policy.always === 'keep' ? 'keep every answer' : 'escalate every query'
  const conditions = conditionsOf(policy).map(
    (each) => `${each.signal} ${'atLeast' in each ? '≥' : '≤'} ${shortThreshold(thresholdOf(each))}`,
  )
  if ('predictedGain' in policy && policy.predictedGain.terms.length > 3)
    return `escalate when the gain predicted from ${policy.predictedGain.terms.length} signals is above ${shortThreshold(policy.escalateAbove)}`
  return conditions.length === 0 ? describePolicy(policy) : `keep when ${conditions.join(' and ')}`
}

/** `1 row`, `1,000 rows`. */
export const many = (amount: number, noun: string): string => `${asCount(amount)} ${noun}${amount === 1 ? '' : 's'}`

/** A confidence, `95 %`. */
export const asConfidence = (share: number): string => `${Number((100 * share).toPrecision(6))}${PERCENT}`
