import { InvalidArgumentError, type Command } from 'commander'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withMarks, readMarks, type Marks } from '../audits/marks.ts'
import { marksPathOf } from '../audits/marks-path.ts'
import { outcomeRows } from '../audits/outcome-rows.ts'
import { isFolder, readAudits } from '../audits/read.ts'
import type { AuditRecord } from '../audits/record.ts'
import { SpillwayError } from '../core/errors.ts'
import type { LintedOutcomes } from '../core/outcomes/finish.ts'
import type { RecordBatch } from '../core/outcomes/source.ts'
import { lintRecords, type ReadOptions } from '../data/read-outcomes.ts'

/** Which lines of an audit log are meant. */
export interface LogFlags {
  cascade?: string
  since?: number
  marks?: string
}

export const withLogFlags = (command: Command): Command =>
  command
    .option('--cascade <name>', 'of an audit log, this cascade, where it has several')
    .option(
      '--since <time>',
      'of an audit log, leave out requests before, e.g. 2026-11-01 or 2026-11-01T08:00Z',
      parseTime,
    )
    .option('--marks <file>', 'qualities that `spillway label` has found (default: beside the log)')

function parseTime(text: string): number {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new InvalidArgumentError('Expected a time, such as 2026-11-01 or 2026-11-01T08:00Z.')
  return time
}

/** The marks that a flag names, or those beside the logs, as `spillway label` puts them there. */
async function marksOf(paths: readonly string[], given: string | undefined): Promise<Marks> {
  if (given !== undefined) {
    if (!existsSync(given)) throw new SpillwayError('usage', `${given}: there is no such file of marks`)
    return readMarks([given])
  }
  const beside = new Set<string>()
  for (const path of paths) {
    beside.add(await marksPathOf([path]))
    beside.add(join((await isFolder(path)) ? path : dirname(path), 'marks.jsonl'))
  }
  return readMarks([...beside])
}

/** The lines of an audit log that flags leave, each request once, with the marks that there are, as `take` wants them. */
export async function loggedAudits<Each>(
  paths: readonly string[],
  { cascade, since = -Infinity, marks }: LogFlags,
  take: (record: AuditRecord) => Each,
): Promise<{ audits: Each[]; leftOut: number }> {
  const known = await marksOf(paths, marks)
  const audits: Each[] = []
  const [cascades, others, ids] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const torn: string[] = []
  let [leftOut, twice] = [0, 0]
  let newest = ''
  for await (const record of readAudits(paths, { onTorn: (place) => void torn.push(place) })) {
    if (ids.has(record.id)) {
      twice++
      continue
    }
    ids.add(record.id)
    others.add(record.cascade)
    if (record.time > newest) newest = record.time
    if ((cascade ?? record.cascade) !== record.cascade || Date.parse(record.time) < since) leftOut++
    else {
      audits.push(take(withMarks(record, known)))
      cascades.add(record.cascade)
    }
  }
  const logs = paths.join(', ')
  if (torn.length > 0)
    tell(
      `${torn[0]}: ${torn.length === 1 ? 'this line was cut off and is' : `this and ${torn.length - 1} more lines were cut off and are`} left out`,
    )
  if (twice > 0) tell(`${logs}: ${many(twice, 'line')} left out, of requests that stand there already`)
  if (audits.length === 0 && leftOut > 0)
    throw new SpillwayError(
      'usage',
      `${logs}: none of ${many(leftOut, 'line')} is meant: there are audits of ${[...others].join(', ')}, the last of ${newest}; give another --cascade or --since`,
    )
  if (cascades.size > 1)
    throw new SpillwayError('usage', `${logs}: audits of ${[...cascades].join(', ')}; give --cascade with one of them`)
  return { audits, leftOut }
}

const tell = (text: string): void => void process.stderr.write(`spillway: ${text}\n`)
const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

async function* oneBatch(batch: RecordBatch): AsyncGenerator<RecordBatch> {
  yield batch
}

/** Outcomes out of an audit log. @throws SpillwayError where it has none with two qualities */
export async function outcomesOfLog(
  path: string,
  flags: LogFlags & { seed?: number },
  options: ReadOptions,
): Promise<LintedOutcomes & { stopped: number }> {
  const { audits } = await loggedAudits([path], flags, (record) => record)
  const { rows, findings, stopped } = outcomeRows(audits, flags.seed ?? 1)
  if (rows.length === 0)
    throw new SpillwayError(
      'bad-input',
      `${path}: of ${audits.length} audits none has a quality for both answers; ${remedyFor(audits.map(briefOf), path)}`,
    )
  const linted = await lintRecords(
    [
      {
        name: path,
        unit: 'item',
        numericText: false,
        batches: oneBatch({ records: rows, lines: rows.map((_, i) => i + 1) }),
        close: async () => {},
      },
    ],
    options,
  )
  return { outcomes: linted.outcomes, findings: [...findings, ...linted.findings], stopped }
}

/** What helps where answers have no quality. */
export function remedyFor(audits: readonly { error?: string; texts: boolean }[], path: string): string {
  const errors = new Map<string, number>()
  for (const { error } of audits) if (error !== undefined) errors.set(error, (errors.get(error) ?? 0) + 1)
  const [most] = [...errors].toSorted(([, a], [, b]) => b - a)
  const why = most === undefined ? '' : `${most[1]} failed (${most[0]}); `
  return audits.some(({ texts }) => texts)
    ? `${why}score them with \`spillway label ${path}\``
    : `${why}mend serve.audit, or log the texts (serve.log.texts: true), so that they can be scored later`
}

/** Of a line, what says why it has no quality. */
export const briefOf = ({ error, small, large }: AuditRecord) => ({
  ...(error === undefined ? {} : { error }),
  texts: (small?.answer ?? large?.answer) !== undefined,
})
