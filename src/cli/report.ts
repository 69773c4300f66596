import { Command } from 'commander'
import { compare } from '../core/tune/compare.ts'
import { tune } from '../core/tune/tune.ts'
import { filesOf, refuseSamePaths } from './files.ts'
import { withProgress } from './progress.ts'
import { routeWords } from './report-flags.ts'
import { readStudy, studyOptions, withStudyFlags, type StudyFlags } from './study.ts'
import { targetOf } from './target.ts'
import { showFindings } from './view.ts'
import { openingOf, writeReport } from './write-report.ts'

interface ReportFlags extends StudyFlags {
  out: string
  json?: boolean
  title?: string
}

/** `spillway report`: a page to look at, with a threshold to move. */
export const reportCommand = (): Command =>
  withStudyFlags(new Command('report'), {
    confidence: 'of every interval, and of a promise (default: 0.95; with a target 0.9)',
    policies: 'threshold,joint,learned with a target, else none',
    seed: 'of the resamples and the split',
  })
    .summary('everything in one HTML page, with a threshold to move')
    .description('Everything about the outcomes in one HTML file: curves, a threshold to move, calibration, examples.')
    .option('--out <file>', 'the page', 'report.html')
    .option('--json', 'print what was written as JSON, on standard output')
    .option('--title <text>', 'what the page is called (default: the data sets)')
    .action(run)

async function run(file: string, signalsFile: string | undefined, flags: ReportFlags): Promise<void> {
  const target = targetOf(flags)
  const files = filesOf(file, signalsFile)
  refuseSamePaths(files, [flags.out])
  const { recorded, outcomes, findings } = await readStudy(file, signalsFile, flags)
  showFindings(findings, flags.quiet)
  const options = studyOptions(flags)
  const { quiet, policies } = flags
  const tuned = target && (await withProgress(tune(outcomes, { ...options, target }), quiet))
  const compared =
    target === undefined && policies !== undefined
      ? await withProgress(compare(outcomes, { ...options, points: 0 }), quiet)
      : undefined
  await writeReport(recorded, findings, {
    ...options,
    confidence: options.confidence ?? tuned?.confidence,
    title: flags.title,
    opening: openingOf(tuned?.chosen?.selected?.policy),
    tuned,
    compared,
    out: flags.out,
    files,
    route: routeWords(files, flags),
    quiet,
  })
  if (flags.json === true)
    process.stdout.write(`${JSON.stringify({ out: flags.out, rows: outcomes.rows, findings })}\n`)
}
