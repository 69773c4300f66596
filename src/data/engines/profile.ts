import { SpillwayError } from '../../core/errors.ts'
import { rangeOf } from '../../core/outcomes/field-range.ts'
import type { Field } from '../../core/outcomes/fields.ts'
import { plural, type Finding } from '../../core/outcomes/findings.ts'
import { factFindings, unusedColumnsNote } from '../../core/outcomes/lint.ts'
import { ROUNDING } from '../../core/signals/scale.ts'
import type { SignalDefinition } from '../../core/signals/signals.ts'
import type { GroupCount, RowTotals, StatisticsSource } from '../../core/statistics/source.ts'
import type { Dialect, EngineColumn } from './dialect.ts'
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
  /** A condition that a row with all qualities and costs meets; all do: `undefined`. */
  complete?: string
}

interface Checked {
  field: Field
  column: EngineColumn
  definition?: SignalDefinition
}

/**
 * One pass over every column that a sweep reads: what is missing, what cannot be, and the sums over complete rows.
 * @throws SpillwayError `bad-input` where a value cannot be what its column says
 */
export async function profile(table: EngineTable, group: string | undefined): Promise<Profile> {
  const { fields, dialect, from, name } = table
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
  const perColumn = checked.flatMap(({ column }) => {
    const x = dialect.double(column)
    const finite = dialect.isFinite(x)
    return [
      dialect.count(finite),
      dialect.aggregate('min', x, finite),
      dialect.aggregate('max', x, finite),
      dialect.notNumber === undefined ? '0e0' : dialect.count(dialect.notNumber(column)),
    ]
  })
  const same = [
    fields.same.model && dialect.countDistinct(dialect.text(fields.same.model), true),
    fields.same.topK && dialect.countDistinct(dialect.double(fields.same.topK), true),
  ]
  const whole = completeness(
    checked.filter(({ field }) => isNeeded(field)),
    dialect,
  )
  const first = await table.numbers(
    `SELECT ${[dialect.count(), ...perColumn, ...same.map((each) => each ?? '0e0'), ...sumsOf(table, whole)].join(', ')} FROM ${from}`,
  )
  const [rows, ...values] = first.map(([value]) => value)
  const columns = checked.map((each, i) => {
    const [known, min, max, texts] = values.slice(4 * i, 4 * i + 4)
    return { ...each, known, min, max, texts }
  })
  refuseMixed(values.slice(4 * checked.length, 4 * checked.length + 2), name)
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
  // The first pass took all of them for needed.
  const counted =
    needed.length === checked.filter(({ field }) => isNeeded(field)).length
      ? values.slice(4 * checked.length + 2)
      : (await table.numbers(`SELECT ${sumsOf(table).join(', ')} FROM ${from}${where}`)).map(([value]) => value)
  const [kept, qualitySmall, qualityLarge, ...paid] = counted.map((value) => (Number.isNaN(value) ? 0 : value))
  const [costSmall, costVerify, costLarge] = paid
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
    complete,
  }
}

/** Without these a row says nothing. */
const isNeeded = (field: Field): boolean => /^(small|large)\.(quality|cost)$/.test(field)

const known = (columns: readonly { field: Field; known: number }[], field: string): number =>
  columns.find((column) => column.field === field)?.known ?? 0

const completeness = (needed: readonly Checked[], { isFinite, double }: Dialect): string =>
  needed.map(({ column }) => isFinite(double(column))).join(' AND ')

/** Rows, and sums of qualities and of the costs of small, verify and large. */
function sumsOf({ dialect, fields }: EngineTable, condition?: string): string[] {
  const sum = (column: EngineColumn | undefined) => {
    if (column === undefined) return '0e0'
    const x = dialect.double(column)
    const finite = dialect.isFinite(x)
    return dialect.aggregate('sum', x, condition === undefined ? finite : `${condition} AND ${finite}`)
  }
  const { small, large, costs } = fields
  return [dialect.count(condition), ...[small, large, costs.small, costs.verify, costs.large].map(sum)]
}

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

function columnFindings(
  { field, column, definition, known, min, max, texts }: Checked & Record<'known' | 'min' | 'max' | 'texts', number>,
  rows: number,
): Finding[] {
  const label = column.path
  if (texts > 0) {
    const message = `${label} is a text that is no number in ${plural(texts, 'row')}; numbers were expected, with a decimal point and without unit`
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
