import { Command, Option } from 'commander'
import { withAnswerSignals } from '../core/outcomes/answer-signals.ts'
import { compare } from '../core/tune/compare.ts'
import { nameOf } from '../data/bytes.ts'
import { lintOutcomes } from '../data/read-outcomes.ts'
import { writePieces } from '../data/write.ts'
import { compareJson } from '../report/compare-json.ts'
import { compareRecords } from '../report/compare-rows.ts'
import { compareMarkdown, compareText } from '../report/compare-terminal.ts'
import { csvTable } from '../report/csv-table.ts'
import type { Inputs } from '../report/json.ts'
import {
  enforceStrict,
  parseConfidence,
  parseCount,
  parseList,
  parseQuality,
  parseSeed,
  readOptions,
  withDataFlags,
  type DataFlags,
} from './options.ts'
import { withProgress } from './progress.ts'
import { targetOf, withTargetFlags, type TargetFlags } from './target.ts'
import { showFindings, viewOf } from './view.ts'

interface CompareFlags extends DataFlags, TargetFlags {
  confidence?: number
  policies?: string[]
  seed?: number
  resamples?: number
  folds?: number
  repeats?: number
  wrongBelow?: number
  json?: boolean
  csv?: boolean
  markdown?: boolean
}

/** `spillway compare`: is one signal, or one policy, better than another? */
export const compareCommand = (): Command =>
  withTargetFlags(withDataFlags(new Command('compare')))
    .description(
      'All signals and policies side by side, with paired intervals: which is better, and is it established?',
    )
    .option('--confidence <share>', 'of every interval (default: 0.95)', parseConfidence)
    .option('--policies <list>', 'all, threshold, joint, learned, peers, or names (default: all)', parseList)
    .option('--folds <count>', 'parts that are held out in turn (default: 5)', parseCount)
    .option('--repeats <count>', 'of the folds, dealt out anew and averaged (default: 1)', parseCount)
    .option('--resamples <count>', 'of the bootstrap (default: 2000)', parseCount)
    .option('--seed <number>', 'of the folds and the resamples (default: 1)', parseSeed)
    .option('--wrong-below <quality>', 'a small answer below this quality is wrong (default: 0.5)', parseQuality)
    .addOption(new Option('--json', 'print everything as JSON').conflicts(['csv', 'markdown']))
    .addOption(new Option('--csv', 'print a line for each signal and policy').conflicts('markdown'))
    .option('--markdown', 'print tables for a paper')
    .action(run)

async function run(file: string, signalsFile: string | undefined, flags: CompareFlags): Promise<void> {
  const target = targetOf(flags)
  const linted = await lintOutcomes(file, { ...readOptions(flags, signalsFile), texts: true })
  const { findings } = linted
  enforceStrict(flags.strict, findings)
  const outcomes = withAnswerSignals(linted.outcomes)
  const result = await withProgress(
    compare(outcomes, {
      costs: { ...flags.cost, verifyCost: flags.verifyCost },
      target,
      confidence: flags.confidence,
      policies: flags.policies,
      seed: flags.seed,
      resamples: flags.resamples,
      folds: flags.folds,
      repeats: flags.repeats,
      points: flags.json === true ? 101 : 0,
      wrongBelow: flags.wrongBelow,
    }),
    flags.quiet,
  )
  const files = signalsFile === undefined ? [file] : [file, signalsFile]
  const inputs: Inputs = { files: files.map(nameOf), datasets: outcomes.datasets }
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
}
