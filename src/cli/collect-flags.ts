import { Command, InvalidArgumentError } from 'commander'
import type { Price } from '../models/price.ts'
import { MOST_AT_ONCE, verifySchema } from '../config/schema.ts'
import { collectMap, parseCount, parseList, parseNumber, parseSeed } from './options.ts'
import { withReportFlag, type ReportFlag } from './report-flags.ts'

/** One value for both models, or one for each. */
export type ByRole<T> = { small?: T; large?: T }

/** Which models, and how they are reached. */
export interface ModelFlags {
  small?: string
  large?: string
  config?: string
  keyEnv?: ByRole<string>
  api?: ByRole<string>
  concurrency?: ByRole<number>
}

export interface CollectFlags extends ModelFlags, ReportFlag {
  prompt?: string
  system?: string
  scorer?: string
  out?: string
  price?: ByRole<Price>
  cost?: ByRole<Price>
  maxTokens?: ByRole<number>
  temperature?: ByRole<number>
  verify?: (number | 'p_true')[]
  verifyPrompt?: string
  pTruePrompt?: string
  signals?: string[]
  topLogprobs?: number
  keepTokens?: boolean
  map?: Record<string, string>
  seed?: number
  limit?: number
  maxCost?: number
  workers?: string
  quiet?: boolean
  json?: boolean
}

export const withModelFlags = (command: Command): Command =>
  command
    .option(
      '--small <model>',
      'model.gguf, ollama:NAME, vllm:NAME, llamacpp:NAME, lmstudio:NAME, openai:NAME, openrouter:NAME, or NAME@http://host/v1',
    )
    .option('--large <model>', 'the same')
    .option('--config <file>', 'spillway.yaml, for all of this; flags go before')
    .option('--key-env <small=NAME,…>', 'the environment variable that holds the key', byRole(String))
    .option('--api <small=completions,…>', 'chat, or completions for prompts as they stand', byRole(parseApi))
    .option(
      '--concurrency <n>',
      'calls at once, of each model or small=N,large=N (default: 16; of a local file 1)',
      byRole(parseConcurrency),
    )

export const withCollectFlags = (command: Command): Command =>
  withReportFlag(
    withModelFlags(
      command.argument(
        '[questions]',
        'questions with right answers: JSONL, a JSON array or CSV, also gzipped; also Parquet',
      ),
    ),
  )
    .option('--out <file>', 'outcomes; beside them, as .calls.jsonl, every finished call')
    .option('--prompt <template>', 'plain, qa, nli or choice, a file, or a text with {{question}} (default: qa)')
    .option('--system <text>', 'a system message before the prompt')
    .option(
      '--scorer <name>',
      'f1, exact, rouge-l, label, choice, number, regex, json, f1-study, or ./my-scorer.js (default: f1)',
    )
    .option(
      '--price <small=IN/OUT,…>',
      'USD per million tokens, input/output or input/cached/output; 0 is a price',
      byRole(parsePrice),
    )
    .option('--cost <small=N,large=N>', 'instead: cost of a call, in one unit', byRole(parseCallCost))
    .option('--max-tokens <n>', 'of an answer (default: small=256,large=1024)', byRole(parseCount))
    .option('--temperature <t>', "of answers (default: small=0, the large model's own)", byRole(parseTemperature))
    .option(
      '--verify <k|p_true>',
      'let the small model judge its answer: k samples, the probability of True, or both as 4,p_true',
      parseVerify,
    )
    .option('--verify-prompt <template>', 'a file or a text with {{question}} and {{answer}}')
    .option('--p-true-prompt <template>', 'the same for p_true')
    .option('--signals <list>', 'more of them, such as mean_logprob_at_8', parseList)
    .option('--top-logprobs <k>', 'alternatives a token asked of the small model (default: 5)', parseAlternatives)
    .option('--keep-tokens', 'store every token with its log-probabilities')
    .option(
      '--map <field=column>',
      'take a field from a column of another name, e.g. gold=label (repeatable)',
      collectMap,
    )
    .option('--seed <number>', 'of sampled verifications (default: 1)', parseSeed)
    .option('--limit <n>', 'the first n questions', parseCount)
    .option('--max-cost <amount>', 'ask nothing that could take the whole cost above this', parseAmount)
    .option('--workers <redis-url>', 'let processes of `spillway worker` make the calls')
    .option('--json', 'print what came of it as JSON, on standard output')
    .option('--quiet', 'print nothing on standard error but errors')

/** `8` for both models, or `small=4,large=16`. */
function byRole<T>(parse: (text: string) => T): (text: string, earlier?: ByRole<T>) => ByRole<T> {
  return (text, earlier = {}) => {
    if (!/^(small|large)=/.test(text)) {
      const value = parse(text)
      return { small: value, large: value }
    }
    const values = { ...earlier }
    for (const part of text.split(',')) {
      const [role, ...value] = part.split('=')
      if ((role !== 'small' && role !== 'large') || value.length === 0)
        throw new InvalidArgumentError('Expected one value, or small=…,large=….')
      if (values[role] !== undefined) throw new InvalidArgumentError(`${role} is given twice.`)
      values[role] = parse(value.join('='))
    }
    return values
  }
}

function parsePrice(text: string): Price {
  const amounts = text.split('/').map(parseAmount)
  if (amounts.length === 1 && amounts[0] === 0) return { input: 0, output: 0 }
  if (amounts.length === 2) return { input: amounts[0], output: amounts[1] }
  if (amounts.length === 3) return { input: amounts[0], cached: amounts[1], output: amounts[2] }
  throw new InvalidArgumentError('Expected USD per million tokens as INPUT/OUTPUT or INPUT/CACHED/OUTPUT, or 0.')
}

const parseCallCost = (text: string): Price => ({ call: parseAmount(text) })

function parseAmount(text: string): number {
  const value = parseNumber(text)
  if (value < 0) throw new InvalidArgumentError('Expected an amount of at least 0.')
  return value
}

function parseApi(text: string): string {
  if (text !== 'chat' && text !== 'completions') throw new InvalidArgumentError('Expected chat or completions.')
  return text
}

function parseConcurrency(text: string): number {
  const value = parseCount(text)
  if (value > MOST_AT_ONCE) throw new InvalidArgumentError(`Expected at most ${MOST_AT_ONCE}.`)
  return value
}

function parseTemperature(text: string): number {
  const value = parseNumber(text)
  if (value < 0 || value > 2) throw new InvalidArgumentError('A temperature lies between 0 and 2.')
  return value
}

function parseAlternatives(text: string): number {
  const value = parseNumber(text)
  if (!Number.isInteger(value) || value < 0 || value > 100)
    throw new InvalidArgumentError('Expected a whole number from 0 to 100.')
  return value
}

function parseVerify(text: string): (number | 'p_true')[] {
  const parts = text.split(',').map((part) => (part.trim() === 'p_true' ? 'p_true' : Number(part)))
  const { data } = verifySchema.safeParse(parts)
  if (data === undefined || typeof data === 'number' || data === 'p_true')
    throw new InvalidArgumentError('Expected a number of samples up to 100, p_true, or both, such as 4,p_true.')
  return data
}
