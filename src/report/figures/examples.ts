import { amountAt, type Costs } from '../../core/outcomes/costs.ts'
import type { Outcomes, SignalColumn, Texts } from '../../core/outcomes/outcomes.ts'
import { seeded, shuffled } from '../../core/stats/random.ts'
import type { SortedSignal } from '../../core/sweep/curve.ts'
import { cell } from '../rows.ts'
import type { Example, Examples } from './figure-data.ts'

/** As many rows as a page can hold; of more there is a sample. */
export const MOST_EXAMPLES = 2000
/** Longer texts are cut. */
const MOST_CHARACTERS = 2000
/** Of each signal, so many of either kind of mistake. */
const MISTAKES = 10
/** The stream of random numbers that is the sample's own. */
const STREAM = 3

/**
 * Rows with their texts, in the order of the data: all of up to 2,000, else a sample by the seed, with the worst
 * mistakes of every signal beside it.
 */
export function examplesOf(
  outcomes: Outcomes,
  signals: readonly SortedSignal[],
  costs: Costs,
  seed: number,
): Examples | undefined {
  const { rows, texts } = outcomes
  if (texts === undefined) return undefined
  const sampled = rows > MOST_EXAMPLES
  const columns = signals.map(({ column }) => column)
  return {
    rows,
    sampled,
    list: pickedRows(outcomes, signals, seed).map((row) => exampleAt(outcomes, texts, columns, costs, row)),
  }
}

/** Which rows are shown, ascending. */
export function pickedRows(outcomes: Outcomes, signals: readonly SortedSignal[], seed: number): number[] {
  const { rows } = outcomes
  if (rows <= MOST_EXAMPLES) return Array.from({ length: rows }, (_, row) => row)
  const sample = shuffled(seeded(seed, STREAM), rows).subarray(0, MOST_EXAMPLES)
  const worst = signals.flatMap((sorted) => worstMistakes(outcomes, sorted))
  return [...new Set([...sample, ...worst])].toSorted((a, b) => a - b)
}

/** The most certain rows of which escalating would gain, and the least certain ones of which it does not. */
function worstMistakes({ small, large }: Outcomes, { rows }: SortedSignal): number[] {
  const gains = (row: number) => large.quality[row] > small.quality[row]
  const found: number[] = []
  const take = (at: (i: number) => number, isMistake: (row: number) => boolean): void => {
    for (let i = 0, count = 0; i < rows.length && count < MISTAKES; i++) {
      if (!isMistake(at(i))) continue
      found.push(at(i))
      count++
    }
  }
  take((i) => rows[rows.length - 1 - i], gains)
  take(
    (i) => rows[i],
    (row) => !gains(row),
  )
  return found
}

function exampleAt(
  { small, large }: Outcomes,
  texts: Texts,
  columns: readonly SignalColumn[],
  costs: Costs,
  row: number,
): Example {
  const text = (column: (string | undefined)[]) => shortened(column[row])
  return {
    id: text(texts.id),
    question: text(texts.question),
    gold: text(texts.gold),
    small: text(texts.small),
    large: text(texts.large),
    qualitySmall: small.quality[row],
    qualityLarge: large.quality[row],
    costLarge: amountAt(costs.large, row),
    values: columns.map(({ values }) => cell(values[row])),
  }
}

/** A text of at most so many characters, none of them torn apart. */
export function shortened(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= MOST_CHARACTERS) return text
  const torn = /[\uD800-\uDBFF]$/.test(text.slice(0, MOST_CHARACTERS - 1))
  return `${text.slice(0, MOST_CHARACTERS - (torn ? 2 : 1))}…`
}
