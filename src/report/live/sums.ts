/** What some requests came to. Costs in the unit of the prices. */
export interface Sums {
  requests: number
  /** Requests by `Outcome`. */
  outcomes: Partial<Record<string, number>>
  /** Requests by the reason of their first decision. */
  reasons: Partial<Record<string, number>>
  cost: number
  always_large_cost: number
  saved: number
  /** Requests whose cost is not known. */
  requests_without_cost: number
  latency_ms: number
}

export const noSums = (): Sums => ({
  requests: 0,
  outcomes: {},
  reasons: {},
  cost: 0,
  always_large_cost: 0,
  saved: 0,
  requests_without_cost: 0,
  latency_ms: 0,
})

export function addSums(to: Sums, from: Sums): void {
  to.requests += from.requests
  to.cost += from.cost
  to.always_large_cost += from.always_large_cost
  to.saved += from.saved
  to.requests_without_cost += from.requests_without_cost
  to.latency_ms += from.latency_ms
  for (const key of ['outcomes', 'reasons'] as const)
    for (const [name, count = 0] of Object.entries(from[key])) to[key][name] = (to[key][name] ?? 0) + count
}

/** Those in which a policy had its say, and someone answered. */
const DECIDED = ['kept', 'escalated', 'small-failed', 'large-failed']

export const decidedOf = ({ outcomes }: Sums): number => DECIDED.reduce((sum, name) => sum + (outcomes[name] ?? 0), 0)

/** The share of decided requests whose answer is not the last stage's; of none, none. */
export function keptShare(sums: Sums): number | undefined {
  const decided = decidedOf(sums)
  return decided === 0 ? undefined : (sums.outcomes.kept ?? 0) / decided
}
