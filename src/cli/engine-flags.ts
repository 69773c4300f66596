import { Command, Option } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import { readBy, shownPath } from '../data/engines/paths.ts'
import type { RowsOptions } from '../data/engines/rows.ts'
import { parseCount, parseSeed } from './options.ts'
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
        'memory, or duckdb: for files larger than memory (default: duckdb for Parquet, zst, patterns and addresses unless a flag needs the rows themselves, else memory)',
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

/**
 * The engine that sums up what the user names; where the rows are read into memory: `undefined`.
 * @throws SpillwayError `usage` for flags of the one where the other is asked for
 */
export function engineOf(
  file: string,
  signalsFile: string | undefined,
  flags: SweepFlags,
): 'duckdb' | 'clickhouse' | undefined {
  const { engine, memoryLimit, exactValues } = flags
  const reader = readBy(file)
  const rows = needsRows(signalsFile, flags)
  if (reader === 'clickhouse' && engine === 'duckdb')
    throw new SpillwayError('usage', `--engine duckdb does not read ${shownPath(file)}: ClickHouse does`)
  if (reader === 'memory' && engine === 'duckdb' && rows !== undefined)
    throw new SpillwayError(
      'usage',
      `--engine duckdb leaves rows where they are, and ${rows} needs the rows themselves: leave out one of the two`,
    )
  if (flags.seed !== undefined && flags.intervals !== true)
    throw new SpillwayError('usage', '--seed is that of the resamples of --intervals: add it, or leave the seed out')
  const isDuckDb = engine === 'duckdb' || [file, signalsFile ?? '-'].some((name) => readBy(name) === 'duckdb')
  if (!isDuckDb && memoryLimit !== undefined) throw new SpillwayError('usage', '--memory-limit is for --engine duckdb')
  const found = engine === 'duckdb' ? engine : reader
  if (engine !== 'memory' && rows === undefined && found !== 'memory') return found
  const why = rows === undefined ? '' : ` (${rows} needs the rows themselves)`
  if (flags.intervals === true)
    throw new SpillwayError(
      'usage',
      `--intervals is for engines: of rows in memory${why}, spillway compare and spillway report give them`,
    )
  if (exactValues !== undefined)
    throw new SpillwayError(
      'usage',
      `--exact-values is for engines: in memory${why} every value is a threshold; ${rows === undefined ? 'add --engine duckdb' : 'leave it out'}`,
    )
  return undefined
}

/** What is asked for that sums do not tell, first of all; nothing: `undefined`. */
function needsRows(signalsFile: string | undefined, flags: SweepFlags): string | undefined {
  const [model] = Object.keys(flags.cost?.models ?? {})
  const asked: [unknown, string][] = [
    [signalsFile, 'a second file'],
    [flags.join, '--join'],
    [flags.joint, '--joint'],
    [flags.models, '--models'],
    [flags.report, '--report'],
    [model, `--cost ${model}=…`],
    [flags.preset && flags.out, `--preset ${flags.preset} with --out`],
  ]
  return asked.find(([given]) => given !== undefined)?.[1]
}

/** How rows that lie in an engine are read all the same, and told about. */
export const rowsOptions = (
  signalsFile: string | undefined,
  flags: SweepFlags,
  found: string | undefined,
): RowsOptions => ({
  memoryLimit: flags.memoryLimit,
  onRows(name, rows) {
    const why = needsRows(signalsFile, flags) ?? found ?? '--engine memory'
    if (flags.quiet !== true)
      process.stderr.write(`note: ${name}: ${rows.toLocaleString('en')} rows are read into memory, for ${why}\n`)
  },
})
