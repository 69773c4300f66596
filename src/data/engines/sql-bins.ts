import { EXACT_BITS, edgeOf } from '../../core/statistics/bin-key.ts'
import { binSums, tableOf, type BinColumns, type BinSum, type BinTable } from '../../core/statistics/bin-table.ts'
import type { BinRequest, NamedBins } from '../../core/statistics/source.ts'
import { keyOf, gainOf, type Key } from './bin-keys.ts'
import type { Binning, Dialect } from './dialect.ts'
import type { Profile } from './profile.ts'
import type { EngineTable } from './sql-source.ts'

/** The table of bins that is asked for: one flat GROUP BY. */
export async function binsOf(table: EngineTable, profile: Profile, request: BinRequest): Promise<BinTable> {
  const { from, dialect, numbers } = table
  const { by, bits, within, edges = false } = request
  const key = keyOf(table, profile, by)
  const { sign, largest } = key
  const binning = bits >= EXACT_BITS ? eachValue(key.sql) : dialect.bins(key.sql, { bits, largest, edges })
  const wanted = sumsFor(table, request)
  const conditions = [profile.complete, key.where, within && isWithin(key, within, dialect)].filter(
    (each) => each !== undefined,
  )
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  const { selected } = binning
  const columns = await numbers(
    `SELECT ${[...selected, ...wanted.map(({ sql }) => sql)].join(', ')} FROM ${from}${where} GROUP BY ${binning.by}`,
  )
  const [low, high] = binning.ends(columns.slice(0, selected.length))
  const sums = Object.fromEntries(binSums.map((name) => [name, new Float64Array(low.length)])) as unknown as BinColumns
  wanted.forEach(({ name }, i) => {
    // A sum over no row, such as the gains of a bin without any, is NULL.
    sums[name] = columns[i + selected.length].map((value) => (Number.isNaN(value) ? 0 : value))
  })
  const ends = sign === 1 ? { least: low, most: high } : { least: negated(high), most: negated(low) }
  if (edges) ends.least = ends.most = ends.least.map((key) => (Number.isFinite(key) ? edgeOf(key, bits) : key))
  return tableOf([{ ...ends, ...sums }], bits)
}

const negated = (values: Float64Array): Float64Array => values.map((value) => -value)

/** Every value is a bin of its own. */
export const eachValue = (x: string): Binning => ({ by: x, selected: [x], ends: ([values]) => [values, values] })

/** The sums that matter for what the rows are put into bins by: every one costs time. */
function sumsFor({ fields, dialect }: EngineTable, { by, wrongBelow, sumCosts, sums }: BinRequest) {
  const { aggregate, count } = dialect
  const small = dialect.double(fields.small)
  const gain = gainOf({ fields, dialect })
  const { large } = fields.costs
  const has = (name: BinSum) =>
    sums === undefined
      ? 'signal' in by || name === 'rows' || name === ('gainPer' in by ? 'gain' : 'small')
      : sums.includes(name)
  const all: { name: BinSum; isWanted: boolean; sql: string }[] = [
    { name: 'rows', isWanted: true, sql: count() },
    { name: 'small', isWanted: has('small'), sql: aggregate('sum', small) },
    { name: 'gain', isWanted: has('gain'), sql: aggregate('sum', gain) },
    { name: 'upside', isWanted: has('upside'), sql: aggregate('sum', gain, `${gain} > 0`) },
    { name: 'wrong', isWanted: has('wrong'), sql: count(`${small} < ${dialect.number(wrongBelow)}`) },
    { name: 'better', isWanted: has('better'), sql: count(`${gain} > 0`) },
    {
      name: 'extraCost',
      isWanted: sumCosts && large !== undefined && !('qualityWhere' in by),
      sql: large ? aggregate('sum', dialect.double(large)) : '',
    },
  ]
  return all.filter(({ isWanted }) => isWanted)
}

/** Whether a row lies in one of some bins: a look into a set, where ranges would be compared one after the other. */
function isWithin({ sql, sign }: Key, { bits, keys }: NamedBins, dialect: Dialect): string {
  const names = new Set(Array.from(keys, (key) => dialect.leadingBitsOf(sign * key, bits)))
  return `${dialect.leadingBits(sql, bits)} IN (${[...names].join(', ')})`
}
