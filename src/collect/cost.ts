import { ModelError } from '../models/model-error.ts'
import { callCost, mostCost, type Price } from '../models/price.ts'
import type { Call, CallResult, Role } from './call.ts'
import type { Journal } from './journal.ts'
import type { QuestionPlan, Setup } from './plan.ts'

/** The cost of a finished call; `undefined` where the price is by token and its endpoint did not count them. */
function costOf(result: CallResult, prices: Record<Role, Price>): number | undefined {
  const { input_tokens: inputTokens, cached_input_tokens: cachedInputTokens, output_tokens: outputTokens } = result
  const counted = inputTokens !== undefined && outputTokens !== undefined
  return callCost(prices[result.role], counted ? { inputTokens, cachedInputTokens, outputTokens } : undefined)
}

export const isPriced = (result: CallResult, prices: Record<Role, Price>): boolean =>
  costOf(result, prices) !== undefined

/** @throws ModelError where a price by token meets an endpoint that does not count them */
export function priceOf(result: CallResult, prices: Record<Role, Price>): number {
  const cost = costOf(result, prices)
  if (cost !== undefined) return cost
  const { role, model } = result
  throw new ModelError(
    `${model}: the endpoint does not say how many tokens it used, and the price of the ${role} model is by token; give a cost by call (--cost ${role}=…)`,
    { place: model },
  )
}

/** What a question's calls have cost already, and the most that those still to be made can cost. */
export function spendOf(
  plan: QuestionPlan,
  setup: Setup,
  prices: Record<Role, Price>,
  journal: Journal,
): { paid: number; most: number } {
  const small = journal.has(plan.small.key) ? journal.read(plan.small.key) : undefined
  const most = (call: Call, more = 0) =>
    mostCost(prices[call.role], bytesOf(call) + more + TEMPLATE_TOKENS, call.request.maxTokens ?? 0)
  const spend = { paid: 0, most: 0 }
  for (const call of [plan.small, plan.large, ...(small === undefined ? [] : plan.verifications(small.answer))])
    if (journal.has(call.key)) spend.paid += priceOf(journal.read(call.key), prices)
    else spend.most += most(call)
  // What will be judged is not known yet: at most so many tokens.
  if (small === undefined) for (const call of plan.verifications('')) spend.most += most(call, setup.small.maxTokens)
  return spend
}

/** Tokens that a chat template, with the system message that some bring, puts around the messages. */
const TEMPLATE_TOKENS = 256

const bytesOf = ({ request: { prompt } }: Call): number =>
  typeof prompt === 'string'
    ? Buffer.byteLength(prompt)
    : prompt.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)
