/** Readers of recorded outcomes, and engines that sum them up where they lie. */
export type { BuildOptions } from '../core/outcomes/mapping.ts'
export type { LintedOutcomes } from '../core/outcomes/finish.ts'
export { lintOutcomes, readOutcomes, type ReadOptions } from './read-outcomes.ts'
export { openClickHouse } from './engines/clickhouse.ts'
export { openDuckDb, type DuckDbOptions, type OpenSource } from './engines/duckdb.ts'
export type { DuckDbLimits } from './engines/duckdb-session.ts'
export type { RowsOptions } from './engines/rows.ts'
export { memorySource } from './engines/memory.ts'
