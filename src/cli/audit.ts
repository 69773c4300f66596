import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { auditedRequest, isAnswered } from '../audits/audited-request.ts'
import type { AuditRecord } from '../audits/record.ts'
import { auditReport, type AuditReport, type LoggedAudit } from '../core/audit/audit-report.ts'
import type { AuditedPromise } from '../core/audit/promise.ts'
import { promisedBy } from '../core/audit/promised.ts'
import { tunedSignals } from '../core/audit/tuned.ts'
import { SpillwayError } from '../core/errors.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import type { Policy } from '../core/policy/policy.ts'
import { policyHashOf } from '../serve/policy-hash.ts'
import { writePieces } from '../data/write.ts'
import { auditJson, type AuditSubject } from '../report/audit-json.ts'
import { auditText, printable, promiseWords } from '../report/audit-terminal.ts'
import { parseConfidence, parseQuality, parseSeed } from './options.ts'
import { briefOf, loggedAudits, remedyFor, withLogFlags, type LogFlags } from './from-log.ts'
import { viewOf } from './view.ts'

interface AuditFlags extends LogFlags {
  policy: string[]
  confidence?: number
  maxQualityLoss?: number
  minQuality?: number
  change: number
  seed: number
  json?: boolean
  quiet?: boolean
}

/** The promise does not hold any more: so that a job that runs every hour can raise an alarm. */
const BROKEN = 3

/** `spillway audit`: whether a policy's promise still holds, by the gateway's audits. */
export const auditCommand = (): Command =>
  withLogFlags(new Command('audit'))
    .summary("whether a policy's promise still holds, by the gateway's audit log")
    .description(
      'Estimate from audited requests what the cascade loses and saves, whether what its policy promises still holds, and whether its signals have drifted. Ends with 3 where the promise is broken.',
    )
    .argument('<log...>', 'audit logs of the gateway, or their folder')
    .requiredOption(
      '--policy <file>',
      'the policy that decided; its promise is audited (of a cascade with several policies, all of them in order: repeatable)',
      (path: string, before: string[] | undefined) => [...(before ?? []), path],
    )
    .option('--max-quality-loss <loss>', 'audit this promise instead of the one of the policy', parseQuality)
    .option('--min-quality <quality>', 'audit this promise instead', parseQuality)
    .option('--confidence <share>', "of intervals and verdict (default: the policy's, else 0.9)", parseConfidence)
    .option(
      '--change <points>',
      'say how soon a loss so much beyond the promise would show, as a share',
      parseQuality,
      0.02,
    )
    .option('--seed <n>', 'of the power calculation', parseSeed, 1)
    .option('--json', 'print everything as JSON')
    .option('--quiet', 'print nothing on standard error but errors')
    .action(run)

async function run(paths: string[], flags: AuditFlags): Promise<void> {
  const { policies, hash } = await readPolicies(flags.policy)
  const named = flags.policy.join(' and ')
  const given = givenPromise(flags)
  const { audits, cascade, remedy, ...counts } = await auditsOf(paths, hash, flags)
  // Of several, none says by itself what was promised of all of them.
  const promised = policies.length === 1 ? promisedBy(policies[0]) : undefined
  const promise = given ?? promised?.promise
  if (promise === undefined && flags.quiet !== true)
    process.stderr.write(
      `spillway: ${named} promises nothing: give --max-quality-loss or --min-quality to hold the audits against one\n`,
    )
  const confidence = flags.confidence ?? promised?.confidence ?? 0.9
  const report = auditReport(audits, {
    promise,
    confidence,
    signals: policies.length === 1 ? signalsOf(policies[0]) : [],
    change: flags.change,
    seed: flags.seed,
  })
  refuseUnscored(report, remedy)
  const subject: AuditSubject = { files: paths, cascade, policy: named, confidence, seed: flags.seed, ...counts }
  const stands = report.state.promise
  const words = stands === undefined ? '' : promiseWords(stands, confidence)
  const out =
    flags.json === true ? auditJson(report, subject, words) : auditText(report, subject, words, viewOf(process.stdout))
  await writePieces([out], process.stdout)
  if (stands?.verdict === 'broken') {
    process.stderr.write(`spillway: ${printable(cascade)}: the promise is broken\n`)
    process.exitCode = BROKEN
  }
}

/** Policies, and what the gateway calls them together. */
async function readPolicies(paths: readonly string[]): Promise<{ policies: Policy[]; hash: string }> {
  const read = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw new SpillwayError('usage', `${path}: cannot be read (${cause.code})`, { cause })
      })
      return { policy: parsePolicy(text, path), text }
    }),
  )
  return { policies: read.map(({ policy }) => policy), hash: policyHashOf(read.map(({ text }) => text)) }
}

const signalsOf = (policy: Policy) => ('always' in policy ? [] : tunedSignals(policy))

function givenPromise({ maxQualityLoss, minQuality }: AuditFlags): AuditedPromise | undefined {
  if (maxQualityLoss !== undefined && minQuality !== undefined)
    throw new SpillwayError('usage', 'one promise is audited at a time: give --max-quality-loss or --min-quality')
  if (maxQualityLoss !== undefined) return { maxQualityLoss }
  return minQuality === undefined ? undefined : { minQuality }
}

/** The audits under one policy, in the order of time. */
async function auditsOf(paths: string[], hash: string, flags: LogFlags) {
  // Of a line no more is kept than what is counted: logs with texts are large.
  const { audits: all, leftOut } = await loggedAudits(paths, flags, (record) => ({
    policy: record.policy,
    cascade: record.cascade,
    cost: record.audit_cost,
    unseen: record.unseen ?? 0,
    ...briefOf(record),
    ...(isAnswered(record) ? { audit: loggedAudit(record) } : {}),
  }))
  const ours = all.filter(({ policy }) => policy === hash)
  if (ours.length === 0) {
    const others = [...new Set(all.map(({ policy }) => policy ?? 'none'))].join(', ')
    throw new SpillwayError(
      'bad-input',
      `${paths.join(', ')}: no audits by this policy (${hash}); ${others === '' ? 'the log has none at all' : `there are audits by ${others}`}`,
    )
  }
  const audits = ours.flatMap(({ audit }) => audit ?? [])
  if (audits.length === 0)
    throw new SpillwayError(
      'bad-input',
      `${paths.join(', ')}: no audited request was answered; there is nothing to be found`,
    )
  return {
    audits: audits.toSorted((a, b) => a.time - b.time),
    cascade: ours[0].cascade,
    remedy: remedyFor(ours, paths.join(' ')),
    leftOut: leftOut + all.length - ours.length,
    failed: ours.filter(({ audit, error }) => audit !== undefined && error !== undefined).length,
    unanswered: ours.length - audits.length,
    unseen: ours.reduce((sum, { unseen }) => sum + unseen, 0),
    auditCost: ours.reduce<number | null>((sum, { cost }) => (sum === null || cost === null ? null : sum + cost), 0),
  }
}

const loggedAudit = (record: AuditRecord): LoggedAudit => ({
  ...auditedRequest(record),
  time: Date.parse(record.time),
  ...(record.small === undefined ? {} : { signals: record.small.signals }),
})

function refuseUnscored({ state, marked }: AuditReport, remedy: string): void {
  if (state.kept > 0 && marked === 0 && state.promise?.of !== 'cost')
    throw new SpillwayError('bad-input', `no kept answer has been scored yet; ${remedy}`)
}
