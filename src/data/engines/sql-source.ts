import type { StatisticsSource } from '../../core/statistics/source.ts'
import type { Dialect } from './dialect.ts'
import type { EngineFields } from './fields.ts'
import { profile } from './profile.ts'
import { binsOf } from './sql-bins.ts'
import { cellsOf, hasGroups } from './sql-cells.ts'

/** A table that an engine can query. */
export interface EngineTable {
  /** What the user calls it. */
  name: string
  /** What its rows are called where no column says it. */
  dataset: string
  /** What stands after FROM, quoted. */
  from: string
  fields: EngineFields
  dialect: Dialect
  /** Runs a query all of whose columns are doubles; NULL is NaN. */
  numbers: (sql: string) => Promise<Float64Array[]>
  /** Runs a query of one column of texts. */
  texts: (sql: string) => Promise<string[]>
}

/** The rows of an engine's table as the source of a sweep: one query for the totals, and one for each table of bins. */
export async function sqlSource(table: EngineTable, group: string | undefined): Promise<StatisticsSource> {
  const { fields, dialect } = table
  const found = await profile(table, group)
  return {
    name: table.name,
    datasets: found.datasets.length > 0 ? found.datasets : [table.dataset],
    signals: fields.signals,
    costColumns: found.costColumns,
    totals: async () => found.totals,
    async distinct(signal, enough) {
      const { column } = fields.signals.find(({ name }) => name === signal)!
      const count = dialect.countDistinct(dialect.double(column), false)
      const distinctIn = async (from: string) => (await table.numbers(`SELECT ${count} FROM ${from}`))[0][0]
      // A few rows may show already that there are more: of many values a sample hardly holds one twice.
      const share = (2 * (enough ?? Infinity)) / found.totals.rows
      if (enough !== undefined && share < 0.6 && dialect.someOf !== undefined) {
        const some = await distinctIn(dialect.someOf(table.from, share))
        if (some > 1.2 * enough) return some
      }
      return distinctIn(table.from)
    },
    bins: (request) => binsOf(table, found, request),
    cells: hasGroups(fields) ? (request) => cellsOf(table, found, request) : undefined,
  }
}
