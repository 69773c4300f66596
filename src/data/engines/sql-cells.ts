import { SpillwayError } from '../../core/errors.ts'
import { plural } from '../../core/outcomes/findings.ts'
import { EXACT_BITS } from '../../core/statistics/bin-key.ts'
import { BUCKETS, type CellRequest, type Cells } from '../../core/statistics/cells.ts'
import type { EngineFields } from './fields.ts'
import type { Profile } from './profile.ts'
import type { EngineTable } from './sql-source.ts'

/** Whether a column says which rows belong together. */
export const hasGroups = ({ group, id }: EngineFields): boolean => (group ?? id) !== undefined

/**
 * Sums by bin and bucket, in one pass.
 * @throws SpillwayError `bad-input` where rows have no group
 */
export async function cellsOf(
  { name, from, fields, dialect, numbers }: EngineTable,
  { complete }: Profile,
  { signal: wanted, bits, cut, wrongBelow, sumCosts }: CellRequest,
): Promise<Cells> {
  const signal = fields.signals.find((each) => each.name === wanted)!
  const column = (fields.group ?? fields.id)!
  const [x, small, large] = [signal.column, fields.small, fields.large].map((each) => dialect.double(each))
  const gain = `(${large} - ${small})`
  const bucket = dialect.bucket(dialect.text(column), BUCKETS)
  const { aggregate, count } = dialect
  const cost = (model: 'small' | 'verify' | 'large') => {
    const paid = fields.costs[model]
    if (!sumCosts[model] || paid === undefined) return '0e0'
    return aggregate('sum', dialect.double(paid), dialect.isFinite(dialect.double(paid)))
  }
  const isExact = bits >= EXACT_BITS
  const sums = [
    bucket,
    ...(isExact ? [x, x] : dialect.extremes(x)),
    count(),
    aggregate('sum', small),
    aggregate('sum', gain),
    count(`${small} < ${dialect.number(wrongBelow)}`),
    count(`${gain} > 0`),
    cost('small'),
    cost('verify'),
    cost('large'),
  ]
  const sign = signal.direction === 'higher' ? 1 : -1
  const by = [
    isExact ? x : dialect.leadingBits(x, bits),
    bucket,
    ...(cut === undefined ? [] : [sign === 1 ? `${x} >= ${dialect.number(cut)}` : `${x} <= ${dialect.number(-cut)}`]),
  ]
  const where = complete === undefined ? '' : ` WHERE ${complete}`
  const columns = await numbers(`SELECT ${sums.join(', ')} FROM ${from}${where} GROUP BY ${by.join(', ')}`)
  const [buckets, low, high, rows, ...rest] = columns
  const alone = rows.reduce((sum, each, i) => (Number.isNaN(buckets[i]) ? sum + each : sum), 0)
  if (alone > 0)
    throw new SpillwayError(
      'bad-input',
      `${name}: ${column.path} is empty in ${plural(alone, 'row')}, and intervals rest on which rows belong together; fill it, or name another column with --group`,
    )
  // A sum over no row is NULL.
  const [quality, gained, wrong, better, costSmall, costVerify, extraCost] = rest.map((values) =>
    values.map((value) => (Number.isNaN(value) ? 0 : value)),
  )
  const negated = (values: Float64Array) => values.map((value) => -value)
  const [least, most] = sign === 1 ? [low, high] : [negated(high), negated(low)]
  const upside = new Float64Array(rows.length)
  return {
    buckets,
    least,
    most,
    rows,
    small: quality,
    gain: gained,
    upside,
    wrong,
    better,
    extraCost,
    costSmall,
    costVerify,
  }
}
