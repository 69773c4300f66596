import { SpillwayError } from '../core/errors.ts'
import { OutcomesBuilder } from '../core/outcomes/builder.ts'
import type { Finding } from '../core/outcomes/findings.ts'
import { finishOutcomes, type LintedOutcomes } from '../core/outcomes/finish.ts'
import type { BuildOptions } from '../core/outcomes/mapping.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import type { SourceRows } from '../core/outcomes/source-rows.ts'
import type { RecordSource } from '../core/outcomes/source.ts'
import { readBy, shownPath } from './engines/paths.ts'
import type { RowsOptions } from './engines/rows.ts'
import { joinById, joinByPosition, readAlone } from './join.ts'
import { openRecords } from './open.ts'

/** What the columns mean, and where further signals are. */
export interface ReadOptions extends BuildOptions, RowsOptions {
  /** A second file with the signals of the same queries. */
  signalsFile?: string
  /** The column both files have in common; without it, rows are joined by position. */
  join?: string
}

/**
 * Reads recorded outcomes into columns, and says what is odd about them: JSONL, a JSON array or CSV (also gzipped; `-`
 * is standard input), what DuckDB reads, or a table of ClickHouse.
 * @throws SpillwayError `bad-input` or `usage`, naming file, line and column
 */
export async function lintOutcomes(path: string, options: ReadOptions = {}): Promise<LintedOutcomes> {
  const { signalsFile, join } = options
  if (path === '-' && signalsFile === '-')
    throw new SpillwayError('usage', 'both files are standard input; name one of them')
  if (join !== undefined && signalsFile === undefined)
    throw new SpillwayError('usage', '--join needs a second file to join')
  const names = signalsFile === undefined ? [path] : [path, signalsFile]
  const table = names.find((name) => readBy(name) === 'clickhouse')
  if (table !== undefined && signalsFile !== undefined && join === undefined)
    throw new SpillwayError(
      'usage',
      `${shownPath(table)}: rows of a table have no order to be joined by; join them by a column with --join id`,
    )
  const opened: RecordSource[] = []
  try {
    for (const name of names) opened.push(await openRecords(name, options))
    return await lintRecords(opened, options)
  } finally {
    for (const source of opened) await source.close()
  }
}

/**
 * The same of rows from elsewhere, and perhaps of a second source with the signals.
 * @throws SpillwayError `bad-input`, naming source, line and column
 */
export async function lintRecords(
  opened: RecordSource[],
  { join, ...options }: Omit<ReadOptions, 'signalsFile'> = {},
): Promise<LintedOutcomes> {
  const builder = new OutcomesBuilder(options)
  const findings: Finding[] = []
  const sources = await readRows(builder, opened, join, findings)
  if (builder.rows === 0) throw new SpillwayError('bad-input', `${opened[0].name}: no rows`)
  const linted = finishOutcomes(builder, sources)
  return { outcomes: linted.outcomes, findings: [...findings, ...linted.findings] }
}

function readRows(
  builder: OutcomesBuilder,
  [first, second]: RecordSource[],
  join: string | undefined,
  findings: Finding[],
): Promise<SourceRows[]> {
  if (second === undefined) return readAlone(builder, first)
  return join === undefined ? joinByPosition(builder, first, second, findings) : joinById(builder, first, second, join)
}

/**
 * Reads recorded outcomes; like `lintOutcomes`, without the findings.
 * @throws SpillwayError `bad-input` or `usage`, naming file, line and column
 */
export const readOutcomes = async (path: string, options?: ReadOptions): Promise<Outcomes> =>
  (await lintOutcomes(path, options)).outcomes
