import { dirname } from 'node:path'
import { Command, Option } from 'commander'
import type { Role } from '../collect/call.ts'
import { aborted } from '../collect/workers/aborted.ts'
import { connectRedis } from '../collect/workers/redis.ts'
import { serve, type Served } from '../collect/workers/serve.ts'
import { expand } from '../config/expand.ts'
import { loadConfig } from '../config/load-config.ts'
import { openModel, type OpenedModel } from '../config/open-model.ts'
import { SpillwayError } from '../core/errors.ts'
import { withModelFlags, type ModelFlags } from './collect-flags.ts'
import { concurrencyOf } from './collect-models.ts'
import { namedModel } from './collect-settings.ts'
import { withInterrupt } from './interrupt.ts'

interface WorkerFlags extends ModelFlags {
  only?: Role
  quiet?: boolean
  json?: boolean
}

const LINE_MS = 10_000

/** `spillway worker`: makes the calls of a `spillway collect --workers` that runs elsewhere. */
export const workerCommand = (): Command =>
  withModelFlags(new Command('worker').argument('<redis-url>', 'redis://host:6379, or with TLS rediss://…'))
    .summary('make calls for a collection that runs elsewhere')
    .description('Make the calls of `spillway collect --workers`, from this machine or another.')
    .addOption(
      new Option('--only <role>', 'of a configuration with both models, just this').choices(['small', 'large']),
    )
    .option('--json', 'print what was done as JSON at the end, on standard output')
    .option('--quiet', 'print nothing on standard error but errors')
    .action(run)

async function run(address: string, flags: WorkerFlags): Promise<void> {
  const say = (text: string) => flags.quiet !== true && process.stderr.write(`${text}\n`)
  const named = await namedModels(flags)
  const link = await connectRedis(
    expand(address, process.env, 'the address of Redis'),
    'start it, and then this worker again',
  )
  const closing: (() => Promise<void>)[] = [() => link.close()]
  try {
    const opened: { role: Role; concurrency: number; opened: OpenedModel }[] = []
    for (const { role, entry, folder, concurrency } of named) {
      const one = await openModel(entry, { env: process.env, folder, role, concurrency, onNotice: say })
      closing.unshift(() => one.model.close())
      opened.push({ role, concurrency, opened: one })
    }
    await withInterrupt(async (interrupted) => {
      const ended = new AbortController()
      let broken: Error | undefined
      const served = opened.map((each) =>
        serve(link, {
          ...each,
          now: () => performance.now(),
          tell: (text) => process.stderr.write(`spillway: ${text}\n`),
          onBroken(error) {
            broken ??= error
            ended.abort()
          },
        }),
      )
      say(`waiting for calls to ${opened.map((each) => `${each.opened.model.id} (${each.role})`).join(' and ')}`)
      const stopShowing = showing(served, say)
      const terminate = () => ended.abort()
      process.once('SIGTERM', terminate)
      await aborted(AbortSignal.any([interrupted, ended.signal, link.lost]))
      const active = served.reduce((sum, each) => sum + each.active, 0)
      if (active > 0 && !link.lost.aborted)
        say(`finishing ${active} ${active === 1 ? 'call' : 'calls'} under way; Ctrl-C gives them up`)
      await Promise.all(served.map((each) => each.close(link.lost.aborted)))
      process.off('SIGTERM', terminate)
      stopShowing()
      if (flags.json === true)
        process.stdout.write(
          servedJson(
            opened.map(({ role }) => role),
            served,
          ),
        )
      if (link.lost.aborted) throw link.lost.reason
      if (broken !== undefined)
        throw new SpillwayError('model', `this worker ends, as its model fails: ${broken.message}`, { cause: broken })
      if (interrupted.aborted) process.exitCode = 130
    })
  } finally {
    for (const close of closing) await close()
  }
}

/** @throws SpillwayError `usage` where flags and configuration name no model */
async function namedModels(flags: WorkerFlags) {
  const config = flags.config === undefined ? {} : await loadConfig(flags.config)
  const folder = flags.config === undefined ? '.' : dirname(flags.config)
  const roles = flags.only === undefined ? (['small', 'large'] as const) : [flags.only]
  const named = roles.flatMap((role) => {
    const one = namedModel(role, flags, config, folder)
    if (one === undefined) return []
    const concurrency = concurrencyOf({
      entry: one.entry,
      concurrency: flags.concurrency?.[role] ?? one.entry.concurrency,
    })
    return [{ role, entry: one.entry, folder: one.folder, concurrency }]
  })
  if (named.length === 0)
    throw new SpillwayError(
      'usage',
      `no model: give --${flags.only ?? 'small'} as the collection does, or its configuration with --config`,
    )
  return named
}

const servedJson = (roles: readonly Role[], served: readonly Served[]): string =>
  `${JSON.stringify(Object.fromEntries(served.map(({ calls, failed }, i) => [roles[i], { calls, failed }])))}\n`

/** Prints a line every ten seconds in which calls were made; gives what ends that. */
function showing(served: readonly Served[], say: (text: string) => void): () => void {
  let last = 0
  const sum = (of: (each: Served) => number) => served.reduce((total, each) => total + of(each), 0)
  const show = () => {
    const [calls, failed] = [sum((each) => each.calls), sum((each) => each.failed)]
    if (calls === last) return
    const rate = (1000 * (calls - last)) / LINE_MS
    say(
      [
        `${calls.toLocaleString('en')} calls`,
        `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`,
        ...(failed > 0 ? [`${failed} failed`] : []),
        `${sum((each) => each.active)} under way`,
      ].join(', '),
    )
    last = calls
  }
  const timer = setInterval(show, LINE_MS)
  return () => clearInterval(timer)
}
