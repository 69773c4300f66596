import type { Finding } from './findings.ts'
import type { ModelOutcomes } from './outcomes.ts'

/** Models by mean cost, cheapest first, where every one has a cost; else in the given order. The finding says which. */
export function byCost(models: readonly ModelOutcomes[]): { ordered: ModelOutcomes[]; finding: Finding } {
  const unknown = models.filter(({ cost }) => cost === undefined).map(({ name }) => name)
  const ordered = unknown.length === 0 ? sortByCost(models) : [...models]
  const why =
    unknown.length === 0
      ? 'by mean cost, cheapest first'
      : `in order of appearance, because no cost is known for ${unknown.join(', ')}`
  const names = ordered.map(({ name }) => name)
  const message = `the models are taken ${why}: ${names.join(', ')} (another order, or some of them only: --models ${names.join(',')})`
  return { ordered, finding: { level: 'note', code: 'models-order', message } }
}

/** Only rows in which every cost is known compare like with like. */
function sortByCost(models: readonly ModelOutcomes[]): ModelOutcomes[] {
  const costs = models.map(({ cost }) => cost!)
  const totals = costs.map(() => 0)
  for (let row = 0; row < costs[0].length; row++) {
    if (costs.some((cost) => Number.isNaN(cost[row]))) continue
    for (let i = 0; i < costs.length; i++) totals[i] += costs[i][row]
  }
  const order = totals.map((_, i) => i).toSorted((a, b) => totals[a] - totals[b])
  return order.map((i) => models[i])
}
