import { existsSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import type { Finding } from '../core/outcomes/findings.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { certifyMethods, type CertifyMethod } from '../core/tune/certify.ts'
import type { SplitShares } from '../core/tune/splits.ts'
import { tune } from '../core/tune/tune.ts'
import { hashFile } from '../data/hash.ts'
import { writeFileWhole, writePieces } from '../data/write.ts'
import { policyFile } from '../report/policy-file.ts'
import { tuneVerdict } from '../report/promise-words.ts'
import { tuneJson } from '../report/tune-json.ts'
import { tuneText } from '../report/tune-terminal.ts'
import { filesOf, inputsOf, refuseSamePaths } from './files.ts'
import { outcomesOfLog, withLogFlags, type LogFlags } from './from-log.ts'
import { parseCost, parseCount, readOptions } from './options.ts'
import { withProgress } from './progress.ts'
import { routeWords, withReportFlag, type ReportFlag } from './report-flags.ts'
import { readStudy, studyOf, studyOptions, withStudyFlags, type Study, type StudyFlags } from './study.ts'
import { targetOf } from './target.ts'
import { showFindings, viewOf } from './view.ts'
import { openingOf, writeReport } from './write-report.ts'

interface TuneFlags extends StudyFlags, ReportFlag, LogFlags {
  fromLog?: boolean
  method?: CertifyMethod
  certify?: 'one' | 'each'
  split?: SplitShares
  maxGroup?: number
  costCap?: number
  out?: string
  json?: boolean
}

/** No policy keeps the promise that was asked for: not an error of the input, but nothing was written. */
export const NOT_CERTIFIED = 3

/** `spillway tune`: a policy with a promise, or the reason why there is none. */
export const tuneCommand = (): Command =>
  withLogFlags(
    withReportFlag(
      withStudyFlags(new Command('tune'), {
        confidence: 'of the promise and of every interval (default: 0.9)',
        policies: 'threshold,joint,learned',
        seed: 'of the split, the shuffles and the resamples',
      }),
    ),
  )
    .summary('choose a policy, certify it, and report it on unseen rows')
    .description('Choose a policy on one part of the data, certify it on a second, report it on a third.')
    .addOption(new Option('--method <test>', 'how a promise is tested (default: betting)').choices(certifyMethods))
    .addOption(
      new Option(
        '--certify <which>',
        'the family that selecting found best, or each at a share of the risk (default: one)',
      ).choices(['one', 'each']),
    )
    .option('--split <shares>', 'of the groups: select/certify/report (default: 40/30/30)', parseShares)
    .option('--max-group <rows>', 'no group ever has more rows (default: the largest of the data)', parseCount)
    .option('--cost-cap <cost>', 'no query ever costs more, where costs differ by row', parseCost)
    .option('--from-log', "the file is a gateway's audit log, or the folder of one: tune on audited traffic")
    .option('--out <file>', 'write the policy there')
    .option('--json', 'print everything as JSON')
    .action(run)

async function run(file: string, signalsFile: string | undefined, flags: TuneFlags): Promise<void> {
  const target = targetOf(flags)
  if (target === undefined)
    throw new SpillwayError('usage', 'no target: give --max-quality-loss, --min-quality, --max-cost, or --maximize')
  if (flags.fromLog === true && signalsFile !== undefined)
    throw new SpillwayError('usage', `${signalsFile}: --from-log takes one log, whose lines have their signals`)
  const files = filesOf(file, signalsFile)
  refuseSamePaths(files, [flags.out, flags.report])
  const { study: linted, policies } = await studied(file, signalsFile, flags)
  const { outcomes } = linted
  const findings = [...linted.findings, ...unusedModels(outcomes)]
  const { method, certify, costCap } = flags
  const options = {
    ...studyOptions(flags),
    policies,
    target,
    method,
    certify,
    costCap,
    shares: flags.split,
    maxGroupRows: flags.maxGroup,
  }
  const result = await withProgress(tune(outcomes, options), flags.quiet)
  const inputs = inputsOf(files, outcomes)
  if (flags.json === true) showFindings(findings, flags.quiet)
  const text =
    flags.json === true
      ? tuneJson(result, findings, inputs)
      : tuneText(result, findings, inputs, viewOf(process.stdout))
  await writePieces([text], process.stdout)
  if (flags.report !== undefined)
    await writeReport(linted.recorded, findings, {
      ...studyOptions(flags),
      confidence: result.confidence,
      opening: openingOf(result.chosen?.selected?.policy),
      tuned: result,
      out: flags.report,
      files,
      route: routeWords(files, flags),
      quiet: flags.quiet,
    })
  if (result.chosen === undefined) {
    // The table has said why; where a program reads the output, the person at the terminal is told too.
    const why = flags.json === true ? `: ${tuneVerdict(result)}` : ''
    const kept = flags.out !== undefined && existsSync(flags.out) ? ', and the file of that name is left as it is' : ''
    const what = flags.out === undefined ? 'no policy is certified' : `${flags.out} is not written${kept}`
    process.stderr.write(`spillway: ${what}${why}\n`)
    process.exitCode = NOT_CERTIFIED
    return
  }
  if (flags.out === undefined) return
  const hashes = flags.fromLog === true ? files.map(() => null) : await Promise.all(files.map(hashFile))
  await writeFileWhole(flags.out, [policyFile(result, outcomes, inputs, hashes)])
  if (flags.quiet !== true) process.stderr.write(`wrote ${flags.out}\n`)
}

/** Of answers that were stopped early only that is known on which rules like these rest: see `outcomeRows`. */
const MONOTONE = ['threshold', 'joint', 'spline-monotone', 'isotonic']

/** What is tuned on, and which policies are tried. */
async function studied(
  file: string,
  signalsFile: string | undefined,
  flags: TuneFlags,
): Promise<{ study: Study; policies?: string[] }> {
  const { policies } = flags
  if (flags.fromLog !== true) return { study: await readStudy(file, signalsFile, flags), policies }
  const { stopped, ...linted } = await outcomesOfLog(file, flags, { ...readOptions(flags, undefined), texts: true })
  if (stopped === 0) return { study: studyOf(linted, flags), policies }
  if (policies !== undefined)
    throw new SpillwayError(
      'usage',
      `${file}: ${stopped} small answers were stopped early, so that only ${MONOTONE.join(', ')} can be tuned on them; leave out --policies`,
    )
  // Of an answer that was stopped, the text says nothing either.
  return { study: { ...linted, recorded: linted.outcomes }, policies: MONOTONE }
}

/** A cascade has two models here: of more, those between take no part. */
function unusedModels({ models = [] }: Outcomes): Finding[] {
  if (models.length < 3) return []
  const names = models.map(({ name }) => name)
  const between = names.slice(1, -1).join(', ')
  const message = `tuned from ${names[0]} to ${names.at(-1)}, without ${between}: name another two with --models (spillway compare shows which pair is best)`
  return [{ level: 'warning', code: 'models-order', message }]
}

function parseShares(text: string): SplitShares {
  const [select, certify, report, ...more] = text.split('/').map(Number)
  const shares = [select, certify, report]
  if (more.length > 0 || shares.some((share) => !(share > 0)))
    throw new InvalidArgumentError('Expected three shares above 0, such as 40/30/30.')
  return { select, certify, report }
}
