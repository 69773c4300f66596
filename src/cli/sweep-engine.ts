import type { BuildOptions } from '../core/outcomes/mapping.ts'
import { sweepStatistics } from '../core/sweep-statistics.ts'
import { openClickHouse } from '../data/engines/clickhouse.ts'
import { openDuckDb, type OpenSource } from '../data/engines/duckdb.ts'
import { RowsNeeded } from '../data/engines/rows.ts'
import { enforceStrict, readOptions } from './options.ts'
import { printSweep, resultFiles, writeResultFiles } from './sweep-output.ts'
import type { SweepFlags } from './sweep.ts'

/** `spillway sweep` of rows that an engine sums up; where it turns out that it cannot, what needs the rows themselves. */
export async function sweepEngine(
  engine: 'duckdb' | 'clickhouse',
  file: string,
  flags: SweepFlags,
  options: Parameters<typeof sweepStatistics>[1],
): Promise<string | undefined> {
  const opened = await open(engine, file, flags, readOptions(flags, undefined, options?.costs))
  if (typeof opened === 'string') return opened
  const { source, close } = opened
  try {
    const { result, findings } = await sweepStatistics(source, {
      ...options,
      exactValues: flags.exactValues,
      intervals: flags.intervals === true ? { seed: flags.seed } : undefined,
    })
    enforceStrict(flags.strict, findings)
    const inputs = { files: [source.name], datasets: source.datasets }
    if (flags.out !== undefined) await writeResultFiles(flags.out, resultFiles(result, findings, inputs), flags.quiet)
    await printSweep(result, findings, inputs, flags)
  } finally {
    await close()
  }
  return undefined
}

async function open(
  engine: 'duckdb' | 'clickhouse',
  file: string,
  flags: SweepFlags,
  read: BuildOptions,
): Promise<OpenSource | string> {
  try {
    if (engine === 'clickhouse') return await openClickHouse(file, read)
    return await openDuckDb(file, { ...read, memoryLimit: flags.memoryLimit })
  } catch (cause) {
    const isEngineAsked = (flags.engine ?? flags.intervals ?? flags.exactValues) !== undefined
    if (!(cause instanceof RowsNeeded) || isEngineAsked) throw cause
    return cause.why
  }
}
