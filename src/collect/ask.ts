import { traceSignals } from '../core/signals/running.ts'
import type { TokenStep } from '../core/signals/trace.ts'
import { ModelError } from '../models/model-error.ts'
import type { Model, ModelEvent } from '../models/model.ts'
import type { Call, CallResult, TokenRecord } from './call.ts'
import { probabilityOfTrue } from './verdict.ts'

export interface AskOptions {
  /** Names of the signals to compute from the answer's tokens. */
  signals: readonly string[]
  keepTokens: boolean
  now: () => number
  signal?: AbortSignal
}

/**
 * Makes one call and keeps what follows from its one generation: answer, signals, tokens, time in milliseconds.
 * @throws ModelError where the model fails
 */
export async function ask(model: Model, call: Call, options: AskOptions): Promise<CallResult> {
  const { signals, keepTokens, now, signal } = options
  const started = now()
  const { answer, trace, usage, finish } = await gather(model.generate(call.request, { signal }), model.id)
  const latency = now() - started
  const { key, question, role, purpose, request } = call
  const measured = purpose === 'answer' && request.topLogprobs !== undefined
  const exact = trace.some(({ entropy }) => entropy !== undefined)
  const listed = trace.some(({ alternatives = [] }) => alternatives.length > 0)
  return {
    key,
    question,
    role,
    purpose,
    model: model.id,
    answer,
    finish,
    latency_ms: Math.round(latency * 1000) / 1000,
    input_tokens: usage?.inputTokens,
    cached_input_tokens: usage?.cachedInputTokens,
    output_tokens: usage?.outputTokens,
    ...(measured
      ? {
          signals: traceSignals(trace, signals, { topK: exact ? undefined : request.topLogprobs }),
          top_k: exact || !listed ? undefined : request.topLogprobs,
        }
      : {}),
    ...(purpose === 'p_true' ? { p_true: probabilityOfTrue(trace[0]) } : {}),
    ...(measured && keepTokens ? { tokens: trace.map(recordOf) } : {}),
  }
}

async function gather(events: AsyncIterable<ModelEvent>, id: string) {
  let answer = ''
  let usage: (ModelEvent & { type: 'usage' })['usage'] | undefined
  let finish: string | undefined
  const trace: TokenStep[] = []
  for await (const event of events) {
    if (event.type === 'text') answer += event.text
    else if (event.type === 'token') trace.push(event.token)
    else if (event.type === 'usage') usage = event.usage
    else if (event.type === 'finish') finish = event.reason
  }
  if (finish === undefined) throw new ModelError(`${id}: the answer has no end`, { place: id, retryable: true })
  return { answer, trace, usage, finish }
}

const recordOf = ({ text, logprob, entropy, alternatives = [], alternativeTexts = [] }: TokenStep): TokenRecord => ({
  text,
  logprob,
  entropy,
  alternatives: alternatives
    .map((log, place): [string, number] => [alternativeTexts[place] ?? '', log])
    .filter(([, log]) => Number.isFinite(log)),
})
