import { EXACT_BITS } from '../../core/statistics/bin-key.ts'
import { binSums, tableOf, type BinColumns, type BinSum, type BinTable } from '../../core/statistics/bin-table.ts'
import type { BinnedBy, BinRequest, NamedBins } from '../../core/statistics/source.ts'
import type { Dialect } from './dialect.ts'
import type { Profile } from './profile.ts'
import type { EngineTable } from './sql-source.ts'

/** By what a query puts rows into bins: an expression, and whether its high or its low values are certain. */
interface Key {
  sql: string
  sign: 1 | -1
  /** Rows that count at all. */
  where?: string
}

/** The table of bins that is asked for: one flat GROUP BY. */
export async function binsOf(table: EngineTable, { complete }: Profile, request: BinRequest): Promise<BinTable> {
  const { from, dialect, numbers } = table
  const { by, bits, within } = request
  const key = keyOf(table, by)
  const isExact = bits >= EXACT_BITS
  const ends = isExact ? [key.sql, key.sql] : dialect.extremes(key.sql)
  const wanted = sumsFor(table, request)
  const conditions = [complete, key.where, within && isWithin(key, within, dialect)].filter(
    (each) => each !== undefined,
  )
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  const columns = await numbers(
    `SELECT ${[...ends, ...wanted.map(([, sql]) => sql)].join(', ')} FROM ${from}${where} GROUP BY ${isExact ? key.sql : dialect.leadingBits(key.sql, bits)}`,
  )
  const [low, high] = columns
  const negated = (values: Float64Array) => values.map((value) => -value)
  const [least, most] = key.sign === 1 ? [low, high] : [negated(high), negated(low)]
  const sums = Object.fromEntries(binSums.map((name) => [name, new Float64Array(low.length)])) as unknown as BinColumns
  wanted.forEach(([name], i) => {
    // A sum over no row, such as the gains of a bin without any, is NULL.
    sums[name] = columns[i + ends.length].map((value) => (Number.isNaN(value) ? 0 : value))
  })
  return tableOf([{ least, most, ...sums }], bits)
}

function keyOf({ fields, dialect }: EngineTable, by: BinnedBy): Key {
  const signalOf = (name: string) => fields.signals.find((signal) => signal.name === name)!
  if ('qualityWhere' in by) {
    const has = dialect.isFinite(dialect.double(signalOf(by.qualityWhere).column))
    return { sql: dialect.double(fields.small), sign: 1, where: has }
  }
  if ('gainPer' in by) return { sql: gainPer({ fields, dialect }, by.gainPer), sign: -1 }
  const { column, direction } = signalOf(by.signal)
  return { sql: dialect.double(column), sign: direction === 'higher' ? 1 : -1 }
}

const gainOf = ({ fields, dialect }: Pick<EngineTable, 'fields' | 'dialect'>): string =>
  `(${dialect.double(fields.large)} - ${dialect.double(fields.small)})`

/** What a row's escalation gains per cost, as `core/sweep/oracle.ts` has it. */
function gainPer({ fields, dialect }: Pick<EngineTable, 'fields' | 'dialect'>, per: number | 'cost'): string {
  const gain = gainOf({ fields, dialect })
  const sign = `CASE WHEN ${gain} > 0 THEN ${dialect.number(Number.MAX_VALUE)} WHEN ${gain} < 0 THEN ${dialect.number(-Number.MAX_VALUE)} ELSE 0e0 END`
  if (per !== 'cost') return per > 0 ? `(${gain} / ${dialect.number(per)})` : sign
  const cost = dialect.double(fields.costs.large!)
  return `CASE WHEN ${cost} > 0 THEN ${gain} / ${cost} ELSE ${sign} END`
}

/** The sums that matter for what the rows are put into bins by: every one costs time. */
function sumsFor({ fields, dialect }: EngineTable, { by, wrongBelow, sumCosts }: BinRequest): [BinSum, string][] {
  const { aggregate, count } = dialect
  const small = dialect.double(fields.small)
  const gain = gainOf({ fields, dialect })
  const isAll = 'signal' in by
  const { large } = fields.costs
  const all: [BinSum, boolean, string][] = [
    ['rows', true, count()],
    ['small', isAll || 'qualityWhere' in by, aggregate('sum', small)],
    ['gain', isAll || 'gainPer' in by, aggregate('sum', gain)],
    ['upside', isAll, aggregate('sum', gain, `${gain} > 0`)],
    ['wrong', isAll, count(`${small} < ${dialect.number(wrongBelow)}`)],
    ['better', isAll, count(`${gain} > 0`)],
    [
      'extraCost',
      sumCosts && large !== undefined && !('qualityWhere' in by),
      large ? aggregate('sum', dialect.double(large)) : '',
    ],
  ]
  return all.filter(([, isWanted]) => isWanted).map(([name, , sql]) => [name, sql])
}

/** Whether a row lies in one of some bins: a look into a set, where ranges would be compared one after the other. */
function isWithin({ sql, sign }: Key, { bits, keys }: NamedBins, dialect: Dialect): string {
  const names = new Set(Array.from(keys, (key) => dialect.leadingBitsOf(sign * key, bits)))
  return `${dialect.leadingBits(sql, bits)} IN (${[...names].join(', ')})`
}
