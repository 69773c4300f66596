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
  gold: (string | undefined)[]
  small: (string | undefined)[]
  large: (string | undefined)[]
}

/** Recorded outcomes of a small and a large model on the same queries, in columns of `rows` values. */
export interface Outcomes {
  rows: number
  small: ModelColumns
  large: ModelColumns
  verify?: { cost: Float64Array }
  signals: SignalColumn[]
  groups: Groups
  /** The data sets the rows come from, and which of them each row belongs to (all to the first: absent). */
  datasets: string[]
  dataset?: Uint32Array
  texts?: Texts
  /** Where a row stood in its file, for messages: `outcomes.jsonl:17`. */
  place(row: number): string
}

export const findColumn = (outcomes: Outcomes, name: string): SignalColumn | undefined =>
  outcomes.signals.find((signal) => signal.name === name)
