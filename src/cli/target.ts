import { Command, InvalidArgumentError, Option } from 'commander'
import { SpillwayError } from '../core/errors.ts'
import type { Target } from '../core/sweep/target.ts'
import { parseCost, parseNumber, parseQuality } from './options.ts'

/** Flags that say what a policy is wanted for. */
export interface TargetFlags {
  maxQualityLoss?: number
  minQuality?: number
  maxCost?: number
  maximize?: Target
}

export const withTargetFlags = (command: Command): Command =>
  command
    .option('--max-quality-loss <loss>', 'quality at most this much below always calling the large model', parseLoss)
    .option('--min-quality <quality>', 'mean quality at least this', parseQuality)
    .option('--max-cost <cost>', 'mean cost per query at most this', parseCost)
    .addOption(
      new Option('--maximize <what>', 'delta-ibc, or quality-minus-cost:λ with a price λ of a unit of cost').argParser(
        parseMaximize,
      ),
    )

function parseLoss(text: string): number {
  const value = parseNumber(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('A loss of quality lies above 0 and below 1.')
  return value
}

function parseMaximize(text: string): Target {
  if (text === 'delta-ibc') return { maximize: 'delta-ibc' }
  const [, price] = /^quality-minus-cost:(.+)$/.exec(text) ?? []
  if (price === undefined) throw new InvalidArgumentError('Expected delta-ibc or quality-minus-cost:λ.')
  const qualityMinusCost = parseNumber(price)
  if (qualityMinusCost < 0) throw new InvalidArgumentError('A price λ is not below 0.')
  return { qualityMinusCost }
}

/**
 * The one target that the flags give; none: `undefined`.
 * @throws SpillwayError `usage` where there are two
 */
export function targetOf({ maxQualityLoss, minQuality, maxCost, maximize }: TargetFlags): Target | undefined {
  const given: Target[] = []
  if (maxQualityLoss !== undefined) given.push({ maxQualityLoss })
  if (minQuality !== undefined) given.push({ minQuality })
  if (maxCost !== undefined) given.push({ maxCost })
  if (maximize !== undefined) given.push(maximize)
  if (given.length > 1)
    throw new SpillwayError(
      'usage',
      'a policy has one target: give one of --max-quality-loss, --min-quality, --max-cost, --maximize',
    )
  return given[0]
}
