import { SpillwayError } from '../errors.ts'
import { sum } from '../stats/sum.ts'
import type { Outcomes } from './outcomes.ts'

/** One cost for every row, or one a row. */
export type Amount = number | Float64Array

/** No unit makes a call dearer than this; sums of larger ones could overflow. */
export const MAX_COST = 1e15

/** What a user says about costs: what is left out comes from the data's cost columns. */
export interface CostOptions {
  small?: number
  verify?: number
  large?: number
  /** By the name that the data give a model; `small` and `large` go before. */
  models?: Partial<Record<string, number>>
  /** `used` (default): verification is paid only by policies that read a verification signal; `always`: by all. */
  verifyCost?: 'used' | 'always'
}

/** What each call costs on every row, in one unit for the whole run. */
export interface Costs {
  small: Amount
  verify: Amount
  large: Amount
  verifyCost: 'used' | 'always'
  /** True where neither the user nor the data name a cost: then cost counts the calls of the large model. */
  counted: boolean
}

export const amountAt = (amount: Amount, row: number): number => (typeof amount === 'number' ? amount : amount[row])

export const amountSum = (amount: Amount, rows: number): number =>
  typeof amount === 'number' ? amount * rows : sum(amount)

/** The cost that the user gives by a model's name; none: `undefined`. */
export const costByName = (given: Partial<Record<string, number>> = {}, name: string | undefined): number | undefined =>
  name !== undefined && Object.hasOwn(given, name) ? given[name] : undefined

/** @throws SpillwayError `usage` where a user's figure can be no cost */
export function checkCost(name: string, cost: number | undefined): void {
  if (cost !== undefined && !(cost >= 0 && cost <= MAX_COST))
    throw new SpillwayError('usage', `cost of ${name} is ${cost}; a cost lies between 0 and ${MAX_COST}`)
}

/** Whether a policy that reads (or does not read) a verification signal pays for verification. */
export const paysVerification = (costs: Costs, readsVerification: boolean): boolean =>
  costs.verifyCost === 'always' || readsVerification

/** What the data say about costs. */
type CostSource = Pick<Outcomes, 'names' | 'verify' | 'small' | 'large'>

/**
 * Settles every cost: the user's figure, else the data's column. With neither for any model, the unit is one call of
 * the large model; with one side only, the other cannot be guessed and it is an error.
 */
export function resolveCosts(outcomes: CostSource, options: CostOptions = {}): Costs {
  for (const name of ['small', 'verify', 'large'] as const) checkCost(name, options[name])
  for (const [name, cost] of Object.entries(options.models ?? {})) checkCost(name, cost)
  const { names = {} } = outcomes
  const verifyCost = options.verifyCost ?? 'used'
  const verify = options.verify ?? outcomes.verify?.cost ?? 0
  const small = options.small ?? costByName(options.models, names.small) ?? outcomes.small.cost
  const large = options.large ?? costByName(options.models, names.large) ?? outcomes.large.cost
  if (small === undefined && large === undefined) {
    if (verify !== 0)
      throw new SpillwayError(
        'usage',
        'a cost of verify says nothing without those of small and large; give --cost small=…,large=…',
      )
    return { small: 0, verify: 0, large: 1, verifyCost, counted: true }
  }
  if (small === undefined || large === undefined) {
    const absent = small === undefined ? 'small' : 'large'
    const name = names[absent]
    if (name !== undefined)
      throw new SpillwayError('usage', `no cost known for ${name}, the ${absent} model; give --cost ${name}=…`)
    throw new SpillwayError(
      'usage',
      `no cost known for the ${absent} model; give --cost ${absent}=… or map its column with --map ${absent}.cost=COLUMN`,
    )
  }
  return { small, verify, large, verifyCost, counted: false }
}
