import { ranges, type Range } from '../signals/scale.ts'
import type { SignalDefinition } from '../signals/signals.ts'
import { MAX_COST } from './costs.ts'
import { isCost, isQuality, type Field } from './fields.ts'

const quality: Range = {
  min: 0,
  max: 1,
  level: 'error',
  reason: 'a quality lies in [0, 1]. Is this column a percentage?',
}
const cost: Range = { min: 0, max: MAX_COST, level: 'error', reason: `a cost lies between 0 and ${MAX_COST}` }
const topK: Range = { min: 1, max: Infinity, level: 'error', reason: 'there is at least one alternative' }
const temperature: Range = { min: 0, max: Infinity, level: 'error', reason: 'a temperature is never below 0' }

/** The values that a field can have; a signal's come from its definition. */
export function rangeOf(field: Field, signal: SignalDefinition | undefined): Range | undefined {
  if (isQuality(field)) return quality
  if (isCost(field)) return cost
  if (field === 'small.top_k') return topK
  if (field === 'small.temperature') return temperature
  return signal && ranges[signal.scale]
}
