import { statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { SpillwayError } from '../core/errors.ts'
import type { Role } from '../collect/call.ts'
import { templates } from '../collect/templates.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Config, ModelEntry } from '../config/schema.ts'
import { isAddress } from '../data/engines/paths.ts'
import type { Price } from '../models/price.ts'
import type { ByRole, CollectFlags, ModelFlags } from './collect-flags.ts'

/** A model of the collection, with everything that flags and configuration say about it. */
export interface RoleSettings {
  entry: ModelEntry
  /** Where relative paths of the entry start. */
  folder: string
  price: Price
  concurrency: number | undefined
  maxTokens: number
  temperature: number | undefined
  system: string | undefined
  /** The flags that name the same model at a worker. */
  workerFlags: string
}

export interface CollectSettings {
  questions: string
  out: string
  /** Every finished call, beside `out`. */
  journal: string
  models: Record<Role, RoleSettings>
  prompt: string
  scorer: string
  map: Partial<Record<string, string>>
  samples: number
  pTrue: boolean
  verifyPrompt: string | undefined
  pTruePrompt: string | undefined
  signals: readonly string[]
  topLogprobs: number
  keepTokens: boolean
  seed: number
  limit: number | undefined
  maxCost: number | undefined
  /** The Redis through which workers make the calls. */
  workers: string | undefined
}

const MAX_TOKENS = { small: 256, large: 1024 }
/** How many calls are really made at once, the workers say. */
const CALLS_TO_WORKERS = 64

/**
 * What a collection is to do: flags first, then the configuration, then defaults.
 * @throws SpillwayError `usage` where something without a default is said nowhere
 */
export async function collectSettings(questions: string | undefined, flags: CollectFlags): Promise<CollectSettings> {
  const config = flags.config === undefined ? {} : await loadConfig(flags.config)
  const folder = flags.config === undefined ? '.' : dirname(flags.config)
  const { collect = {} } = config
  /** A path of the configuration starts at its folder; a text or a name stays as it is. */
  const at = (path: string | undefined) =>
    path === undefined || isAbsolute(path) || isAddress(path) ? path : join(folder, path)
  const prompt = (text: string | undefined) =>
    text === undefined || text.includes('{{') || Object.hasOwn(templates, text) ? text : at(text)
  const isModule = (scorer: string) => /[./]/.test(scorer) && !/^[\w-]+:/.test(scorer)
  const scorer = (text: string | undefined) => (text !== undefined && isModule(text) ? resolve(folder, text) : text)
  const input = questions ?? at(collect.questions)
  const out = flags.out ?? at(collect.out)
  if (input === undefined) throw new SpillwayError('usage', 'no questions: give a file of questions with right answers')
  if (input === '-' || statSync(input, { throwIfNoEntry: false })?.isFIFO() === true)
    throw new SpillwayError(
      'usage',
      'questions are read more than once, so they cannot come from standard input or a pipe; write them to a file',
    )
  if (out === undefined) throw new SpillwayError('usage', 'no file for the outcomes: give --out outcomes.jsonl')
  const verify = flags.verify ?? [collect.verify ?? []].flat()
  const seed = flags.seed ?? collect.seed ?? 1
  const settings: CollectSettings = {
    questions: input,
    out,
    journal: `${out.replace(/\.jsonl$/, '')}.calls.jsonl`,
    models: { small: role('small', flags, config, folder), large: role('large', flags, config, folder) },
    prompt: flags.prompt ?? prompt(collect.prompt) ?? 'qa',
    scorer: flags.scorer ?? scorer(collect.scorer) ?? 'f1',
    map: flags.map ?? collect.map ?? {},
    samples: verify.find((each) => typeof each === 'number') ?? 0,
    pTrue: verify.includes('p_true'),
    verifyPrompt: flags.verifyPrompt ?? prompt(collect.verify_prompt),
    pTruePrompt: flags.pTruePrompt ?? prompt(collect.p_true_prompt),
    signals: flags.signals ?? collect.signals ?? [],
    topLogprobs: flags.topLogprobs ?? collect.top_logprobs ?? 5,
    keepTokens: flags.keepTokens ?? collect.keep_tokens ?? false,
    seed,
    limit: flags.limit ?? collect.limit,
    maxCost: flags.maxCost ?? collect.max_cost,
    workers: flags.workers,
  }
  for (const path of [settings.out, settings.journal])
    if (resolve(path) === resolve(settings.questions))
      throw new SpillwayError('usage', `${path} holds the questions: it would be written over`)
  return settings
}

/** A model as the flags or else the configuration name it; `undefined` where neither does. */
export function namedModel(name: Role, flags: ModelFlags, config: Config, folder: string) {
  const given = flags[name] ?? config[name]
  if (given === undefined) return undefined
  const fromFlags = flags[name] !== undefined
  const written: ModelEntry = typeof given === 'string' ? { model: given } : given
  const [keyName, api] = [flags.keyEnv?.[name], flags.api?.[name]]
  if (keyName !== undefined && (!/^[a-z_]\w*$/i.test(keyName) || /^sk_/i.test(keyName)))
    throw new SpillwayError(
      'usage',
      `--key-env ${name}=…: this is no name of an environment variable, as ${name}=MY_KEY; the key itself belongs into that variable`,
    )
  const entry: ModelEntry = {
    ...written,
    ...(keyName === undefined ? {} : { key: `\${${keyName}}` }),
    ...(api === undefined ? {} : { api: api === 'chat' ? 'chat' : 'completions' }),
  }
  const workerFlags = [
    fromFlags ? `--${name} ${flags[name]}` : `--config ${flags.config}`,
    ...(keyName === undefined ? [] : [`--key-env ${name}=${keyName}`]),
    ...(api === undefined ? [] : [`--api ${name}=${api}`]),
  ].join(' ')
  return { entry, folder: fromFlags ? '.' : folder, workerFlags }
}

function role(name: Role, flags: CollectFlags, config: Config, folder: string): RoleSettings {
  const named = namedModel(name, flags, config, folder)
  if (named === undefined)
    throw new SpillwayError(
      'usage',
      `no ${name} model: give --${name}, such as --${name} ollama:llama3.2:1b, or a configuration with --config`,
    )
  const { entry } = named
  const of = <T>(value: ByRole<T> | undefined): T | undefined => value?.[name]
  const price = of(flags.price) ?? of(flags.cost) ?? entry.price
  if (flags.price?.[name] !== undefined && flags.cost?.[name] !== undefined)
    throw new SpillwayError('usage', `${name} has a --price and a --cost; which one holds?`)
  if (price === undefined)
    throw new SpillwayError(
      'usage',
      `no price known for the ${name} model, ${entry.id ?? entry.model ?? entry.gguf ?? ''}: give --price ${name}=INPUT/OUTPUT in USD per million tokens, --cost ${name}=N for each call, or 0`,
    )
  return {
    ...named,
    price,
    concurrency: of(flags.concurrency) ?? (flags.workers === undefined ? entry.concurrency : CALLS_TO_WORKERS),
    maxTokens: of(flags.maxTokens) ?? entry.max_tokens ?? MAX_TOKENS[name],
    temperature: of(flags.temperature) ?? entry.temperature ?? (name === 'small' ? 0 : undefined),
    system: flags.system ?? entry.system,
  }
}
