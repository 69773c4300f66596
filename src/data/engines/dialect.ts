/** A column of an engine's table, nested fields with dots, and what its values are. */
export interface EngineColumn {
  path: string
  /** How SQL reads it. */
  sql: string
  kind: 'number' | 'boolean' | 'text' | 'other'
  /** The engine's own name of the type, for messages. */
  type: string
  /** Of numbers that were written as texts, how SQL reads these: an id `007` is not 7. */
  text?: string
}

/** Which bins are wanted. */
export interface BinningRequest {
  /** Leading bits of the key that a bin fixes. */
  bits: number
  /** No finite value is farther from 0; not known: infinite. */
  largest: number
  /** Any value of the bin will do for its least and its greatest one. */
  edges: boolean
}

/** A way of putting rows into bins. */
export interface Binning {
  /** What tells bins, or parts of bins, apart. */
  by: string
  /** Aggregates as doubles. */
  selected: string[]
  /** The least and the greatest value in each, from what was selected; not finite: there is none. */
  ends: (columns: readonly Float64Array[]) => [low: Float64Array, high: Float64Array]
}

/** How an engine writes what a sweep asks of it; every name and value in it is quoted. */
export interface Dialect {
  /** A column as a double; what it is not, or not known: NULL or not finite. */
  double: (column: EngineColumn) => string
  /** A column as a text; without one: NULL. */
  text: (column: EngineColumn) => string
  /** Rows in which a text column holds something that is no number; a condition. */
  notNumber?: (column: EngineColumn) => string
  /** A finite double, to the last bit. */
  number: (value: number) => string
  isFinite: (x: string) => string
  /** The leading bits of a double, as a whole number; -0 is 0. */
  leadingBits: (x: string, bits: number) => string
  /** The same of one value, written out. */
  leadingBitsOf: (value: number, bits: number) => string
  /** How rows are put into bins by a double. */
  bins: (x: string, request: BinningRequest) => Binning
  /** A share of a table's rows, about, as another table; without it: they are not cheaper than all. */
  someOf?: (from: string, share: number) => string
  /** Least and greatest values are known without a look at the rows, where nothing else is asked. */
  knowsExtremes: boolean
  /** Aggregates as doubles; over no row: anything. */
  count: (condition?: string) => string
  aggregate: (name: 'sum' | 'min' | 'max', x: string, condition?: string) => string
  /** The bucket of a group's name (`core/statistics/cells.ts`), as a double; without a name: NULL or NaN. */
  bucket: (text: string, buckets: number) => string
  /** How many rows have a value, as a double. */
  countKnown: (x: string) => string
  countDistinct: (x: string, exactly: boolean) => string
}

/** A double's own bits; -0 is 0. */
export function rawBits(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value + 0)
  return view.getBigUint64(0)
}
