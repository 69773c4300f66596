import { findSignal } from '../signals/signals.ts'
import { modelPartOf } from './model-fields.ts'

/**
 * Where a column of the user's goes. `signal:NAME` is a signal of the small model's answer; `models.NAME.…` is of one
 * of any number of models.
 */
export type Field =
  | 'id'
  | 'group'
  | 'dataset'
  | 'question'
  | 'gold'
  | 'small.answer'
  | 'small.quality'
  | 'small.cost'
  | 'small.signal_text'
  | 'large.answer'
  | 'large.quality'
  | 'large.cost'
  | 'verify.cost'
  | 'small.model'
  | 'large.model'
  | 'small.top_k'
  | 'small.temperature'
  | `models.${string}`
  | `signal:${string}`

/** In this order a row's texts are handed on. */
export const textFields = [
  'id',
  'group',
  'dataset',
  'question',
  'gold',
  'small.answer',
  'small.signal_text',
  'large.answer',
] as const
export const qualityFields = ['small.quality', 'large.quality'] as const
const costFields = ['small.cost', 'large.cost', 'verify.cost'] as const

/** What should be the same in every row. */
const agreedFields = ['small.model', 'large.model', 'small.top_k', 'small.temperature'] as const

/** Fields that are not signals and not of one of any number of models. */
export const plainFields: readonly Field[] = [...textFields, ...qualityFields, ...costFields, ...agreedFields]

export const isQuality = (field: Field): boolean =>
  qualityFields.some((name) => name === field) || modelPartOf(field)?.what === 'quality'
export const isCost = (field: Field): boolean =>
  costFields.some((name) => name === field) || modelPartOf(field)?.what === 'cost'

/** Column names of recorded studies, beside the canonical paths (`small.quality`) and their flat form (`small_quality`). */
const knownNames: Partial<Record<string, Field>> = {
  perf_slm: 'small.quality',
  perf_llm: 'large.quality',
  slm_pred: 'small.answer',
  llm_pred: 'large.answer',
  cost_slm: 'small.cost',
  cost_llm: 'large.cost',
  top_k: 'small.top_k',
  top_logprobs: 'small.top_k',
  gold_output: 'gold',
  generated_text: 'small.signal_text',
  slm_confidence: 'signal:self_verification',
  avg_logp: 'signal:mean_logprob',
  avg_entropy_nats: 'signal:mean_entropy',
  avg_entropy_bits: 'signal:mean_entropy_bits',
}

/** What `spillway collect` records besides: nobody forgot to use it. */
export const isRecord = (path: string): boolean =>
  /^(?:small|large|verify)\.(?:latency_ms|input_tokens|cached_input_tokens|output_tokens)$/.test(path)

/** The field that a column path means without being told; a path nobody knows: `undefined`. */
export function fieldOfPath(path: string): Field | undefined {
  const canonical = plainFields.find((field) => field === path || field.replace('.', '_') === path)
  if (canonical !== undefined) return canonical
  if (Object.hasOwn(knownNames, path)) return knownNames[path]
  const part = modelPartOf(path)
  if (part !== undefined)
    return part.signal === undefined || findSignal(part.signal) !== undefined ? (path as Field) : undefined
  const name = signalOfPath(path) ?? path
  return findSignal(name) === undefined ? undefined : `signal:${name}`
}

/** The signal's name in `small.signals.mean_logprob` or `signals.mean_logprob`; other paths: `undefined`. */
export const signalOfPath = (path: string): string | undefined => /^(?:small\.)?signals\.(.+)$/.exec(path)?.[1]

/** The field that `--map FIELD=COLUMN` names; not one of them: `undefined`. */
export function parseField(name: string): Field | undefined {
  const plain = plainFields.find((field) => field === name)
  if (plain !== undefined) return plain
  if (modelPartOf(name) !== undefined) return name as Field
  const signal = signalOfPath(name) ?? (findSignal(name) === undefined ? undefined : name)
  return signal === undefined ? undefined : `signal:${signal}`
}

/** What a field is called in messages. */
export const fieldLabel = (field: Field): string => field.replace('signal:', '')

/** Names under which a field is found without a mapping, for messages. */
export function namesOf(field: Field): string[] {
  if (modelPartOf(field) !== undefined) return [field]
  const known = Object.keys(knownNames).filter((name) => knownNames[name] === field)
  return field.startsWith('signal:') ? [fieldLabel(field), ...known] : [field, field.replace('.', '_'), ...known]
}

/** Objects that may hold fields: nothing else nested is looked into. */
export const nestedPaths: readonly string[] = ['small', 'small.signals', 'signals', 'large', 'verify']
