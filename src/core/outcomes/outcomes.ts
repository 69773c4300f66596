import type { SignalDefinition } from '../signals/signals.ts'

/** One model's side of every outcome. */
export interface ModelColumns {
  /** How good the answer is, in [0, 1]; one value a row. */
  quality: Float64Array
  /** What the call cost, where the data say so, in one unit for the whole run; one value a row. */
  cost?: Float64Array
}

/** One signal of the small model's answers; a value that is not finite is missing. */
export interface SignalColumn extends SignalDefinition {
  name: string
  values: Float64Array
}

/** One of any number of models: its side of every outcome, and the signals of its own answers. */
export interface ModelOutcomes extends ModelColumns {
  name: string
  signals: SignalColumn[]
  /** Kept only where `texts` are. */
  answers?: (string | undefined)[]
}

/** Which rows are not independent of each other. */
export interface Groups {
  /** The group of each row, 0 to count - 1. */
  codes: Uint32Array
  count: number
  /** Where the groups come from: a column named by the user or `group`, else repeated ids, else each row alone. */
  from: 'group' | 'id' | 'row'
}

/** Texts, kept only where a command shows them; `undefined` where a row has none. */
export interface Texts {
  id: (string | undefined)[]
  question: (string | undefined)[]
  gold: (string | undefined)[]
  small: (string | undefined)[]
  large: (string | undefined)[]
}

/**
 * Recorded outcomes of a small and a large model on the same queries, in columns of `rows` values. Of more models,
 * `small` and `signals` are those of the first, `large` those of the last; see `pairOf` for any other two.
 */
export interface Outcomes {
  rows: number
  small: ModelColumns
  large: ModelColumns
  verify?: { cost: Float64Array }
  signals: SignalColumn[]
  /** Every model in cascade order, cheapest first; only where the data hold models by name. */
  models?: ModelOutcomes[]
  /** What the models are called, where the data say so and all rows agree. */
  names?: { small?: string; large?: string }
  /** How many alternatives entropies and margins were computed from, where the data say so. */
  topK?: number
  /** At which the small model's answers were sampled, where the data say so and all rows agree. */
  temperature?: number
  groups: Groups
  /** The data sets the rows come from, and which of them each row belongs to (all to the first: absent). */
  datasets: string[]
  dataset?: Uint32Array
  texts?: Texts
  /** Where a row stood in its file, for messages: `outcomes.jsonl:17`. */
  place(row: number): string
}

/** The column of a signal, by its name; none: `undefined`. */
export const findColumn = (outcomes: Outcomes, name: string): SignalColumn | undefined =>
  outcomes.signals.find((signal) => signal.name === name)
