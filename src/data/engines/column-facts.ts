import type { Field } from '../../core/outcomes/fields.ts'
import type { SignalDefinition } from '../../core/signals/signals.ts'
import type { RowSums } from '../../core/sweep/baselines.ts'
import type { Dialect, EngineColumn } from './dialect.ts'
import type { EngineTable } from './sql-source.ts'

/** A column of numbers, and what it says. */
export interface Checked {
  field: Field
  column: EngineColumn
  definition?: SignalDefinition
}

/** What holds of all finite values of a column; of none: `min`, `max` and `sum` are NaN. */
export interface ColumnFacts extends Checked {
  known: number
  min: number
  max: number
  sum: number
  /** Rows with a text that is no number. */
  texts: number
}

/** What one pass over all rows tells. */
export interface Facts {
  rows: number
  columns: ColumnFacts[]
  /** How many small models and how many different `top_k` there are; nothing says it: 0. */
  same: number[]
}

/**
 * Looks at every column in one pass. Conditions cost more than the sums themselves: they are left out at first, and a
 * second pass has them where a sum shows that some value is not finite.
 */
export async function factsOf(table: EngineTable, checked: readonly Checked[]): Promise<Facts> {
  const quick = await look(table, checked, () => undefined)
  const isSure = quick.columns.every(({ known, sum }) => known === 0 || Number.isFinite(sum))
  return isSure ? quick : look(table, checked, table.dialect.isFinite)
}

async function look(
  { fields, dialect, from, numbers }: EngineTable,
  checked: readonly Checked[],
  condition: (x: string) => string | undefined,
): Promise<Facts> {
  const { aggregate, count, countDistinct, countKnown, double, notNumber, text } = dialect
  const perColumn = checked.flatMap(({ column }) => {
    const x = double(column)
    const where = condition(x)
    return [
      where === undefined ? countKnown(x) : count(where),
      aggregate('sum', x, where),
      notNumber === undefined || column.kind !== 'text' ? '0e0' : count(notNumber(column)),
    ]
  })
  const extremes = checked.flatMap(({ column }) => {
    const x = double(column)
    return [aggregate('min', x, condition(x)), aggregate('max', x, condition(x))]
  })
  const { model, topK } = fields.same
  const same = [model && countDistinct(text(model), true), topK && countDistinct(double(topK), true)]
  const asked = [count(), ...same.map((each) => each ?? '0e0'), ...perColumn]
  const ask = async (sql: readonly string[]) =>
    (await numbers(`SELECT ${sql.join(', ')} FROM ${from}`)).map(([value]) => value)
  const answers = dialect.knowsExtremes
    ? [...(await ask(asked)), ...(await ask(extremes))]
    : await ask([...asked, ...extremes])
  const [rows, models, ks, ...values] = answers
  const columns = checked.map((each, i) => {
    const [known, sum, texts] = values.slice(3 * i, 3 * i + 3)
    const [min, max] = values.slice(3 * checked.length + 2 * i, 3 * checked.length + 2 * i + 2)
    return { ...each, known, min, max, sum, texts }
  })
  return { rows, columns, same: [models, ks] }
}

/** Sums over the rows that count, and how many these are. */
type Kept = Omit<RowSums, 'rows'> & { kept: number }

/** Where all rows count, the sums of their columns. */
export function sumsOfFacts({ rows, columns }: Facts): Kept {
  const sum = (field: Field) => columns.find((column) => column.field === field)?.sum || 0
  return {
    kept: rows,
    qualitySmall: sum('small.quality'),
    qualityLarge: sum('large.quality'),
    costSmall: sum('small.cost'),
    costVerify: sum('verify.cost'),
    costLarge: sum('large.cost'),
  }
}

/** Over the rows that meet a condition. */
export async function sumsWhere({ fields, dialect, from, numbers }: EngineTable, condition: string): Promise<Kept> {
  const sumOf = (column: EngineColumn | undefined) => {
    if (column === undefined) return '0e0'
    const x = dialect.double(column)
    return dialect.aggregate('sum', x, dialect.isFinite(x))
  }
  const { small, large, costs } = fields
  const sums = [small, large, costs.small, costs.verify, costs.large].map(sumOf)
  const columns = await numbers(`SELECT ${[dialect.count(), ...sums].join(', ')} FROM ${from} WHERE ${condition}`)
  const [kept, qualitySmall, qualityLarge, costSmall, costVerify, costLarge] = columns.map(([value]) => value || 0)
  return { kept, qualitySmall, qualityLarge, costSmall, costVerify, costLarge }
}

/** That a row has all of some columns. */
export const completeness = (needed: readonly Checked[], { isFinite, double }: Dialect): string =>
  needed.map(({ column }) => isFinite(double(column))).join(' AND ')
