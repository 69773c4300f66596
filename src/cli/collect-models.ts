import { ask } from '../collect/ask.ts'
import type { Call, CallResult, Role } from '../collect/call.ts'
import type { Asked, Setup } from '../collect/plan.ts'
import { loadTemplate, template } from '../collect/template.ts'
import { trueTemplate, verifyTemplate } from '../collect/templates.ts'
import { askWorkers, type Workers } from '../collect/workers/ask-workers.ts'
import { expand } from '../config/expand.ts'
import { openModel, type OpenedModel } from '../config/open-model.ts'
import { findSignal } from '../core/signals/signals.ts'
import { SpillwayError } from '../core/errors.ts'
import { traceSignalNames } from '../core/signals/trace-signals.ts'
import type { Price } from '../models/price.ts'
import type { CollectSettings, RoleSettings } from './collect-settings.ts'

/** Both models of a collection, ready to be asked. */
export interface CollectModels {
  setup: Setup
  prices: Record<Role, Price>
  concurrency: Record<Role, number>
  ask: (call: Call, signal: AbortSignal) => Promise<CallResult>
  close: () => Promise<void>
}

const CALLS_AT_ONCE = 16

export async function collectModels(settings: CollectSettings, say: (text: string) => void): Promise<CollectModels> {
  const { models } = settings
  const signals = signalNames(settings.signals)
  const templates = {
    question: await loadTemplate(settings.prompt),
    verify:
      settings.verifyPrompt === undefined
        ? template('verify', verifyTemplate)
        : await loadTemplate(settings.verifyPrompt, 'answer'),
    pTrue:
      settings.pTruePrompt === undefined
        ? template('p_true', trueTemplate)
        : await loadTemplate(settings.pTruePrompt, 'answer'),
  }
  const concurrency = { small: concurrencyOf(models.small), large: concurrencyOf(models.large) }
  const open = (role: Role): Promise<OpenedModel> =>
    openModel(models[role].entry, {
      // Where workers make the calls, a model is opened here only to know which it is.
      env: settings.workers === undefined ? process.env : keyless,
      folder: models[role].folder,
      role,
      concurrency: settings.workers === undefined ? concurrency[role] : 1,
      onNotice: say,
    })
  const small = await open('small')
  const large = await open('large').catch(async (error: unknown) => {
    await small.model.close()
    throw error
  })
  const opened = { small, large }
  for (const role of ['small', 'large'] as const)
    if (opened[role].form === 'raw' && models[role].system !== undefined)
      say(`${role}: prompts go to this model as they stand, without the system message`)
  const setup: Setup = {
    small: asked(opened.small, models.small),
    large: asked(opened.large, models.large),
    template: templates.question,
    topLogprobs: settings.topLogprobs,
    seed: settings.seed,
    verify: settings.samples === 0 ? undefined : { samples: settings.samples, template: templates.verify },
    pTrue: settings.pTrue ? { template: templates.pTrue } : undefined,
  }
  const prices = { small: models.small.price, large: models.large.price }
  const askOne = (call: Call, signal: AbortSignal) =>
    ask(opened[call.role].model, call, {
      signals,
      keepTokens: settings.keepTokens,
      now: () => performance.now(),
      signal,
    })
  const closeModels = async () => {
    await opened.small.model.close()
    await opened.large.model.close()
  }
  let workers: Workers | undefined
  if (settings.workers !== undefined) {
    await closeModels()
    workers = await openWorkers(settings.workers, settings, opened, signals)
  }
  return {
    setup,
    prices,
    concurrency,
    ask: workers?.ask ?? askOne,
    close: workers?.close ?? closeModels,
  }
}

const openWorkers = (
  address: string,
  { models: { small, large }, keepTokens }: CollectSettings,
  opened: Record<Role, OpenedModel>,
  signals: readonly string[],
): Promise<Workers> =>
  askWorkers({
    url: expand(address, process.env, '--workers'),
    models: opened,
    signals,
    keepTokens,
    flags: { small: small.workerFlags, large: large.workerFlags },
    // Nothing goes on without workers: that is told whatever else is not.
    tell: (text) => process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}spillway: ${text}\n`),
  })

/** Has every variable, so that a machine that makes no calls needs no keys. */
const keyless = new Proxy(process.env, { get: (env, name: string) => env[name] ?? 'unused' })

const asked = ({ identity, form }: OpenedModel, { maxTokens, temperature, system, entry }: RoleSettings): Asked => ({
  identity,
  form,
  system,
  maxTokens,
  temperature,
  stop: entry.stop,
})

export const concurrencyOf = ({ concurrency, entry }: Pick<RoleSettings, 'concurrency' | 'entry'>): number =>
  concurrency ?? (isFile(entry) ? 1 : CALLS_AT_ONCE)

const isFile = ({ gguf, model, url }: RoleSettings['entry']): boolean =>
  gguf !== undefined || (url === undefined && /\.gguf$/i.test(model ?? ''))

function signalNames(more: readonly string[]): string[] {
  for (const name of more) {
    const definition = findSignal(name)
    const base = name.replace(/_at_\d+$/, '')
    if (definition === undefined || !traceSignalNames.some((each) => each === base))
      throw new SpillwayError(
        'usage',
        `--signals: ${name} is no signal of an answer's tokens; there are ${traceSignalNames.join(', ')}, each also as …_at_8`,
      )
  }
  return [...new Set<string>([...traceSignalNames, ...more])]
}
