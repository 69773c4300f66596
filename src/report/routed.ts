import { amountAt, type Costs } from '../core/outcomes/costs.ts'
import { findColumn, type Outcomes } from '../core/outcomes/outcomes.ts'
import { conditionsOf, signalsRead, thresholdOf, type Policy } from '../core/policy/policy.ts'
import { replay } from '../core/policy/replay.ts'
import { baselines } from '../core/sweep/baselines.ts'
import { escalateAllPoint, keepAllPoint, operatingPoint } from '../core/sweep/operating-point.ts'
import { studyRow } from './automix-study.ts'
import { cell } from './rows.ts'

/** A policy's thresholds as the study names them; `null` for a signal that the policy does not read. */
function studyThresholds(policy: Policy) {
  const of = (signal: string) => {
    const found = conditionsOf(policy).find((condition) => condition.signal === signal)
    return found === undefined ? null : thresholdOf(found)
  }
  return { logits_threshold: of('mean_logprob'), entropy_threshold: of('mean_entropy') }
}

/** Where `routedJsonl` adds up what its rows give, for `routedSummary`. */
export interface RoutedTotals {
  kept: number
  gain: number
  extraCost: number
  missing: number
}

/** One JSON line per query: the decision, the chosen answer, its quality and cost, under the study's field names. */
export function* routedJsonl(
  outcomes: Outcomes,
  policy: Policy,
  costs: Costs,
  totals: RoutedTotals,
): Generator<string> {
  const thresholds = studyThresholds(policy)
  const { texts, datasets, dataset } = outcomes
  const read = signalsRead(policy).map((name) => findColumn(outcomes, name)!)
  for (const { row, decision, quality, cost } of replay(outcomes, policy, costs)) {
    const escalated = decision.action === 'escalate'
    const [small, large] = [outcomes.small.quality[row], outcomes.large.quality[row]]
    if (escalated) {
      totals.gain += large - small
      totals.extraCost += amountAt(costs.large, row)
    } else totals.kept++
    if (decision.reason === 'missing-signal') totals.missing++
    yield `${JSON.stringify({
      id: texts?.id[row] ?? null,
      dataset: datasets[dataset?.[row] ?? 0],
      action: decision.action,
      reason: decision.reason,
      ...('signal' in decision ? { signal: decision.signal } : {}),
      model_used: escalated ? 'large' : 'small',
      final_answer: (escalated ? texts?.large : texts?.small)?.[row] ?? null,
      perf_chosen: cell(quality),
      perf_slm: cell(small),
      perf_llm: cell(large),
      cost: cell(cost),
      ...thresholds,
      signals: Object.fromEntries(read.map(({ name, values }) => [name, cell(values[row])])),
      gold_output: texts?.gold[row] ?? null,
    })}\n`
  }
}

/** The study's summary statistics of a routed file. */
export function routedSummary(outcomes: Outcomes, policy: Policy, costs: Costs, totals: RoutedTotals) {
  const read = signalsRead(policy).map((name) => findColumn(outcomes, name))
  const base = baselines(
    outcomes,
    costs,
    read.some((column) => column?.verification === true),
  )
  const point = operatingPoint(base, policy, totals)
  const row = studyRow(point, keepAllPoint(base), escalateAllPoint(base))
  const numbers = Object.entries(row).map(([name, value]) => [name, value === null ? null : cell(value)])
  return {
    ...studyThresholds(policy),
    ...(Object.fromEntries(numbers) as typeof row),
    missing_signal: totals.missing,
    unstable: point.unstable,
  }
}
