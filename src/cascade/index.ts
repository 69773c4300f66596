/** Several models as one, by the policy that `spillway tune` makes. */
export { cascade, type Cascade, type CascadeAnswer, type CascadeOptions, type CascadeStage } from './cascade.ts'
export type { CallRecord, DecisionRecord, Outcome, VerdictRecord } from './record.ts'
export type { CallResult } from './call.ts'
export { keepRuleOf, type AskedRule, type KeepRuleOptions } from './keep-rule.ts'
export type { CountedTokens } from './stage.ts'
