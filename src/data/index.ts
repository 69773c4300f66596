/** Readers of recorded outcomes. */
export type { BuildOptions } from '../core/outcomes/mapping.ts'
export type { LintedOutcomes } from '../core/outcomes/finish.ts'
export { lintOutcomes, readOutcomes, type ReadOptions } from './read-outcomes.ts'
