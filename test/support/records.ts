import type { DecisionRecord } from '../../src/cascade/record.ts'

/** A request as a decision log keeps it. */
export const recordOf = (id: string, more: Partial<DecisionRecord> = {}): DecisionRecord => ({
  id,
  time: '2026-01-01T00:00:00.000Z',
  cascade: 'cascade',
  policy: null,
  stream: false,
  outcome: 'kept',
  stage: 'small',
  status: 200,
  calls: [],
  cost: null,
  always_large_cost: null,
  saved: null,
  latency_ms: 1,
  first_token_ms: 1,
  error: '',
  ...more,
})
