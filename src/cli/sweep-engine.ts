import { sweepStatistics } from '../core/sweep-statistics.ts'
import { openClickHouse } from '../data/engines/clickhouse.ts'
import { openDuckDb, type OpenSource } from '../data/engines/duckdb.ts'
import { enforceStrict, readOptions } from './options.ts'
import { printSweep, resultFiles, writeResultFiles } from './sweep-output.ts'
import type { SweepFlags } from './sweep.ts'

/** `spillway sweep` of rows that an engine sums up. */
export async function sweepEngine(
  engine: 'duckdb' | 'clickhouse',
  file: string,
  flags: SweepFlags,
  options: Parameters<typeof sweepStatistics>[1],
): Promise<void> {
  const read = readOptions(flags, undefined, options?.costs)
  const { source, close }: OpenSource =
    engine === 'duckdb'
      ? await openDuckDb(file, { ...read, memoryLimit: flags.memoryLimit })
      : await openClickHouse(file, read)
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
}
