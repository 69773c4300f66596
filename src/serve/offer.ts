import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { keepRuleOf, lacksAlternatives, type AskedRule } from '../cascade/keep-rule.ts'
import { policyHashOf } from './policy-hash.ts'
import { otherModels, tunedTemperature } from '../cascade/tuned-on.ts'
import type { OpenedModel } from '../config/open-model.ts'
import { openModel } from '../config/open-model.ts'
import type { Config, ModelEntry } from '../config/schema.ts'
import type { CascadeConfig, ServeConfig } from '../config/serve-schema.ts'
import { SpillwayError } from '../core/errors.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Coin } from '../gateway/audit/coin.ts'
import { guarded, type Guarded } from '../gateway/breaker.ts'
import type { Offer } from '../gateway/gateway.ts'
import { localExchange } from '../gateway/local.ts'
import type { ServedCascade, ServedModel, ServedStage } from '../gateway/served.ts'
import { auditOf } from './audits.ts'

/** What a configuration has a gateway offer, ready to be asked. */
export interface OpenOffer extends Offer {
  models: readonly Guarded[]
  close(): Promise<void>
}

export interface OfferContext {
  /** The configuration's path, for messages. */
  path: string
  folder: string
  env: NodeJS.ProcessEnv
  /** Told of what an operator should know. */
  say: (text: string) => void
  /** Of audits; those of a former offer go on. */
  coins?: Map<string, Coin>
}

const CALLS_AT_ONCE = 256
/** A gateway's client waits, so one more attempt has to do. */
const RETRIES = 1
const TIMEOUTS = { connect_timeout_s: 5, first_byte_timeout_s: 60, idle_timeout_s: 30 }
const BREAKER = { failures: 5, restMs: 10_000 }

/** @throws SpillwayError naming the place in the configuration, or the policy file, that cannot be served */
export async function openOffer(config: Config, context: OfferContext): Promise<OpenOffer> {
  const serve = config.serve ?? {}
  const opened = new Map<string, { entry: ModelEntry; opened: OpenedModel; served: Guarded }>()
  const close = async () => {
    for (const each of opened.values()) await each.opened.model.close()
  }
  try {
    for (const [name, entry] of entriesOf(config)) opened.set(name, await openOne(name, entry, context))
    const models = new Map([...opened].map(([name, { served }]) => [name, served]))
    const cascades: ServedCascade[] = []
    for (const [name, one] of Object.entries(cascadesOf(config, context))) {
      if (models.has(name)) throw wrong(context, `serve.cascades.${name}`, 'a model has that name already')
      const stages: ServedStage[] = []
      const warnings: string[] = []
      const names = one.stages ?? ['small', 'large']
      const policies = await policiesOf(name, one, names, context)
      for (const [i, stage] of names.entries()) {
        const model = opened.get(stage)
        if (model === undefined)
          throw wrong(
            context,
            `serve.cascades.${name}.stages`,
            `there is no model ${stage}; there are ${[...opened.keys()].join(', ')}`,
          )
        const last = i === names.length - 1
        stages.push(
          last ? { model: model.served } : { model: model.served, keep: keepOf(policies[i], one, model.opened) },
        )
        if (!last) warnings.push(...otherModels(policies[i].policy, [model.opened.model.id, model.opened.name]))
      }
      for (const warning of warnings) context.say(`${name}: ${warning}`)
      const place = `${context.path}: serve${serve.cascades?.[name] === undefined ? '' : `.cascades.${name}`}.audit`
      const audit = one.audit
        ? await auditOf(one.audit, serve, { ...context, place, opened, large: names.at(-1)! })
        : undefined
      cascades.push({ ...cascadeOf(name, one, stages, policies), ...(audit && { audit }), warnings })
    }
    const passThrough = passThroughOf(serve, opened, context)
    return { cascades, models: [...models.values()], passThrough, keys: serve.keys ?? [], close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The models behind HTTP that are named for other things than text. */
function passThroughOf(
  { pass_through: named = {} }: ServeConfig,
  opened: ReadonlyMap<string, { opened: OpenedModel; served: Guarded }>,
  context: OfferContext,
): NonNullable<Offer['passThrough']> {
  const modelsOf = (api: keyof typeof named): Guarded[] | undefined =>
    named[api]?.map((name) => {
      const model = opened.get(name)
      const place = `serve.pass_through.${api}`
      if (model === undefined)
        throw wrong(context, place, `there is no model ${name}; there are ${[...opened.keys()].join(', ')}`)
      if (model.opened.http === undefined) throw wrong(context, place, `${name} is a file, which offers no ${api}`)
      return model.served
    })
  const [embeddings, responses] = [modelsOf('embeddings'), modelsOf('responses')]
  return { ...(embeddings && { embeddings }), ...(responses && { responses }) }
}

const wrong = ({ path }: OfferContext, place: string, text: string) =>
  new SpillwayError('usage', `${path}: ${place}: ${text}`)

function entriesOf({ small, large, models }: Config): [string, ModelEntry][] {
  const all = { ...(small === undefined ? {} : { small }), ...(large === undefined ? {} : { large }), ...models }
  return Object.entries(all).map(([name, entry]) => [name, typeof entry === 'string' ? { model: entry } : entry])
}

function cascadesOf(config: Config, context: OfferContext): Record<string, CascadeConfig> {
  const {
    policy,
    cascades,
    mode,
    when_large_fails,
    speculate_after,
    several_answers,
    top_logprobs,
    tokens,
    audit,
  }: ServeConfig = config.serve ?? {}
  if (policy === undefined && cascades === undefined)
    throw wrong(context, 'serve', 'no policy; write policy: policy.json, a file that `spillway tune` makes')
  const behaviour = { mode, when_large_fails, speculate_after, several_answers, top_logprobs, tokens, audit }
  const known = Object.fromEntries(Object.entries(behaviour).filter(([, value]) => value !== undefined))
  const all = { ...(policy === undefined ? {} : { cascade: { policy } }), ...cascades }
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, { ...known, ...one }]))
}

