import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import { withAnswerSignals } from '../core/outcomes/answer-signals.ts'
import { resolveCosts } from '../core/outcomes/costs.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { keepWhen, signalsRead, type Condition, type Policy } from '../core/policy/policy.ts'
import { checkSources, sourceOf } from '../core/policy/source.ts'
import { nameOf } from '../data/bytes.ts'
import { lintOutcomes } from '../data/read-outcomes.ts'
import { writeFileWhole, writePieces } from '../data/write.ts'
import { routedJsonl, routedSummary } from '../report/routed.ts'
import { refuseSamePaths } from './files.ts'
import { showFindings } from './view.ts'
import { enforceStrict, parseNumber, readOptions, withDataFlags, type DataFlags } from './options.ts'

interface RouteFlags extends DataFlags {
  logprobMin?: number
  entropyMax?: number
  policy?: string
  out?: string
  json?: boolean
  summary?: string
}

/** `spillway route`: what one policy does with every query. */
export const routeCommand = (): Command =>
  withDataFlags(new Command('route'))
    .summary('apply a policy to every row')
    .description('Apply one policy to every query: a JSON line each, and a summary.')
    .option('--logprob-min <nats>', 'keep when mean_logprob is at least this', parseNumber)
    .option('--entropy-max <nats>', 'keep when mean_entropy is at most this', parseNumber)
    .option('--policy <file>', 'keep by a policy file')
    .option('--out <file>', 'write the rows there instead of to standard output')
    .option('--json', 'print the summary alone on standard output; rows then only go to --out')
    .option('--summary <file>', 'write the summary there instead of to standard error')
    .action(run)

async function run(file: string, signalsFile: string | undefined, flags: RouteFlags): Promise<void> {
  const policy = await policyOf(flags)
  refuseSamePaths([file, signalsFile, flags.policy], [flags.out, flags.summary])
  const linted = await lintOutcomes(file, { ...readOptions(flags, signalsFile), texts: true, needsQuality: false })
  const { findings } = linted
  const outcomes = signalsRead(policy).some((name) => name.startsWith('answer_'))
    ? withAnswerSignals(linted.outcomes)
    : linted.outcomes
  if (flags.policy !== undefined)
    checkSources(policy, (signal) => sourceOf(outcomes, signal), flags.policy, `${nameOf(file)} holds`)
  enforceStrict(flags.strict, findings)
  showFindings(findings, flags.quiet)
  const costs = resolveCosts(outcomes, { ...flags.cost, verifyCost: flags.verifyCost })
  if (costs.counted && flags.quiet !== true && tunedAtCost(policy))
    process.stderr.write(
      `note: cost counts large calls here, and ${flags.policy} was tuned at other costs: give --cost\n`,
    )
  const totals = { kept: 0, gain: 0, extraCost: 0, missing: 0 }
  const rows = routedJsonl(outcomes, policy, costs, totals)
  if (flags.out !== undefined) await writeFileWhole(flags.out, rows)
  else if (flags.json === true) for (const _ of rows);
  else await writePieces(rows, process.stdout)
  const summary = `${JSON.stringify(routedSummary(outcomes, policy, costs, totals), null, 2)}\n`
  if (flags.json === true) process.stdout.write(summary)
  if (flags.summary !== undefined) await writeFileWhole(flags.summary, [summary])
  else if (flags.json !== true && flags.quiet !== true) process.stderr.write(summary)
}

/** Whether a policy's provenance names costs of its own. */
function tunedAtCost({ provenance }: Policy): boolean {
  const costs = provenance?.costs
  return typeof costs === 'object' && costs !== null && 'unit' in costs && costs.unit === 'as given'
}

async function policyOf({ policy, logprobMin, entropyMax }: RouteFlags): Promise<Policy> {
  const conditions: Condition[] = []
  if (logprobMin !== undefined && logprobMin > 0)
    throw new SpillwayError(
      'usage',
      `--logprob-min ${logprobMin}: a log-probability is never above 0, so nothing would be kept. Is the minus sign missing?`,
    )
  if (entropyMax !== undefined && entropyMax < 0)
    throw new SpillwayError(
      'usage',
      `--entropy-max ${entropyMax}: an entropy is never negative, so nothing would be kept`,
    )
  if (logprobMin !== undefined) conditions.push({ signal: 'mean_logprob', atLeast: logprobMin })
  if (entropyMax !== undefined) conditions.push({ signal: 'mean_entropy', atMost: entropyMax })
  if (policy === undefined) {
    if (conditions.length === 0)
      throw new SpillwayError('usage', 'no policy: give --logprob-min X, --entropy-max Y, both, or --policy FILE')
    return keepWhen(conditions)
  }
  if (conditions.length > 0) throw new SpillwayError('usage', '--policy stands alone: its file holds the thresholds')
  const text = await readFile(policy, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const problem = cause.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${cause.code})`
    throw new SpillwayError('bad-input', `${policy}: ${problem}`, { cause })
  })
  return parsePolicy(text, policy)
}
