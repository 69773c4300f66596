import { Command, Option } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import { sweepStatistics } from '../core/sweep-statistics.ts'
import { openClickHouse } from '../data/engines/clickhouse.ts'
import { openDuckDb, type OpenSource } from '../data/engines/duckdb.ts'
import { needsDuckDb, shownPath } from '../data/engines/paths.ts'
import { enforceStrict, parseCount, parseSeed, readOptions } from './options.ts'
import { printSweep, resultFiles, writeResultFiles } from './sweep-output.ts'
import type { SweepFlags } from './sweep.ts'

/** Flags of sweeps over rows that stay where they are. */
export interface EngineFlags {
  engine?: 'memory' | 'duckdb'
  memoryLimit?: string
  exactValues?: number
  intervals?: boolean
  seed?: number
}

/** Adds the flags that say which engine sums up the rows. */
export const withEngineFlags = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--engine <engine>',
        'memory, or duckdb: for files larger than memory (default: duckdb for Parquet, zst, patterns and addresses, else memory)',
      ).choices(['memory', 'duckdb']),
    )
    .option('--memory-limit <size>', 'the most memory DuckDB takes, such as 4GB; beyond it spills to disk')
    .option(
      '--exact-values <count>',
      'in an engine, up to so many distinct values of a signal each is a threshold (default: 262144)',
      parseCount,
    )
    .option('--intervals', 'in an engine, 95 % intervals from 200 resamples of groups, in one more pass a signal')
    .option('--seed <seed>', 'the seed of these resamples (default: 1)', parseSeed)

/** The engine for what the user names; memory: `undefined`. */
export function engineOf(file: string, flags: EngineFlags): 'duckdb' | 'clickhouse' | undefined {
  const { engine, memoryLimit, exactValues } = flags
  const found = isClickHouse(file) ? 'clickhouse' : engine === undefined && needsDuckDb(file) ? 'duckdb' : engine
  if (isClickHouse(file) && engine !== undefined)
    throw new SpillwayError('usage', `--engine ${engine} does not read ${shownPath(file)}: ClickHouse does`)
  if (flags.seed !== undefined && flags.intervals !== true)
    throw new SpillwayError('usage', '--seed is that of the resamples of --intervals: add it, or leave the seed out')
  if (found !== 'duckdb' && memoryLimit !== undefined)
    throw new SpillwayError('usage', '--memory-limit is for --engine duckdb')
  if (found === undefined || found === 'memory') {
    if (flags.intervals === true)
      throw new SpillwayError(
        'usage',
        '--intervals is for engines: of rows in memory, spillway compare and spillway report give them',
      )
    if (exactValues !== undefined)
      throw new SpillwayError(
        'usage',
        '--exact-values is for engines: in memory every value is a threshold; add --engine duckdb',
      )
    return undefined
  }
  return found
}

const isClickHouse = (file: string): boolean => /^clickhouses?:\/\//i.test(file)

/** `spillway sweep` of rows that an engine sums up. */
export async function sweepEngine(
  engine: 'duckdb' | 'clickhouse',
  file: string,
  signalsFile: string | undefined,
  flags: SweepFlags,
  options: Parameters<typeof sweepStatistics>[1],
): Promise<void> {
  refuseRowFlags(file, signalsFile, flags)
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

/** The flags that say of two models by name what `--models` says of rows in memory. */
const mapped = ([small = 'SMALL', large = 'LARGE']: readonly string[] = []): string =>
  `--map small.quality=models.${small}.quality --map large.quality=models.${large}.quality`

/** What needs the rows themselves is no question for an engine. */
function refuseRowFlags(file: string, signalsFile: string | undefined, flags: SweepFlags): void {
  const inMemory = 'for this, read them from JSONL or CSV without --engine'
  const asked: [unknown, string, string][] = [
    [signalsFile, 'a second file', 'join the two first, so that a row has all of its columns'],
    [flags.join, '--join', 'join the two first, so that a row has all of its columns'],
    [flags.joint, '--joint', `${inMemory}; a sample of some 100,000 rows shows a frontier as well`],
    [flags.models, '--models', `name the columns of the two: ${mapped(flags.models)}`],
    [flags.report, '--report', `${inMemory}, or take the files of --out`],
    [
      flags.preset && flags.out,
      `--preset ${flags.preset} with --out`,
      `${inMemory}, or leave --out, which writes the study's summaries`,
    ],
  ]
  const [, what, remedy] = asked.find(([given]) => given !== undefined) ?? []
  if (what !== undefined)
    throw new SpillwayError(
      'usage',
      `${shownPath(file)} is summed up where it lies, and ${what} needs the rows themselves: ${remedy}`,
    )
  const named = Object.keys(flags.cost?.models ?? {})[0]
  if (named !== undefined)
    throw new SpillwayError(
      'usage',
      `--cost ${named}=…: rows in an engine have no names of models; give small=… and large=…`,
    )
}
