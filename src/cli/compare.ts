import { Command, Option } from 'commander'
import { compare } from '../core/tune/compare.ts'
import { writePieces } from '../data/write.ts'
import { compareJson } from '../report/compare-json.ts'
import { compareRecords } from '../report/compare-rows.ts'
import { compareMarkdown, compareText } from '../report/compare-terminal.ts'
import { csvTable } from '../report/csv-table.ts'
import { filesOf, inputsOf, refuseSamePaths } from './files.ts'
import { parseCount } from './options.ts'
import { withProgress } from './progress.ts'
import { routeWords, withReportFlag, type ReportFlag } from './report-flags.ts'
import { readStudy, studyOptions, withStudyFlags, type StudyFlags } from './study.ts'
import { targetOf } from './target.ts'
import { showFindings, viewOf } from './view.ts'
import { writeReport } from './write-report.ts'

interface CompareFlags extends StudyFlags, ReportFlag {
  folds?: number
  repeats?: number
  json?: boolean
  csv?: boolean
  markdown?: boolean
}

/** `spillway compare`: is one signal, or one policy, better than another? */
export const compareCommand = (): Command =>
  withReportFlag(
    withStudyFlags(new Command('compare'), {
      confidence: 'of every interval (default: 0.95)',
      policies: 'all',
      seed: 'of the folds and the resamples',
    }),
  )
    .summary('signals and policies side by side, with paired intervals')
    .description(
      'All signals and policies side by side, with paired intervals: which is better, and is it established?',
    )
    .option('--folds <count>', 'parts that are held out in turn (default: 5)', parseCount)
    .option('--repeats <count>', 'of the folds, dealt out anew and averaged (default: 1)', parseCount)
    .addOption(new Option('--json', 'print everything as JSON').conflicts(['csv', 'markdown']))
    .addOption(new Option('--csv', 'print a line for each signal and policy').conflicts('markdown'))
    .option('--markdown', 'print tables for a paper')
    .action(run)

async function run(file: string, signalsFile: string | undefined, flags: CompareFlags): Promise<void> {
  const target = targetOf(flags)
  const files = filesOf(file, signalsFile)
  refuseSamePaths(files, [flags.report])
  const { recorded, outcomes, findings } = await readStudy(file, signalsFile, flags)
  const { folds, repeats } = flags
  const options = { ...studyOptions(flags), target, folds, repeats, points: flags.json === true ? 101 : 0 }
  const result = await withProgress(compare(outcomes, options), flags.quiet)
  const inputs = inputsOf(files, outcomes)
  if (flags.json === true || flags.csv === true || flags.markdown === true) showFindings(findings, flags.quiet)
  const pieces =
    flags.json === true
      ? [compareJson(result, findings, inputs)]
      : flags.csv === true
        ? csvTable(compareRecords(result))
        : [
            flags.markdown === true
              ? compareMarkdown(result, inputs)
              : compareText(result, findings, inputs, viewOf(process.stdout)),
          ]
  await writePieces(pieces, process.stdout)
  if (flags.report !== undefined)
    await writeReport(recorded, findings, {
      ...studyOptions(flags),
      compared: result,
      out: flags.report,
      files,
      route: routeWords(files, flags),
      quiet: flags.quiet,
    })
}
