import type { SignalValue } from '../core/policy/bounds.ts'
import type { ModelError } from '../models/model-error.ts'
import type { CallReport } from './call.ts'
import type { RunCost } from './cost.ts'
import type { RunReport, StageVerdict } from './run.ts'

/** The client has left, and nobody hears the answer. nginx's status for it. */
export const CLIENT_LEFT = 499

/** One call as a decision log keeps it. Times in ms, costs in the unit of the prices. */
export interface CallRecord {
  stage: string
  model: string
  result: CallReport['result']
  input_tokens?: number
  cached_input_tokens?: number
  output_tokens: number
  cost: number | null
  /** The endpoint did not count the tokens; what was received is counted. */
  estimated?: true
  start_ms: number
  first_token_ms: number | null
  latency_ms: number
  error?: string
  error_status?: number
  /** The answer as far as it came, where texts are logged. */
  answer?: string
}

/** What one stage's answer was found to be. Deciding on `signals` again gives the decision again. */
export interface VerdictRecord {
  stage: string
  decision: 'keep' | 'escalate'
  /** As `Decision` has it, or `small-failed`. */
  reason: string
  /** The signal that decided. */
  signal?: string
  /** A signal that was cut short is known by bounds. */
  signals: Record<string, SignalValue>
  /** The answer was not read to its end. */
  censored?: true
  tokens_seen?: number
}

/**
 * `kept`: an answer before the last stage's; `escalated`: that of the last stage; `small-failed`: the same, since an
 * earlier stage failed; `large-failed`: an earlier one in place of the last one's; `passed`: of the one model that was
 * asked for; `failed`: none; `aborted`: the client left.
 */
export type Outcome = 'kept' | 'escalated' | 'small-failed' | 'large-failed' | 'passed' | 'failed' | 'aborted'

/** One request as a decision log keeps it. */
export interface DecisionRecord extends Partial<Omit<VerdictRecord, 'stage'>> {
  id: string
  /** When it came, ISO 8601. */
  time: string
  cascade: string
  /** `chat`, `completions` or another of OpenAI's. */
  api?: string
  /** Whose key the request bore. */
  client?: string
  /** The hash of the policy file. */
  policy: string | null
  stream: boolean
  outcome: Outcome
  /** Whose answer the client has; null where it has none. */
  stage: string | null
  /** The HTTP status that the client has; 499 where it left. */
  status: number
  /** Where there are more than two stages: what was found of each that was asked, in order. */
  verdicts?: VerdictRecord[]
  calls: CallRecord[]
  cost: number | null
  always_large_cost: number | null
  /** The always-large cost rests on another model's count of tokens. */
  always_large_estimated?: true
  saved: number | null
  latency_ms: number
  first_token_ms: number | null
  error?: string
  warnings?: string[]
  /** The messages or the prompt as they came, where texts are logged. */
  question?: unknown
}

/** The parts of a record that a run tells by itself. */
export function runRecord(report: RunReport, costs: RunCost): Partial<DecisionRecord> {
  const verdicts = report.verdicts.map(verdictRecord)
  const { stage: _, ...first } = verdicts[0] ?? {}
  return {
    ...first,
    ...(verdicts.length > 1 ? { verdicts } : {}),
    calls: report.calls.map((call, i) => callRecord(call, costs.calls[i])),
    cost: costs.cost ?? null,
    always_large_cost: costs.alwaysLarge ?? null,
    ...(costs.alwaysLargeEstimated && costs.alwaysLarge !== undefined ? { always_large_estimated: true } : {}),
    saved: costs.saved ?? null,
  }
}

/** What a client is told of a decision that asks for it: of the record, what is about the answer. */
export function detailsOf(record: DecisionRecord): Partial<DecisionRecord> {
  const { id, cascade, outcome, stage, decision, reason, signal, signals, censored, tokens_seen } = record
  const { calls, cost, always_large_cost, always_large_estimated, saved, warnings } = record
  const decided = { id, cascade, outcome, stage, decision, reason, signal, signals, censored, tokens_seen }
  return {
    ...decided,
    calls: calls.map(withoutAnswer),
    cost,
    always_large_cost,
    always_large_estimated,
    saved,
    warnings,
  }
}

/** The same without what was asked and answered. */
export function withoutTexts({ question: _, ...record }: DecisionRecord): DecisionRecord {
  return { ...record, calls: record.calls.map(withoutAnswer) }
}

const withoutAnswer = ({ answer: _, ...call }: CallRecord): CallRecord => call

function verdictRecord(verdict: StageVerdict): VerdictRecord {
  const { stage } = verdict
  if ('error' in verdict) return { stage, decision: 'escalate', reason: 'small-failed', signals: {} }
  const { decision, signals, censored } = verdict
  return {
    stage,
    decision: decision.action === 'keep' ? 'keep' : 'escalate',
    reason: decision.reason,
    ...('signal' in decision ? { signal: decision.signal } : {}),
    signals: { ...signals },
    ...(censored === undefined ? {} : { censored: true, tokens_seen: censored.tokensSeen }),
  }
}

function callRecord(call: CallReport, cost: RunCost['calls'][number]): CallRecord {
  const { inputTokens, cachedInputTokens, outputTokens, estimated } = cost
  return {
    stage: call.stage,
    model: call.model,
    result: call.result,
    ...(inputTokens === undefined ? {} : { input_tokens: inputTokens }),
    ...(cachedInputTokens === undefined ? {} : { cached_input_tokens: cachedInputTokens }),
    output_tokens: outputTokens,
    cost: cost.cost ?? null,
    ...(estimated ? { estimated: true } : {}),
    start_ms: rounded(call.startMs),
    first_token_ms: call.firstTokenMs === undefined ? null : rounded(call.firstTokenMs),
    latency_ms: rounded(call.latencyMs),
    ...(call.error === undefined ? {} : errorFields(call.error)),
    ...(call.answer === undefined ? {} : { answer: call.answer }),
  }
}

const errorFields = ({ message, status }: ModelError) => ({
  error: message,
  ...(status === undefined ? {} : { error_status: status }),
})

/** To a hundredth of a millisecond. */
export const rounded = (ms: number): number => Math.round(ms * 100) / 100
