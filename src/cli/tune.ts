import { existsSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import type { Finding } from '../core/outcomes/findings.ts'
import type { Outcomes } from '../core/outcomes/outcomes.ts'
import { withAnswerSignals } from '../core/outcomes/answer-signals.ts'
import { certifyMethods, type CertifyMethod } from '../core/tune/certify.ts'
import type { SplitShares } from '../core/tune/splits.ts'
import { tune, type TuneOptions } from '../core/tune/tune.ts'
import { nameOf } from '../data/bytes.ts'
import { hashFile } from '../data/hash.ts'
import { lintOutcomes } from '../data/read-outcomes.ts'
import { writeFileWhole, writePieces } from '../data/write.ts'
import type { Inputs } from '../report/json.ts'
import { policyFile } from '../report/policy-file.ts'
import { tuneVerdict } from '../report/promise-words.ts'
import { tuneJson } from '../report/tune-json.ts'
import { tuneText } from '../report/tune-terminal.ts'
import { refuseSamePaths } from './files.ts'
import {
  enforceStrict,
  parseConfidence,
  parseCost,
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

interface TuneFlags extends DataFlags, TargetFlags {
  confidence?: number
  policies?: string[]
  seed?: number
  method?: CertifyMethod
  certify?: 'one' | 'each'
  split?: SplitShares
  resamples?: number
  maxGroup?: number
  costCap?: number
  wrongBelow?: number
  out?: string
  json?: boolean
}

/** No policy keeps the promise that was asked for: not an error of the input, but nothing was written. */
export const NOT_CERTIFIED = 3

/** `spillway tune`: a policy with a promise, or the reason why there is none. */
export const tuneCommand = (): Command =>
  withTargetFlags(withDataFlags(new Command('tune')))
    .description('Choose a policy on one part of the data, certify it on a second, report it on a third.')
    .option('--confidence <share>', 'of the promise and of every interval (default: 0.9)', parseConfidence)
    .option(
      '--policies <list>',
      'all, threshold, joint, learned, peers, or names (default: threshold,joint,learned)',
      parseList,
    )
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
    .option('--resamples <count>', 'of the bootstrap (default: 2000)', parseCount)
    .option('--seed <number>', 'of the split, the shuffles and the resamples (default: 1)', parseSeed)
    .option('--wrong-below <quality>', 'a small answer below this quality is wrong (default: 0.5)', parseQuality)
    .option('--out <file>', 'write the policy there')
    .option('--json', 'print everything as JSON')
    .action(run)

async function run(file: string, signalsFile: string | undefined, flags: TuneFlags): Promise<void> {
  const target = targetOf(flags)
  if (target === undefined)
    throw new SpillwayError('usage', 'no target: give --max-quality-loss, --min-quality, --max-cost, or --maximize')
  refuseSamePaths([file, signalsFile], [flags.out])
  const linted = await lintOutcomes(file, { ...readOptions(flags, signalsFile), texts: true })
  enforceStrict(flags.strict, linted.findings)
  const outcomes = withAnswerSignals(linted.outcomes)
  const findings = [...linted.findings, ...unusedModels(outcomes)]
  const options: TuneOptions = {
    target,
    costs: { ...flags.cost, verifyCost: flags.verifyCost },
    confidence: flags.confidence,
    policies: flags.policies,
    seed: flags.seed,
    method: flags.method,
    certify: flags.certify,
    shares: flags.split,
    resamples: flags.resamples,
    maxGroupRows: flags.maxGroup,
    costCap: flags.costCap,
    wrongBelow: flags.wrongBelow,
  }
  const result = await withProgress(tune(outcomes, options), flags.quiet)
  const files = signalsFile === undefined ? [file] : [file, signalsFile]
  const inputs: Inputs = { files: files.map(nameOf), datasets: outcomes.datasets }
  if (flags.json === true) showFindings(findings, flags.quiet)
  const text =
    flags.json === true
      ? tuneJson(result, findings, inputs)
      : tuneText(result, findings, inputs, viewOf(process.stdout))
  await writePieces([text], process.stdout)
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
  const hashes = await Promise.all(files.map(hashFile))
  await writeFileWhole(flags.out, [policyFile(result, outcomes, inputs, hashes)])
  if (flags.quiet !== true) process.stderr.write(`wrote ${flags.out}\n`)
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
