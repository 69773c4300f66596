import type { DecisionRecord, Outcome } from '../cascade/record.ts'

/** What a gateway has done since it started. */
export interface Stats {
  add(record: DecisionRecord): void
  summary(): object
}

interface Sums {
  requests: number
  outcomes: Partial<Record<Outcome, number>>
  reasons: Partial<Record<string, number>>
  cost: number
  alwaysLarge: number
  saved: number
  /** Requests whose cost is not known. */
  unpriced: number
  latencyMs: number
}

const DECIDED: readonly Outcome[] = ['kept', 'escalated', 'small-failed', 'large-failed']

/** @param now ms, of any origin */
export function statsOf(now: () => number, currency: string): Stats {
  const start = now()
  const cascades = new Map<string, Sums>()
  return {
    add({ cascade, outcome, reason, cost, always_large_cost, saved, latency_ms }) {
      const sums = cascades.get(cascade) ?? newSums()
      cascades.set(cascade, sums)
      sums.requests++
      sums.outcomes[outcome] = (sums.outcomes[outcome] ?? 0) + 1
      if (reason !== undefined) sums.reasons[reason] = (sums.reasons[reason] ?? 0) + 1
      sums.latencyMs += latency_ms
      if (cost === null) sums.unpriced++
      sums.cost += cost ?? 0
      sums.alwaysLarge += always_large_cost ?? 0
      sums.saved += saved ?? 0
    },
    summary: () => ({
      uptime_s: Math.round((now() - start) / 1000),
      currency,
      cascades: Object.fromEntries([...cascades].map(([name, sums]) => [name, summaryOf(sums)])),
    }),
  }
}

const newSums = (): Sums => ({
  requests: 0,
  outcomes: {},
  reasons: {},
  cost: 0,
  alwaysLarge: 0,
  saved: 0,
  unpriced: 0,
  latencyMs: 0,
})

function summaryOf({ requests, outcomes, reasons, cost, alwaysLarge, saved, unpriced, latencyMs }: Sums): object {
  const decided = DECIDED.reduce((sum, name) => sum + (outcomes[name] ?? 0), 0)
  return {
    requests,
    outcomes,
    reasons,
    kept_share: decided === 0 ? null : (outcomes.kept ?? 0) / decided,
    cost,
    always_large_cost: alwaysLarge,
    saved,
    requests_without_cost: unpriced,
    mean_latency_ms: latencyMs / requests,
  }
}