async function openOne(name: string, entry: ModelEntry, { folder, env, say }: OfferContext) {
  const opened = await openModel(
    { retries: RETRIES, ...TIMEOUTS, ...entry },
    {
      env,
      folder,
      role: name,
      concurrency: entry.concurrency ?? (entry.gguf === undefined ? CALLS_AT_ONCE : 1),
      onNotice: say,
    },
  )
  const { http, model } = opened
  const exchange: ServedModel['exchange'] =
    http === undefined
      ? localExchange(model, opened.form === 'chat', Date.now)
      : (body, options) => http.exchange(body, options)
  const served: ServedModel = {
    name,
    upstream: opened.name,
    ...(entry.price === undefined ? {} : { price: entry.price }),
    ...(entry.body === undefined ? {} : { body: entry.body }),
    exchange,
  }
  if (entry.price === undefined)
    say(`${name}: no price, so that costs and savings are not known; write price: in the configuration`)
  return { entry, opened, served: guarded(served, { ...BREAKER, now: () => performance.now() }) }
}

interface ReadPolicy {
  policy: Policy
  path: string
  text: string
}

async function policiesOf(
  cascade: string,
  { policy }: CascadeConfig,
  stages: readonly string[],
  context: OfferContext,
): Promise<ReadPolicy[]> {
  const files = [policy].flat()
  if (files.length !== stages.length - 1)
    throw wrong(
      context,
      `serve.cascades.${cascade}.policy`,
      `${stages.length} stages take ${stages.length - 1} policies, and there are ${files.length}`,
    )
  return Promise.all(
    files.map(async (file) => {
      const path = isAbsolute(file) ? file : join(context.folder, file)
      const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
        const problem =
          cause.code === 'ENOENT'
            ? 'there is no such file; `spillway tune` makes one'
            : `cannot be read (${cause.code})`
        throw new SpillwayError('usage', `${path}: ${problem}`, { cause })
      })
      return { policy: parsePolicy(text, path), path, text }
    }),
  )
}

/** The rule of a stage, with as many alternatives as its signals are made of. */
function keepOf(
  { policy, path }: ReadPolicy,
  { top_logprobs: topK, tokens }: CascadeConfig,
  opened: OpenedModel,
): AskedRule {
  const rule = keepRuleOf(policy, { topK, tokens, place: path })
  if (lacksAlternatives(rule) && opened.http !== undefined)
    throw new SpillwayError(
      'usage',
      `${path}: an entropy is a matter of how many alternatives are seen, which the policy does not say; write top_logprobs: N beside it`,
    )
  return rule
}

function cascadeOf(
  name: string,
  one: CascadeConfig,
  stages: ServedStage[],
  policies: readonly ReadPolicy[],
): ServedCascade {
  const {
    mode = 'buffer',
    when_large_fails: fails = 'small',
    speculate_after: speculateAfter,
    several_answers: several = 'large',
  } = one
  const tuned = tunedTemperature(policies.map(({ policy }) => policy))
  return {
    name,
    stages,
    policyHash: policyHashOf(policies.map(({ text }) => text)),
    mode,
    fallback: fails === 'small',
    ...(speculateAfter === undefined ? {} : { speculateAfter }),
    severalAnswers: several,
    ...(tuned === undefined ? {} : { tunedTemperature: tuned }),
  }
}
