/** Spillway: measure, tune and run the decision between a small and a large language model. */
export * from './core/index.ts'
export * from './data/index.ts'
