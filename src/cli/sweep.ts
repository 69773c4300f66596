import { Command, Option } from 'commander'
import type { Finding } from '../core/outcomes/findings.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { SpillwayError } from '../core/errors.ts'
import { sweep, type SweepOptions, type SweepResult } from '../core/sweep.ts'
import { parseGrid } from '../core/sweep/grid.ts'
import type { Target } from '../core/sweep/target.ts'
import { lintOutcomes } from '../data/read-outcomes.ts'
import { studyCosts, studyGrid, studyGrids, studySummaries } from '../report/automix-study.ts'
import type { Inputs } from '../report/json.ts'
import { engineOf, rowsOptions, withEngineFlags, type EngineFlags } from './engine-flags.ts'
import { filesOf, inputsOf, refuseSamePaths } from './files.ts'
import { routeWords, withReportFlag, type ReportFlag } from './report-flags.ts'
import { sweepEngine } from './sweep-engine.ts'
import { printSweep, resultFiles, writeResultFiles } from './sweep-output.ts'
import { openingOf, writeReport } from './write-report.ts'
import { enforceStrict, parseNumber, parseQuality, readOptions, withDataFlags, type DataFlags } from './options.ts'

export interface SweepFlags extends DataFlags, ReportFlag, EngineFlags {
  grid?: string
  joint?: [string, string][]
  wrongBelow?: number
  minQuality?: number
  maxCost?: number
  preset?: 'automix-study'
  json?: boolean
  csv?: boolean
  out?: string
}

/** `spillway sweep`: every operating point of every signal. */
export const sweepCommand = (): Command =>
  withEngineFlags(withReportFlag(withDataFlags(new Command('sweep'))))
    .summary('every threshold of every signal')
    .description('Every threshold of every signal: what it keeps, what it costs, how good it is.')
    .option('--grid <grid>', 'exact (default), linspace:N, quantile:N, or listed thresholds such as --grid=-0.5,-0.3')
    .option('--joint <a,b>', 'threshold two signals at once and print the frontier (repeatable)', collectPair)
    .option('--wrong-below <quality>', 'a small answer below this quality is wrong (default: 0.5)', parseQuality)
    .addOption(
      new Option('--min-quality <quality>', 'pick the cheapest threshold of at least this mean quality')
        .argParser(parseQuality)
        .conflicts('maxCost'),
    )
    .option('--max-cost <cost>', 'pick the best threshold of at most this mean cost', parseNumber)
    .addOption(
      new Option('--preset <name>', "the AutoMix study's costs, thresholds and summary files").choices([
        'automix-study',
      ]),
    )
    .addOption(new Option('--json', 'print everything as JSON').conflicts('csv'))
    .option('--csv', 'print every operating point as CSV')
    .option('--out <dir>', 'also write sweep.json, points.csv, signals.csv and findings.csv there')
    .action(run)

async function run(file: string, signalsFile: string | undefined, flags: SweepFlags): Promise<void> {
  const options = sweepOptions(flags)
  const engine = engineOf(file, signalsFile, flags)
  const why = engine && (await sweepEngine(engine, file, flags, options))
  if (engine !== undefined && why === undefined) return
  const files = filesOf(file, signalsFile)
  refuseSamePaths(files, [flags.report])
  const { outcomes, findings } = await lintOutcomes(file, {
    ...readOptions(flags, signalsFile, options.costs),
    ...rowsOptions(signalsFile, flags, why),
    texts: flags.report !== undefined,
  })
  enforceStrict(flags.strict, findings)
  const result = sweep(outcomes, options)
  const inputs = inputsOf(files, outcomes)
  if (flags.out !== undefined) await writeFiles(flags.out, outcomes, result, findings, inputs, options, flags)
  await printSweep(result, findings, inputs, flags)
  if (flags.report !== undefined)
    await writeReport(outcomes, findings, {
      costs: options.costs,
      wrongBelow: options.wrongBelow,
      opening: openingOf(result.signals[0].selected?.policy),
      out: flags.report,
      files,
      route: routeWords(files, { ...flags, cost: options.costs, verifyCost: options.costs?.verifyCost }),
      quiet: flags.quiet,
    })
}

function sweepOptions(flags: SweepFlags): SweepOptions {
  const study = flags.preset === 'automix-study'
  const costs = { ...(study ? studyCosts : {}), ...flags.cost }
  if (flags.verifyCost !== undefined) costs.verifyCost = flags.verifyCost
  const target: Target | undefined =
    flags.minQuality !== undefined
      ? { minQuality: flags.minQuality }
      : flags.maxCost !== undefined
        ? { maxCost: flags.maxCost }
        : undefined
  return {
    costs,
    grid: flags.grid === undefined ? (study ? studyGrid : undefined) : parseGrid(flags.grid),
    grids: study && flags.grid === undefined ? studyGrids : undefined,
    joint: flags.joint,
    wrongBelow: flags.wrongBelow,
    target,
  }
}

async function writeFiles(
  dir: string,
  outcomes: Outcomes,
  result: SweepResult,
  findings: readonly Finding[],
  inputs: Inputs,
  options: SweepOptions,
  flags: SweepFlags,
): Promise<void> {
  const files = resultFiles(result, findings, inputs)
  const skipped: string[] = []
  if (flags.preset === 'automix-study') {
    const study = studySummaries(outcomes, options)
    for (const [name, rows] of study.files) files.set(name, [`${JSON.stringify(rows, null, 2)}\n`])
    skipped.push(...study.skipped)
  }
  if (flags.quiet !== true && skipped.length > 0)
    process.stderr.write(`no summary of ${skipped.join(', ')}: no signal has a value there\n`)
  await writeResultFiles(dir, files, flags.quiet)
}

function collectPair(text: string, earlier: [string, string][] = []): [string, string][] {
  const [a, b, ...more] = text.split(',').map((name) => name.trim())
  if (!a || !b || more.length > 0 || a === b)
    throw new SpillwayError('usage', `--joint ${text}: name two different signals, such as mean_logprob,mean_entropy`)
  return [...earlier, [a, b]]
}
