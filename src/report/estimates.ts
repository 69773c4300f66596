import { shownRange, type Estimate, type Range } from '../core/stats/interval.ts'
import type { PairedDifference } from '../core/intervals/paired.ts'
import type { RoutedIntervals } from '../core/intervals/policy-intervals.ts'
import type { FiellerSet } from '../core/stats/fieller.ts'
import { cell } from './rows.ts'
import { number, score } from './text-table.ts'

const MINUS = '−'
const ends = (range: Range | undefined) => (range === undefined ? null : [range.low, range.high])

/** An estimate under its file names; `low` and `high` are BCa's where there is one, else the percentile interval's. */
export const estimateFields = (estimate: Estimate) => ({
  value: cell(estimate.value),
  low: cell(shownRange(estimate)?.low),
  high: cell(shownRange(estimate)?.high),
  bca: ends(estimate.bca),
  percentile: ends(estimate.percentile),
  undefined_share: estimate.undefinedShare,
})

/** A difference under its file names, with what it says. */
export const differenceFields = (difference: PairedDifference | undefined) =>
  difference === undefined ? null : { ...estimateFields(difference), verdict: difference.verdict }

/** Fieller's set of an IBC under its file names. */
export const ibcSetFields = (set: FiellerSet | undefined) =>
  set === undefined
    ? null
    : set.kind === 'bounded'
      ? { identified: true, low: set.low, high: set.high }
      : { identified: false, excluded: ends(set.excluded) }

/** `0.5343 [0.5012, 0.5690]`; no value: a dash; no interval: none shown. */
export function estimateText(estimate: Estimate | undefined, format: (value: number) => string = score): string {
  if (estimate?.value === undefined) return '–'
  const range = shownRange(estimate)
  return format(estimate.value) + (range === undefined ? '' : ` [${format(range.low)}, ${format(range.high)}]`)
}

/** A difference of qualities in points, hundredths of the scale: `+1.2`. */
export function points(value: number, digits = 1): string {
  const text = (100 * Math.abs(value)).toFixed(digits)
  if (Number(text) === 0) return text
  return `${value > 0 ? '+' : MINUS}${text}`
}

/** Four digits of a number. */
export const shortNumber = (value: number): string => number(Number(value.toPrecision(4)))

const whole = (value: number): string => (Math.round(value) === 0 ? '0' : value.toFixed(0).replace('-', MINUS))

/** ΔIBC in whole percent; where the data allow any IBC at all, it says so. */
export function deltaIbcText(routing: RoutedIntervals | undefined): string {
  const text = estimateText(routing?.estimates.deltaIbc, whole)
  return text !== '–' && routing?.ibcSet?.kind === 'unbounded' ? `${text.split(' ')[0]} (not identified)` : text
}

/** `+1.2 points [−0.4, +2.9]`; with more digits where an end would be rounded to 0. */
export function pointsText(difference: Estimate): string {
  if (difference.value === undefined) return 'no value'
  const range = shownRange(difference)
  const shown = range === undefined ? [difference.value] : [difference.value, range.low, range.high]
  const smallest = Math.min(...shown.filter((each) => each !== 0).map((each) => 100 * Math.abs(each)))
  const digits = smallest < 0.005 ? 3 : smallest < 0.05 ? 2 : 1
  const interval = range === undefined ? '' : ` [${points(range.low, digits)}, ${points(range.high, digits)}]`
  return `${points(difference.value, digits)} points${interval}`
}

/** The answer to "is the first better than the second?". */
export function answer(difference: PairedDifference): string {
  if (difference.value === undefined || shownRange(difference) === undefined) return 'cannot be told'
  return { first: 'yes', second: 'no, it is worse', 'not-established': 'not established' }[difference.verdict]
}
