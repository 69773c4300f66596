import type { DecisionRecord } from '../cascade/record.ts'
import { keptShare, type Sums } from '../report/live/sums.ts'

/** Adds one request. */
export function addRecord(sums: Sums, record: DecisionRecord): void {
  const { outcome, reason, cost, always_large_cost, saved, latency_ms } = record
  sums.requests++
  sums.outcomes[outcome] = (sums.outcomes[outcome] ?? 0) + 1
  if (reason !== undefined) sums.reasons[reason] = (sums.reasons[reason] ?? 0) + 1
  sums.latency_ms += latency_ms
  if (cost === null) sums.requests_without_cost++
  sums.cost += cost ?? 0
  sums.always_large_cost += always_large_cost ?? 0
  sums.saved += saved ?? 0
}

/** Sums as they are told. */
export const summaryOf = (sums: Sums): object => ({
  requests: sums.requests,
  outcomes: sums.outcomes,
  reasons: sums.reasons,
  kept_share: keptShare(sums) ?? null,
  cost: sums.cost,
  always_large_cost: sums.always_large_cost,
  saved: sums.saved,
  requests_without_cost: sums.requests_without_cost,
  mean_latency_ms: sums.latency_ms / sums.requests,
})
