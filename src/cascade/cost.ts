import { callCost, type Price } from '../models/price.ts'
import type { CallReport } from './call.ts'

/** A guess at the tokens of a prompt, for where no endpoint counts them: about four letters, or bytes, each. */
export const guessedTokens = (length: number): number => Math.ceil(length / 4)

/** What one call costs, and on how many tokens. */
export interface CallCost {
  inputTokens?: number
  cachedInputTokens?: number
  outputTokens: number
  /** Without a price: `undefined`. */
  cost?: number
  /** The endpoint did not count; tokens received were. */
  estimated: boolean
}

/** What a request costs. */
export interface RunCost {
  calls: CallCost[]
  /** All calls together; `undefined` where one has no price. */
  cost?: number
  /** What the last stage alone would have cost. */
  alwaysLarge?: number
  /** `alwaysLarge` rests on another model's count of tokens. */
  alwaysLargeEstimated: boolean
  /** `alwaysLarge - cost`. */
  saved?: number
}

/**
 * @param promptTokens a guess at the prompt's tokens, for where no endpoint counted them
 * @param priceOf the price of a stage by its name
 * @param large the last stage's name
 */
export function costOfRun(
  reports: readonly CallReport[],
  {
    priceOf,
    large,
    promptTokens,
  }: { priceOf: (stage: string) => Price | undefined; large: string; promptTokens: number },
): RunCost {
  const counted = reports.find(({ usage }) => usage !== undefined)?.usage
  const guessed = counted?.inputTokens ?? promptTokens
  const calls = reports.map((report) => costOfCall(report, priceOf(report.stage), guessed))
  const cost = sumOf(calls.map((call) => call.cost))
  const price = priceOf(large)
  const own = reports.findLastIndex(({ stage, result }) => stage === large && result === 'answered')
  const told = own < 0 ? reports.findLast(({ result }) => result === 'answered') : undefined
  const usage = told?.usage ?? (told && { inputTokens: guessed, outputTokens: told.tokens })
  const alwaysLarge = own >= 0 ? calls[own].cost : told && price && callCost(price, usage)
  return {
    calls,
    ...(cost === undefined ? {} : { cost }),
    ...(alwaysLarge === undefined ? {} : { alwaysLarge }),
    alwaysLargeEstimated: own < 0 || calls[own].estimated,
    ...(cost === undefined || alwaysLarge === undefined ? {} : { saved: alwaysLarge - cost }),
  }
}

/** A call that was refused costs nothing; one that broke off or was left costs what had come until then. */
function costOfCall({ usage, tokens, result }: CallReport, price: Price | undefined, input: number): CallCost {
  if (usage !== undefined) {
    const cost = price && callCost(price, usage)
    const { inputTokens, cachedInputTokens, outputTokens } = usage
    return {
      inputTokens,
      ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
      outputTokens,
      ...(cost === undefined ? {} : { cost }),
      estimated: false,
    }
  }
  if (result === 'failed' && tokens === 0) return { outputTokens: 0, cost: 0, estimated: false }
  const cost = price && callCost(price, { inputTokens: input, outputTokens: tokens })
  return { inputTokens: input, outputTokens: tokens, ...(cost === undefined ? {} : { cost }), estimated: true }
}

function sumOf(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0
  for (const value of values) {
    if (value === undefined) return undefined
    sum += value
  }
  return sum
}
