import type { Price } from '../models/price.ts'
import type { Score } from '../scoring/score.ts'
import type { Call, CallResult, Role } from './call.ts'
import { priceOf } from './cost.ts'
import type { Journal } from './journal.ts'
import { planner, type QuestionPlan, type Setup } from './plan.ts'
import { qualityOf } from './quality.ts'
import type { Question } from './question.ts'
import { selfVerification } from './verdict.ts'

export interface AssembleOptions {
  questions: AsyncIterable<Question>
  setup: Setup
  journal: Journal
  prices: Record<Role, Price>
  score: Score
}

/**
 * Outcomes from questions and finished calls, in the order of the questions. One with a call that failed has an `error`
 * and no quality for it; a question that is still to be answered has none.
 */
export async function* outcomeRows(options: AssembleOptions): AsyncGenerator<OutcomeRow> {
  const plan = planner(options.setup)
  for await (const question of options.questions) {
    const row = await outcomeRow(plan(question), options)
    if (row !== undefined) yield row
  }
}

export type OutcomeRow = NonNullable<Awaited<ReturnType<typeof outcomeRow>>>

async function outcomeRow(plan: QuestionPlan, { journal, prices, score }: AssembleOptions) {
  const { question } = plan
  const find = (call: Call): CallResult | undefined => (journal.has(call.key) ? journal.read(call.key) : undefined)
  const small = find(plan.small)
  const large = find(plan.large)
  const calls = small === undefined ? [] : plan.verifications(small.answer)
  const judged = calls.map(find)
  const error = [plan.small, plan.large, ...calls]
    .map(({ key, role, purpose }) => {
      const why = journal.failure(key)
      return why === undefined ? undefined : `${purpose === 'answer' ? role : purpose}: ${why}`
    })
    .find((each) => each !== undefined)
  const whole = small !== undefined && large !== undefined && !judged.includes(undefined)
  if (!whole && error === undefined) return undefined
  const { references, fields, id } = question
  return {
    id,
    group: cell(fields.group),
    dataset: cell(fields.dataset),
    question: typeof fields.question === 'string' ? fields.question : undefined,
    gold: references.length === 1 ? references[0] : references,
    small: small && {
      ...(await side(small, question, prices, score)),
      top_k: small.top_k,
      temperature: plan.small.request.temperature,
      // A share of fewer samples than were asked for is another signal.
      signals: { ...small.signals, ...(judged.includes(undefined) ? {} : verificationSignals(judged)) },
      tokens: small.tokens,
    },
    large: large && (await side(large, question, prices, score)),
    verify: verification(judged, prices),
    error,
  }
}

/** Neither null nor an empty cell says that questions belong together. */
const cell = (value: unknown): unknown => (value === null || value === '' ? undefined : value)

const side = async (result: CallResult, question: Question, prices: Record<Role, Price>, score: Score) => ({
  model: result.model,
  answer: result.answer,
  quality: await qualityOf(result.answer, question, score),
  cost: priceOf(result, prices),
  latency_ms: result.latency_ms,
  input_tokens: result.input_tokens,
  output_tokens: result.output_tokens,
  finish: result.finish,
})

type Judged = readonly (CallResult | undefined)[]

function verificationSignals(judged: Judged): Record<string, number | undefined> {
  const samples = judged.filter((call) => call?.purpose === 'verify').map((call) => call?.answer ?? '')
  const asked = judged.find((call) => call?.purpose === 'p_true')
  return {
    ...(samples.length === 0 ? {} : { self_verification: selfVerification(samples) }),
    ...(asked === undefined ? {} : { p_true: asked.p_true }),
  }
}

/** What verifying took besides the answer: the sum of its costs, and the longest of its calls, which run at once. */
function verification(judged: Judged, prices: Record<Role, Price>) {
  const calls = judged.filter((call) => call !== undefined)
  if (calls.length === 0) return undefined
  const samples = calls.filter(({ purpose }) => purpose === 'verify').map(({ answer }) => answer.trim())
  return {
    cost: calls.reduce((sum, call) => sum + priceOf(call, prices), 0),
    latency_ms: Math.max(...calls.map(({ latency_ms }) => latency_ms)),
    samples: samples.length === 0 ? undefined : samples,
  }
}
