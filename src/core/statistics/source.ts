import type { Finding } from '../outcomes/findings.ts'
import type { Groups } from '../outcomes/outcomes.ts'
import type { SignalDefinition } from '../signals/signals.ts'
import type { RowSums } from '../sweep/baselines.ts'
import type { BinSum, BinTable } from './bin-table.ts'
import type { CellRequest, Cells } from './cells.ts'

/** By what the rows are put into bins. */
export type BinnedBy =
  /** A signal: every sum is wanted. */
  | { signal: string }
  /** Quality of the small model's answers, over the rows that have a signal, the worst first: `rows` and `small`. */
  | { qualityWhere: string }
  /**
   * What the large model gains per unit of cost, the highest first: each row's own cost, or one for all. Wanted are
   * `rows`, `gain` and `extraCost`.
   */
  | { gainPer: number | 'cost' }

/** Some bins, each named by one of its values, as a key: negated where lower is more certain. */
export interface NamedBins {
  bits: number
  keys: Float64Array
}

/** Which sums are wanted. */
export interface BinRequest {
  by: BinnedBy
  /** Leading bits of the key that a bin fixes; 64: a bin a value. */
  bits: number
  /** Small answers below this quality are wrong. */
  wrongBelow: number
  /** Whether the large model's cost is summed up row by row. */
  sumCosts: boolean
  /** Sums that are enough; the others may be 0. Default: those that `by` names. */
  sums?: readonly BinSum[]
  /** Which values are in a bin does not matter: `least` and `most` may be its edge, which is faster. Default: false. */
  edges?: boolean
  /** Only the rows in these bins. */
  within?: NamedBins
}

/** Which groups there are, as far as a count says it. */
export type GroupCount = Pick<Groups, 'count' | 'from'>

/** What holds of all rows. A cost is what the data say; without a column of it: 0. */
export interface RowTotals extends RowSums {
  groups: GroupCount
  findings: Finding[]
}

/**
 * Where the rows of a sweep are: memory, DuckDB, ClickHouse. It is asked only for sums that can be added up, so that a
 * hundred million rows cost what their distinct values, or bins, cost.
 */
export interface StatisticsSource {
  /** What the user calls it. */
  name: string
  /** The data sets the rows come from. */
  datasets: string[]
  signals: (SignalDefinition & { name: string })[]
  /** Which costs the data give row by row. */
  costColumns: { small: boolean; verify: boolean; large: boolean }
  totals(): Promise<RowTotals>
  /** How many distinct values a signal has, perhaps a few percent off; surely more than `enough`: any number above. */
  distinct(signal: string, enough?: number): Promise<number>
  bins(request: BinRequest): Promise<BinTable>
  /** Sums by bin and bucket of groups, for intervals; where nothing says which rows belong together: absent. */
  cells?: (request: CellRequest) => Promise<Cells>
}
