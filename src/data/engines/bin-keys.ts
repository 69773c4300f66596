import type { BinnedBy } from '../../core/statistics/source.ts'
import type { ColumnFacts } from './column-facts.ts'
import type { Profile } from './profile.ts'
import type { EngineTable } from './sql-source.ts'

/** By what a query puts rows into bins: an expression, and whether its high or its low values are certain. */
export interface Key {
  sql: string
  sign: 1 | -1
  /** Rows that count at all. */
  where?: string
  /** No finite value is farther from 0; not known: infinite. */
  largest: number
}

type Columns = Pick<EngineTable, 'fields' | 'dialect'>

/** How SQL writes it, and what is known of it without another look. */
export function keyOf({ fields, dialect }: Columns, { columns, complete, totals }: Profile, by: BinnedBy): Key {
  const factsOf = (field: string) => columns.find((each) => each.field === field)!
  const signalOf = (name: string) => {
    const { column, direction } = fields.signals.find((signal) => signal.name === name)!
    return { column, direction, facts: factsOf(`signal:${name}`) }
  }
  if ('qualityWhere' in by) {
    const { column, facts } = signalOf(by.qualityWhere)
    return {
      sql: dialect.double(fields.small),
      sign: 1,
      where:
        complete === undefined && facts.known === totals.rows ? undefined : dialect.isFinite(dialect.double(column)),
      largest: largestOf(factsOf('small.quality')),
    }
  }
  if ('gainPer' in by) {
    const { gainPer: per } = by
    const gain = largestOf(factsOf('small.quality')) + largestOf(factsOf('large.quality'))
    return {
      sql: gainPer({ fields, dialect }, per),
      sign: -1,
      largest: per !== 'cost' && per > 0 ? gain / per : Infinity,
    }
  }
  const { column, direction, facts } = signalOf(by.signal)
  return {
    sql: dialect.double(column),
    sign: direction === 'higher' ? 1 : -1,
    largest: largestOf(facts),
  }
}

const largestOf = ({ known, min, max }: ColumnFacts): number =>
  known === 0 ? 0 : Math.max(Math.abs(min), Math.abs(max))

/** What the large model gains. */
export const gainOf = ({ fields, dialect }: Columns): string =>
  `(${dialect.double(fields.large)} - ${dialect.double(fields.small)})`

/** What a row's escalation gains per cost, as `core/sweep/oracle.ts` has it. */
function gainPer({ fields, dialect }: Columns, per: number | 'cost'): string {
  const gain = gainOf({ fields, dialect })
  const sign = `CASE WHEN ${gain} > 0 THEN ${dialect.number(Number.MAX_VALUE)} WHEN ${gain} < 0 THEN ${dialect.number(-Number.MAX_VALUE)} ELSE 0e0 END`
  if (per !== 'cost') return per > 0 ? `(${gain} / ${dialect.number(per)})` : sign
  const cost = dialect.double(fields.costs.large!)
  return `CASE WHEN ${cost} > 0 THEN ${gain} / ${cost} ELSE ${sign} END`
}
