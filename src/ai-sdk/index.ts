/** The cascade as a language model of the AI SDK. */
export type { CascadeBehaviour } from '../cascade/cascade.ts'
export type { DecisionRecord } from '../cascade/record.ts'
export { cascade } from './cascade.ts'
export { languageModel } from './language-model.ts'
export { cascadeMiddleware } from './middleware.ts'
export type { CascadeOptions, CascadeStage, PairOptions, PolicyJson, StagesOptions } from './options.ts'
