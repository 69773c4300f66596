import { SpillwayError } from '../../core/errors.ts'
import { rangeOf } from '../../core/outcomes/field-range.ts'
import type { Field } from '../../core/outcomes/fields.ts'
import { plural, type Finding } from '../../core/outcomes/findings.ts'
import { factFindings, unusedColumnsNote } from '../../core/outcomes/lint.ts'
import { ROUNDING } from '../../core/signals/scale.ts'
import type { GroupCount, RowTotals, StatisticsSource } from '../../core/statistics/source.ts'
import { completeness, factsOf, sumsOfFacts, sumsWhere, type Checked, type ColumnFacts } from './column-facts.ts'
import type { EngineTable } from './sql-source.ts'

/** Up to so many rows groups are counted exactly; beyond, their number is an estimate. */
const EXACT_GROUPS = 1 << 22
/** An estimate this near to the rows does not say that ids repeat. */
const ESTIMATE_SHARE = 0.95

/** What holds of all rows of a table. */
export interface Profile {
  totals: RowTotals
  costColumns: StatisticsSource['costColumns']
  datasets: string[]
  columns: readonly ColumnFacts[]
  /** A condition that a row with all qualities and costs meets; all do: `undefined`. */
  complete?: string
}

/**
 * What is missing from the columns that a sweep reads, what cannot be, and the sums over complete rows.
 * @throws SpillwayError `bad-input` where a value cannot be what its column says
 */
export async function profile(table: EngineTable, group: string | undefined): Promise<Profile> {
  const { fields, dialect, name } = table
  const costs = (['small', 'verify', 'large'] as const).flatMap((model) => {
    const column = fields.costs[model]
    return column === undefined ? [] : [{ model, column, field: `${model}.cost` as Field }]
  })
  const checked: Checked[] = [
    { field: 'small.quality', column: fields.small },
    { field: 'large.quality', column: fields.large },
    ...costs,
    ...fields.signals.map((signal) => ({
      field: `signal:${signal.name}` as const,
      column: signal.column,
      definition: signal,
    })),
  ]
  refuseOtherKinds(checked, name, dialect.notNumber !== undefined)
  const facts = await factsOf(table, checked)
  const { rows, columns } = facts
  refuseMixed(facts.same, name)
  const findings = columns.flatMap((column) => columnFindings(column, rows))
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length > 0)
    throw new SpillwayError('bad-input', errors.map(({ message }) => `${name}: ${message}`).join('\n'))

  // A column without any value is as good as none; a row that was not verified cost nothing to verify.
  const has = (model: 'small' | 'verify' | 'large') => known(columns, `${model}.cost`) > 0
  const costColumns = { small: has('small'), verify: has('verify'), large: has('large') }
  const needed = columns.filter(
    ({ field }) => isNeeded(field) && (known(columns, field) > 0 || field.endsWith('quality')),
  )
  const complete = needed.every(({ known }) => known === rows) ? undefined : completeness(needed, dialect)
  const where = complete === undefined ? '' : ` WHERE ${complete}`
  const { kept, qualitySmall, qualityLarge, costSmall, costVerify, costLarge } =
    complete === undefined ? sumsOfFacts(facts) : await sumsWhere(table, complete)
  if (kept < rows && kept > 0)
    findings.push({
      level: 'warning',
      code: 'incomplete-rows',
      rows: rows - kept,
      message: `${plural(rows - kept, 'row')} left out, where a quality or cost is missing: ${kept} remain`,
    })
  const groups = kept === 0 ? { count: 0, from: 'row' as const } : await groupsOf(table, kept, where, findings)
  if (kept > 0)
    findings.push(
      ...factFindings({ rows: kept, groups, small: qualitySmall / kept, large: qualityLarge / kept, group }),
      ...unusedColumnsNote(fields.unused),
    )
  return {
    totals: { rows: kept, qualitySmall, qualityLarge, costSmall, costLarge, costVerify, groups, findings },
    costColumns,
    datasets: fields.dataset === undefined ? [] : await datasetsOf(table, where),
    columns,
    complete,
  }
}

