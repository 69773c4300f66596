import { Command } from 'commander'
import { marksPathOf } from '../../audits/marks-path.ts'
import { openMarks, type MarksFile } from '../../audits/marks-file.ts'
import type { AuditRecord } from '../../audits/record.ts'
import { auditFiles, readAudits } from '../../audits/read.ts'
import { sampleOf, type Sample } from '../../audits/sample.ts'
import { SpillwayError } from '../../core/errors.ts'
import { refuseSamePaths } from '../files.ts'
import { parseCount, parsePort, parseSeed } from '../options.ts'
import { byHand } from './by-hand.ts'
import { byProgram, scoringFor } from './by-program.ts'

export interface LabelFlags {
  scorer?: string
  references?: string
  out?: string
  all?: boolean
  limit?: number
  seed: number
  port: number
  json?: boolean
  quiet?: boolean
}

/** What both ways of marking begin with. */
export interface LabelWork {
  records: () => AsyncIterable<AuditRecord>
  sample: Sample
  marks: MarksFile
  say: (text: string) => void
}

/** Nobody marks more requests in one sitting, and their texts are held in memory. */
const MOST_BY_HAND = 2000

/** `spillway label`: how good the answers in an audit log are, said by a program or by hand. */
export const labelCommand = (): Command =>
  new Command('label')
    .summary('mark the answers of an audit log, by hand or by a program')
    .description(
      'Mark the answers of an audit log: with --scorer by a program, else by hand on a page that does not tell which model wrote them.',
    )
    .argument('<log...>', "the gateway's audit log: its folder, or files, also gzipped")
    .option(
      '--scorer <spec>',
      'f1, exact, label, …, or ./my-scorer.ts; agreement takes the large model’s answer for right, agreement:exact by another scorer',
    )
    .option('--references <file>', 'right answers: rows of id and gold; otherwise those that requests brought along')
    .option('--out <file>', 'where marks go; otherwise marks.jsonl beside the log, X.marks.jsonl for a file X.jsonl')
    .option('--all', 'mark again what has a quality already (by hand: what a program gave)')
    .option('--limit <number>', 'mark a random sample of so many requests', parseCount)
    .option('--seed <number>', 'of the sample and of the order on the page', parseSeed, 1)
    .option('--port <n>', 'where the page is, 0 for any free port', parsePort, 0)
    .option('--json', 'print what was done as JSON, and for the page first a line that says where it is')
    .option('--quiet', 'print nothing on standard error but errors')
    .action(run)

async function run(logs: string[], flags: LabelFlags): Promise<void> {
  if (logs.includes('-'))
    throw new SpillwayError('usage', 'a log is read more than once, which standard input cannot be; name its file')
  if (flags.references !== undefined && flags.scorer === undefined)
    throw new SpillwayError('usage', '--references goes with --scorer; by hand, say what is right yourself')
  const path = flags.out ?? (await marksPathOf(logs))
  refuseSamePaths([...(await auditFiles(logs)), flags.references], [path])
  const say = (text: string) => void (flags.quiet === true || process.stderr.write(`${text}\n`))
  const torn = new Set<string>()
  const records = () => readAudits(logs, { onTorn: (place) => torn.add(place) })
  // The mistakes of a log, and of a scorer, show before there is a file of marks.
  const { scorer, seed, limit } = flags
  // A scorer without a limit takes all there are, and needs no list of them.
  const most = scorer === undefined ? Math.min(limit ?? MOST_BY_HAND, MOST_BY_HAND) : (limit ?? 0)
  const sample = await sampleOf(records(), { most, seed })
  for (const place of torn) say(`${place}: this last line was cut off and is left out`)
  const scoring = scorer === undefined ? undefined : await scoringFor(scorer, flags.references)
  const marks = await openMarks(path)
  try {
    const given = { records, sample, marks, say }
    if (scoring === undefined) await byHand(given, flags)
    else await byProgram(given, scoring, flags)
  } finally {
    await marks.close()
  }
}
