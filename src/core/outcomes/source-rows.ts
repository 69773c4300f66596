import { LineMap, placeIn, type RecordSource } from './source.ts'

/** Where values of a column go; `place` is asked only where something has to be said about one. */
export interface ValueSink {
  set(row: number, value: unknown, place: () => string, numericText: boolean): void
}

/** What becomes of the values under one key. */
export interface Step {
  column: ValueSink | undefined
  /** Position in `textFields`; -1: not a text. */
  text: number
  nested: NestedPlan | undefined
  /** A second use of the same column. */
  also: Step | undefined
}
export interface NestedPlan {
  path: string
  steps: Map<string, Step>
  /** The keys of the row before, in order, and their steps: rows mostly look alike, which saves the look-up. */
  lastKeys: string[]
  lastSteps: Step[]
}

export const emptyPlan = (path: string): NestedPlan => ({ path, steps: new Map(), lastKeys: [], lastSteps: [] })
/** A step with all of its fields, so that every step has one shape. */
export const stepOf = (step: Partial<Step>): Step => ({
  column: undefined,
  text: -1,
  nested: undefined,
  also: undefined,
  ...step,
})
export const ignore = stepOf({})

/** One file's part in every row: which of its columns go where, and which line each row came from. */
export class SourceRows {
  readonly lines = new LineMap()
  readonly plan = emptyPlan('')
  /** Columns seen, in order, for messages. */
  readonly seen: string[] = []
  /** Columns of numbers that nothing uses. */
  readonly unused: string[] = []
  readonly source: RecordSource
  readonly numericText: boolean
  line = 0

  constructor(source: RecordSource) {
    this.source = source
    this.numericText = source.numericText
  }

  readonly here = (): string => placeIn(this.source, this.line)
  readonly placeOf = (row: number): string => placeIn(this.source, this.lines.get(row))
}
