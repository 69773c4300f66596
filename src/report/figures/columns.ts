import type { Estimate, Range } from '../../core/stats/interval.ts'
import { shownRange } from '../../core/stats/interval.ts'
import type { RangeColumns } from './figure-data.ts'

/** An end of an interval, to six digits; none: null. */
const end = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(6))

/** Intervals in two columns. */
export function rangeColumns(ranges: readonly (Range | undefined)[]): RangeColumns {
  return { low: ranges.map((range) => end(range?.low)), high: ranges.map((range) => end(range?.high)) }
}

/** The intervals of estimates in two columns. */
export const estimateColumns = (estimates: readonly Estimate[]): RangeColumns => rangeColumns(estimates.map(shownRange))

/** An estimate as one object, its interval where there is one. */
export function valueWithRange(estimate: Estimate): { value: number | undefined } & Partial<Range> {
  const range = shownRange(estimate)
  return { value: estimate.value, ...(range === undefined ? {} : { low: end(range.low)!, high: end(range.high)! }) }
}
