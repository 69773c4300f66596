import type { Attributes } from '@opentelemetry/api'
import type { CallRecord, DecisionRecord } from '../cascade/record.ts'

/** The conventions' words for what is done. */
const operations: Partial<Record<string, string>> = { completions: 'text_completion', responses: 'chat' }
export const operationOf = ({ api = 'chat' }: DecisionRecord): string => operations[api] ?? api

/** Values that are absent are left out by OpenTelemetry. */
export function requestAttributes(record: DecisionRecord, answering: CallRecord | undefined): Attributes {
  const { signals = {} } = record
  return {
    'gen_ai.operation.name': operationOf(record),
    'gen_ai.provider.name': 'spillway',
    'gen_ai.request.model': record.cascade,
    'gen_ai.response.id': record.id,
    'gen_ai.response.model': answering?.model,
    'gen_ai.usage.input_tokens': answering?.input_tokens,
    'gen_ai.usage.output_tokens': answering?.output_tokens,
    'http.response.status_code': record.status,
    'spillway.outcome': record.outcome,
    'spillway.decision': record.decision,
    'spillway.reason': record.reason,
    'spillway.stage': record.stage ?? undefined,
    'spillway.policy': record.policy ?? undefined,
    'spillway.cost': record.cost ?? undefined,
    'spillway.saved': record.saved ?? undefined,
    ...Object.fromEntries(
      Object.entries(signals).flatMap(([name, value]) =>
        typeof value === 'number' ? [[`spillway.signal.${name}`, value]] : [],
      ),
    ),
  }
}

export const callAttributes = (record: DecisionRecord, call: CallRecord): Attributes => ({
  'gen_ai.operation.name': operationOf(record),
  // Whoever it is, it speaks OpenAI's language.
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': call.model,
  'gen_ai.usage.input_tokens': call.input_tokens,
  'gen_ai.usage.output_tokens': call.output_tokens,
  'spillway.stage': call.stage,
  'spillway.result': call.result,
  'spillway.cost': call.cost ?? undefined,
  'spillway.first_token_ms': call.first_token_ms ?? undefined,
})
