/** Several models as one, by the policy that `spillway tune` makes. */
export { cascade, type Cascade, type CascadeAnswer, type CascadeOptions, type CascadeStage } from './cascade.ts'
export type { CallRecord, DecisionRecord, Outcome, VerdictRecord } from './record.ts'
export type { CountedTokens } from './stage.ts'
