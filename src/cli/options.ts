import { Command, InvalidArgumentError, Option } from 'commander'
import type { CostOptions } from '../core/outcomes/costs.ts'
import type { Direction } from '../core/signals/signals.ts'
import { SpillwayError } from '../core/errors.ts'
import type { ReadOptions } from '../data/read-outcomes.ts'

/** Flags of every command that reads outcomes. */
export interface DataFlags {
  map?: Record<string, string>
  signal?: Record<string, Direction>
  group?: string
  join?: string
  strict?: boolean
  quiet?: boolean
  cost?: CostOptions
  models?: string[]
  verifyCost?: 'used' | 'always'
}

const signalOption = (): Option =>
  new Option(
    '--signal <column:direction>',
    'use a numeric column as a signal; direction is higher or lower (repeatable)',
  ).argParser(collectSignal)

const FILES =
  'recorded outcomes: JSONL, a JSON array or CSV, also gzipped; - is standard input; also Parquet and patterns such as logs/*.parquet, and clickhouse://HOST/DB.TABLE'

/** Adds the flags that say what the data are and what calls cost; `signal` stands in for the flag of that name. */
export const withDataFlags = (command: Command, signal = signalOption()): Command =>
  command
    .argument('<file>', FILES)
    .argument('[signals-file]', 'signals of the same queries, in the same order or joined by --join')
    .option(
      '--map <field=column>',
      'take a field from a column of another name, e.g. small.quality=f1 (repeatable)',
      collectMap,
    )
    .addOption(signal)
    .option('--group <column>', 'rows with equal values here are not independent')
    .option('--join <column>', 'join the two files by a column instead of by position')
    .option(
      '--cost <small=N,verify=N,large=N>',
      "cost of a call, in one unit, also by a model's name; columns of the data otherwise",
      parseCosts,
    )
    .option(
      '--models <a,b,…>',
      'of data that hold models by name, which ones, the first (small) to the last (large); otherwise all, by mean cost',
      collectModels,
    )
    .addOption(
      new Option('--verify-cost <who>', 'verification is paid by policies that read it, or on every query').choices([
        'used',
        'always',
      ]),
    )
    .option('--strict', 'treat warnings about the data as errors')
    .option('--quiet', 'print nothing on standard error but errors')

/** What to read, and how; `costs` are those given by flags unless a command has more. */
export const readOptions = (
  flags: DataFlags,
  signalsFile: string | undefined,
  costs: CostOptions = flags.cost ?? {},
): ReadOptions => ({
  map: flags.map,
  signals: flags.signal,
  group: flags.group,
  join: flags.join,
  signalsFile,
  models: flags.models,
  givenCosts: (['small', 'verify', 'large'] as const).filter((name) => costs[name] !== undefined),
  givenModelCosts: {
    ...costs.models,
    ...(costs.small === undefined ? {} : { small: costs.small }),
    ...(costs.large === undefined ? {} : { large: costs.large }),
  },
})

export function collectMap(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const map = { ...earlier }
  for (const part of text.split(',')) {
    const [field, ...column] = part.split('=')
    if (field === '' || column.length === 0)
      throw new InvalidArgumentError('Expected FIELD=COLUMN, such as small.quality=f1.')
    if (Object.hasOwn(map, field)) throw new InvalidArgumentError(`${field} is mapped twice.`)
    map[field] = column.join('=')
  }
  return map
}

export function collectSignal(text: string, earlier: Record<string, Direction> = {}): Record<string, Direction> {
  const signals = { ...earlier }
  for (const part of text.split(',')) {
    const colon = part.lastIndexOf(':')
    const [name, direction] = [part.slice(0, colon), part.slice(colon + 1)]
    if (colon < 1 || (direction !== 'higher' && direction !== 'lower'))
      throw new InvalidArgumentError('Expected COLUMN:higher or COLUMN:lower, whichever values are more certain.')
    if (Object.hasOwn(signals, name) && signals[name] !== direction)
      throw new InvalidArgumentError(`${name} cannot be both higher and lower.`)
    signals[name] = direction
  }
  return signals
}

/** What `--cost` calls by their place in the cascade; any other name is a model's own. */
const isPlace = (name: string): name is 'small' | 'verify' | 'large' => /^(small|verify|large)$/.test(name)

function parseCosts(text: string, earlier: CostOptions = {}): CostOptions {
  let costs = earlier
  for (const part of text.split(',')) {
    const [name, value, ...more] = part.split('=')
    if (more.length > 0 || value === undefined || name === '')
      throw new InvalidArgumentError('Expected small=N, verify=N, large=N, or the name of a model before =N.')
    if (Object.hasOwn(isPlace(name) ? costs : (costs.models ?? {}), name))
      throw new InvalidArgumentError(`The cost of ${name} is given twice.`)
    const cost = { [name]: parseNumber(value) }
    costs = isPlace(name) ? { ...costs, ...cost } : { ...costs, models: { ...costs.models, ...cost } }
  }
  return costs
}

function collectModels(text: string, earlier: string[] = []): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw new InvalidArgumentError('Expected names of models, such as llama-1b,gpt-5.')
  return [...earlier, ...names]
}

/** A finite number, as an option's value. */
export function parseNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.')
  return value
}

/** A cost, as an option's value. */
export function parseCost(text: string): number {
  const value = parseNumber(text)
  if (!(value > 0)) throw new InvalidArgumentError('A cost is above 0.')
  return value
}

/** A whole number of at least 1, as an option's value. */
export function parseCount(text: string): number {
  const value = parseNumber(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('Expected a whole number of at least 1.')
  return value
}

/** A seed: a whole number of 32 bits. */
export function parseSeed(text: string): number {
  const value = parseNumber(text)
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32)
    throw new InvalidArgumentError('Expected a whole number from 0 to 4294967295.')
  return value
}

/** A confidence strictly between 0 and 1, as an option's value. */
export function parseConfidence(text: string): number {
  const value = parseNumber(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('A confidence lies between 0 and 1, such as 0.9.')
  return value
}

/** Words between commas. */
export const parseList = (text: string): string[] => {
  const words = text.split(',').map((word) => word.trim())
  if (words.some((word) => word === '')) throw new InvalidArgumentError('Expected words between commas.')
  return words
}

/** A quality in [0, 1], as an option's value. */
export function parseQuality(text: string): number {
  const value = parseNumber(text)
  if (value < 0 || value > 1) throw new InvalidArgumentError('A quality lies in [0, 1].')
  return value
}

/** With `--strict`, warnings stop the run as errors do. */
export function enforceStrict(
  strict: boolean | undefined,
  findings: readonly { level: string; message: string }[],
): void {
  const warnings = findings.filter(({ level }) => level === 'warning')
  if (strict !== true || warnings.length === 0) return
  throw new SpillwayError(
    'bad-input',
    `${warnings.map(({ message }) => message).join('\n')}\n(warnings are errors because of --strict)`,
  )
}

export function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected a port, from 0 (any) to 65535.')
  return port
}
