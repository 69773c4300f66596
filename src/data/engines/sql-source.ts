import { EXACT_BITS } from '../../core/statistics/bin-key.ts'
import { tableOf } from '../../core/statistics/bin-table.ts'
import type { BinnedBy, BinRequest, StatisticsSource } from '../../core/statistics/source.ts'
import type { Dialect } from './dialect.ts'
import type { EngineFields } from './fields.ts'
import { cellsOf, hasGroups } from './sql-cells.ts'
import { profile, type Profile } from './profile.ts'

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

/** By what a query puts rows into bins: an expression, and whether its high or its low values are certain. */
interface Key {
  sql: string
  sign: 1 | -1
  /** Rows that count at all. */
  where?: string
}

/** The rows of an engine's table as the source of a sweep: one query for the totals, and one for each table of bins. */
export async function sqlSource(table: EngineTable, group: string | undefined): Promise<StatisticsSource> {
  const { fields, dialect } = table
  const found = await profile(table, group)
  const small = dialect.double(fields.small)
  const large = dialect.double(fields.large)
  const gain = `(${large} - ${small})`
  const costLarge = fields.costs.large && dialect.double(fields.costs.large)
  const signalOf = (name: string) => fields.signals.find((signal) => signal.name === name)!

  function keyOf(by: BinnedBy): Key {
    if ('qualityWhere' in by)
      return { sql: small, sign: 1, where: dialect.isFinite(dialect.double(signalOf(by.qualityWhere).column)) }
    if ('gainPer' in by) return { sql: gainPer(dialect, by.gainPer, gain, costLarge), sign: -1 }
    const { column, direction } = signalOf(by.signal)
    return { sql: dialect.double(column), sign: direction === 'higher' ? 1 : -1 }
  }

  return {
    name: table.name,
    datasets: found.datasets.length > 0 ? found.datasets : [table.dataset],
    signals: fields.signals,
    costColumns: found.costColumns,
    totals: async () => found.totals,
    async distinct(signal) {
      const { sql } = keyOf({ signal })
      const [[count]] = await table.numbers(`SELECT ${dialect.countDistinct(sql, false)} FROM ${table.from}`)
      return count
    },
    cells: hasGroups(fields) ? (request) => cellsOf(table, found, request) : undefined,
    async bins(request) {
      const key = keyOf(request.by)
      const [low, high, rows, ...sums] = await table.numbers(
        binsQuery(table, found, key, { small, gain, costLarge }, request),
      )
      // A sum over no row, such as the gains of a bin without any, is NULL.
      for (const column of sums) column.forEach((value, bin) => (column[bin] = Number.isNaN(value) ? 0 : value))
      const negated = (values: Float64Array) => values.map((value) => -value)
      const [least, most] = key.sign === 1 ? [low, high] : [negated(high), negated(low)]
      const [quality, gained, upside, wrong, better, extraCost = new Float64Array(rows.length)] = sums
      const bins = { least, most, rows, small: quality, gain: gained, upside, wrong, better, extraCost }
      return tableOf([bins], request.bits)
    },
  }
}

function binsQuery(
  { from, dialect }: EngineTable,
  { complete }: Profile,
  { sql, sign, where }: Key,
  { small, gain, costLarge }: { small: string; gain: string; costLarge?: string },
  { bits, wrongBelow, sumCosts, within }: BinRequest,
): string {
  const { aggregate, count } = dialect
  const sums = [
    aggregate('min', sql),
    aggregate('max', sql),
    count(),
    aggregate('sum', small),
    aggregate('sum', gain),
    aggregate('sum', gain, `${gain} > 0`),
    count(`${small} < ${dialect.number(wrongBelow)}`),
    count(`${gain} > 0`),
    ...(sumCosts && costLarge !== undefined ? [aggregate('sum', costLarge)] : []),
  ]
  const ranges = within?.map(({ least, most }) => {
    const [low, high] = sign === 1 ? [least, most] : [-most, -least]
    return `(${sql} >= ${dialect.number(low)} AND ${sql} <= ${dialect.number(high)})`
  })
  const conditions = [complete, where, ranges && `(${ranges.join(' OR ')})`].filter((each) => each !== undefined)
  return `SELECT ${sums.join(', ')} FROM ${from}${
    conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  } GROUP BY ${bits >= EXACT_BITS ? sql : dialect.leadingBits(sql, bits)}`
}

/** What a row's escalation gains per cost, as `core/sweep/oracle.ts` has it. */
function gainPer(dialect: Dialect, per: number | 'cost', gain: string, costLarge: string | undefined): string {
  const sign = `CASE WHEN ${gain} > 0 THEN ${dialect.number(Number.MAX_VALUE)} WHEN ${gain} < 0 THEN ${dialect.number(-Number.MAX_VALUE)} ELSE 0e0 END`
  if (per !== 'cost') return per > 0 ? `(${gain} / ${dialect.number(per)})` : sign
  return `CASE WHEN ${costLarge} > 0 THEN ${gain} / ${costLarge} ELSE ${sign} END`
}
