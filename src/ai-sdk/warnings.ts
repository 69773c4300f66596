import type { SharedV3Warning } from '@ai-sdk/provider'
import type { DecisionRecord } from '../cascade/record.ts'
import { remedyFor } from './missing.ts'
import { labelOf, type Placed } from './place.ts'

/** What who asked is told of an answer: how the request differs from what the policy was tuned on, and what is amiss. */
export function warningsOf(record: DecisionRecord, places: readonly Placed[]): SharedV3Warning[] {
  const { warnings = [], outcome, stage, error } = record
  const verdicts = record.verdicts ?? [{ ...record, stage: places[0].name }]
  const missing = verdicts
    .filter(({ reason }) => reason === 'missing-signal')
    .map((verdict) => {
      const placed = places.find(({ name }) => name === verdict.stage) ?? places[0]
      return `${labelOf(placed)}: ${verdict.signal} is missing, since its answer came without the log-probabilities that it is made of, and the policy says ${verdict.decision}; ${remedyFor(placed)}`
    })
  const failed = outcome === 'large-failed' ? [`the answer of ${stage} stands in for the last model's: ${error}`] : []
  return [...warnings, ...missing, ...failed].map((message) => ({ type: 'other', message: `spillway: ${message}` }))
}
