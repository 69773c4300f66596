import type { DecisionRecord } from '../cascade/record.ts'
import { noSums, type Sums } from '../report/live/sums.ts'
import { addRecord, summaryOf } from './sums.ts'

/** What a gateway has done since it started. */
export interface Stats {
  add(record: DecisionRecord): void
  /** By the names that clients asked for. */
  sums(): ReadonlyMap<string, Sums>
  uptimeSeconds(): number
  summary(): object
}

/**
 * Counts what a gateway does, from its records.
 * @param now ms, of any origin
 */
export function statsOf(now: () => number, currency: string): Stats {
  const start = now()
  const cascades = new Map<string, Sums>()
  const uptimeSeconds = () => Math.round((now() - start) / 1000)
  return {
    add(record) {
      const sums = cascades.get(record.cascade) ?? noSums()
      cascades.set(record.cascade, sums)
      addRecord(sums, record)
    },
    sums: () => cascades,
    uptimeSeconds,
    summary: () => ({
      uptime_s: uptimeSeconds(),
      currency,
      cascades: Object.fromEntries([...cascades].map(([name, sums]) => [name, summaryOf(sums)])),
    }),
  }
}
