import { SpillwayError } from '../../core/errors.ts'
import { plural } from '../../core/outcomes/findings.ts'
import { EXACT_BITS, edgeOf } from '../../core/statistics/bin-key.ts'
import { BUCKETS, type CellRequest, type Cells } from '../../core/statistics/cells.ts'
import { keyOf } from './bin-keys.ts'
import type { EngineFields } from './fields.ts'
import type { Profile } from './profile.ts'
import { eachValue } from './sql-bins.ts'
import type { EngineTable } from './sql-source.ts'

/** Whether a column says which rows belong together. */
export const hasGroups = ({ group, id }: EngineFields): boolean => (group ?? id) !== undefined

/**
 * Sums by bin and bucket, in one pass.
 * @throws SpillwayError `bad-input` where rows have no group
 */
export async function cellsOf(
  { name, from, fields, dialect, numbers }: EngineTable,
  profile: Profile,
  { signal: wanted, bits, cut, wrongBelow, sumCosts }: CellRequest,
): Promise<Cells> {
  const { complete } = profile
  const { sign, largest } = keyOf({ fields, dialect }, profile, { signal: wanted })
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
  const binning = bits >= EXACT_BITS ? eachValue(x) : dialect.bins(x, { bits, largest, edges: true })
  const side = cut !== undefined && `${x} ${sign === 1 ? '>=' : '<='} ${dialect.number(sign * cut)}`
  const selected = [
    bucket,
    side === false ? '0e0' : `CASE WHEN ${side} THEN 1e0 ELSE 0e0 END`,
    count(),
    aggregate('sum', small),
    aggregate('sum', gain),
    count(`${small} < ${dialect.number(wrongBelow)}`),
    count(`${gain} > 0`),
    cost('small'),
    cost('verify'),
    cost('large'),
    ...binning.selected,
  ]
  const by = [binning.by, bucket, ...(side === false ? [] : [side])]
  const where = complete === undefined ? '' : ` WHERE ${complete}`
  const columns = await numbers(`SELECT ${selected.join(', ')} FROM ${from}${where} GROUP BY ${by.join(', ')}`)
  const [buckets, isAtCut, rows, ...rest] = columns
  const alone = rows.reduce((sum, each, i) => (Number.isNaN(buckets[i]) ? sum + each : sum), 0)
  if (alone > 0)
    throw new SpillwayError(
      'bad-input',
      `${name}: ${column.path} is empty in ${plural(alone, 'row')}, and intervals rest on which rows belong together; fill it, or name another column with --group`,
    )
  // A sum over no row is NULL.
  const [quality, gained, wrong, better, costSmall, costVerify, extraCost] = rest
    .slice(0, 7)
    .map((values) => values.map((value) => (Number.isNaN(value) ? 0 : value)))
  const [values] = binning.ends(rest.slice(7))
  const least = values.map((value, i) => {
    if (!Number.isFinite(value)) return NaN
    const edge = edgeOf(sign * value, bits)
    return isAtCut[i] > 0 ? Math.max(edge, cut!) : edge
  })
  const upside = new Float64Array(rows.length)
  return {
    buckets,
    least,
    most: least,
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