/** Without these a row says nothing. */
const isNeeded = (field: Field): boolean => /^(small|large)\.(quality|cost)$/.test(field)

const known = (columns: readonly ColumnFacts[], field: string): number =>
  columns.find((column) => column.field === field)?.known ?? 0

function refuseOtherKinds(checked: readonly Checked[], name: string, readsTexts: boolean): void {
  for (const { column } of checked)
    if (column.kind === 'other' || (column.kind === 'text' && !readsTexts))
      throw new SpillwayError('bad-input', `${name}: ${column.path} is of type ${column.type}; numbers were expected`)
}

function refuseMixed([models, ks]: readonly number[], name: string): void {
  if (models > 1)
    throw new SpillwayError(
      'bad-input',
      `${name}: rows of ${models} small models; signals of different models are not comparable: give each a table of its own`,
    )
  if (ks > 1)
    throw new SpillwayError(
      'bad-input',
      `${name}: entropies from ${ks} different numbers of alternatives (top_k); such signals are not comparable: give each a table of its own`,
    )
}

function columnFindings({ field, column, definition, known, min, max, texts }: ColumnFacts, rows: number): Finding[] {
  const label = column.path
  if (texts > 0) {
    const message = `${label} is a text, not a number, in ${plural(texts, 'row')}; numbers were expected, with a decimal point and without quotes, unit or percent sign`
    return [{ level: 'error', code: 'not-a-number', column: label, rows: texts, message }]
  }
  const found: Finding[] = []
  const range = rangeOf(field, definition)
  const outside =
    known === 0 || range === undefined
      ? undefined
      : [min, max].find((x) => x < range.min - ROUNDING || x > range.max + ROUNDING)
  if (outside !== undefined)
    found.push({
      level: range!.level,
      code: 'out-of-range',
      column: label,
      message: `${label} is ${outside} somewhere; ${range!.reason}`,
    })
  if (known < rows) {
    const where = known === 0 ? 'in every row' : `in ${rows - known} of ${plural(rows, 'row')}`
    const escalate = field.startsWith('signal:') ? '; without it a row escalates by default' : ''
    const message = `${label} is missing or not finite ${where}${escalate}`
    found.push({ level: 'warning', code: 'missing', column: label, rows: rows - known, message })
  }
  return found
}

async function groupsOf(table: EngineTable, rows: number, where: string, findings: Finding[]): Promise<GroupCount> {
  const { fields, dialect } = table
  const column = fields.group ?? fields.id
  if (column === undefined) return { count: rows, from: 'row' }
  const from = fields.group === undefined ? 'id' : 'group'
  const text = dialect.text(column)
  const exactly = rows <= EXACT_GROUPS
  const [[distinct], [known]] = await table.numbers(
    `SELECT ${dialect.countDistinct(text, exactly)}, ${dialect.count(`${text} IS NOT NULL`)} FROM ${table.from}${where}`,
  )
  // Rows without a group stand alone.
  const count = Math.min(rows, distinct + rows - known)
  if (from === 'id' && count > rows * (exactly ? 1 - 0.5 / rows : ESTIMATE_SHARE)) return { count: rows, from: 'row' }
  if (!exactly)
    findings.push({
      level: 'note',
      code: 'estimated-groups',
      column: column.path,
      message: `the number of groups by ${column.path}, ${count}, is an estimate, a few percent off`,
    })
  return { count, from }
}

/** The names of the data sets, at most a hundred. */
const datasetsOf = ({ from, fields, dialect, texts }: EngineTable, where: string): Promise<string[]> => {
  const text = dialect.text(fields.dataset!)
  return texts(`SELECT DISTINCT ${text} FROM ${from}${where} ORDER BY ${text} LIMIT 100`)
}
