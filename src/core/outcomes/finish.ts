import { SpillwayError } from '../errors.ts'
import { absentField, type BuiltColumn, type OutcomesBuilder, type SourceRows } from './builder.ts'
import { fieldLabel, costFields, qualityFields, type Field } from './fields.ts'
import { plural, type Finding } from './findings.ts'
import { lint } from './lint.ts'
import type { Groups, Outcomes, SignalColumn } from './outcomes.ts'
import { selectRows } from './select.ts'

/** Outcomes, and what is odd about them. */
export interface LintedOutcomes {
  outcomes: Outcomes
  findings: Finding[]
}

/**
 * Turns filled columns into outcomes: checks them, leaves out rows that lack a quality or cost, makes the groups.
 * @throws SpillwayError `bad-input` where a needed column is absent or a value cannot be what its column says
 */
export function finishOutcomes(builder: OutcomesBuilder, sources: readonly SourceRows[]): LintedOutcomes {
  const { numbers, rows, options } = builder
  const main = sources[0]
  for (const [name, column] of Object.entries(options.map ?? {}))
    if (column !== undefined) checkSeen(column, `--map ${name}=${column}`, sources)
  for (const name of Object.keys(options.signals ?? {}))
    if (!builder.definitions.has(name)) checkSeen(name, `--signal ${name}`, sources)
  if (options.group !== undefined) checkSeen(options.group, `--group ${options.group}`, sources)
  if (options.needsQuality !== false)
    for (const field of qualityFields) if (!numbers.has(field)) throw absentField(field, sources)

  if (options.needsQuality !== false && builder.definitions.size === 0) throw noSignals(sources)

  const findings = [...numbers.values()].flatMap(({ column }) => column.findings())
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length > 0) throw new SpillwayError('bad-input', errors.map(({ message }) => message).join('\n'))

  const take = (field: Field): Float64Array | undefined => numbers.get(field)?.column.take(rows)
  const signals = [...builder.definitions].map(([name, definition]): SignalColumn => ({
    ...definition,
    name,
    values: take(`signal:${name}`)!,
  }))
  const model = (name: 'small' | 'large') => ({
    quality: take(`${name}.quality`) ?? new Float64Array(rows).fill(NaN),
    cost: take(`${name}.cost`),
  })
  const verifyCost = take('verify.cost')
  const names = [...builder.datasets.names.keys()]
  const all: Outcomes = {
    rows,
    small: model('small'),
    large: model('large'),
    verify: verifyCost && { cost: verifyCost },
    signals,
    groups: groupsOf(builder),
    datasets: names.map((name) => name || stem(main.source.name)),
    dataset: names.length > 1 ? builder.datasets.codes.take() : undefined,
    texts: options.texts === true ? builder.texts : undefined,
    place: main.placeOf,
  }
  const needed =
    options.needsQuality === false ? [] : [...qualityFields, ...costFields].filter((field) => numbers.has(field))
  findings.push(...missingValues(all, numbers))
  const outcomes = completeRows(all, needed, findings)
  findings.push(...lint(outcomes, builder, sources))
  return { outcomes, findings }
}

function noSignals(sources: readonly SourceRows[]): SpillwayError {
  const names = sources.map(({ source }) => source.name).join(' and ')
  const unused = sources.flatMap((rows) => rows.unused)
  const hint =
    unused.length === 0
      ? 'no numeric column is left to be one'
      : `a numeric column becomes one with --signal ${unused[0]}:higher or --signal ${unused[0]}:lower (unused: ${unused.join(', ')})`
  return new SpillwayError(
    'bad-input',
    `${names}: no signal among the columns; ${hint}. Signals known by name are listed in docs/signals.md`,
  )
}

function checkSeen(column: string, flag: string, sources: readonly SourceRows[]): void {
  if (sources.some(({ seen }) => seen.includes(column))) return
  const columns = sources.flatMap(({ seen }) => seen).join(', ')
  throw new SpillwayError('usage', `${flag}: no column ${column}; columns found: ${columns || 'none'}`)
}

function groupsOf({ groups, ids, rows }: OutcomesBuilder): Groups {
  if (groups.present) return { ...groups.codes(), from: 'group' }
  const byId = ids.present ? ids.codes() : undefined
  if (byId !== undefined && byId.count < rows) return { ...byId, from: 'id' }
  return { codes: new Uint32Array(rows).map((_, row) => row), count: rows, from: 'row' }
}

const stem = (name: string): string =>
  name.replace(/^.*[\\/]/, '').replace(/(\.(jsonl|ndjson|json|csv|gz))+$/, '') || 'outcomes'

function valuesOf(outcomes: Outcomes, field: Field): Float64Array | undefined {
  const [side, what] = field.split('.')
  if (side === 'small' || side === 'large') return outcomes[side][what as 'quality' | 'cost']
  if (field === 'verify.cost') return outcomes.verify?.cost
  return outcomes.signals.find(({ name }) => name === fieldLabel(field))?.values
}

/** One finding for each column that lacks values, with the first row that does. */
function missingValues(outcomes: Outcomes, numbers: ReadonlyMap<Field, BuiltColumn>): Finding[] {
  const findings: Finding[] = []
  for (const [field, { column, source }] of numbers) {
    const values = valuesOf(outcomes, field)
    if (values === undefined) continue
    let [count, first] = [0, 0]
    for (let row = values.length - 1; row >= 0; row--) {
      if (!Number.isNaN(values[row])) continue
      count++
      first = row
    }
    if (count === 0) continue
    const what = field.startsWith('signal:')
      ? `${fieldLabel(field)} is missing, so it escalates there by default`
      : `${fieldLabel(field)} is missing`
    const where =
      count === outcomes.rows
        ? 'every row'
        : `${plural(count, 'row')} of ${outcomes.rows}, first ${source.placeOf(first)}`
    findings.push({
      level: 'warning',
      code: 'missing',
      column: column.label,
      rows: count,
      message: `${column.label}: ${what}: ${where}`,
    })
  }
  return findings
}

/** Leaves out rows of which a quality or cost is unknown, and says so. */
function completeRows(outcomes: Outcomes, needed: readonly Field[], findings: Finding[]): Outcomes {
  const columns = needed.map((field) => valuesOf(outcomes, field)!)
  const incomplete = new Uint8Array(outcomes.rows)
  for (const values of columns)
    for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) incomplete[row] = 1
  if (!incomplete.includes(1)) return outcomes
  const complete = new Uint32Array(outcomes.rows).map((_, row) => row).filter((row) => incomplete[row] === 0)
  const dropped = outcomes.rows - complete.length
  if (complete.length === 0)
    throw new SpillwayError('bad-input', `no row has all of ${needed.map(fieldLabel).join(', ')}`)
  findings.push({
    level: 'warning',
    code: 'incomplete-rows',
    rows: dropped,
    message: `${plural(dropped, 'row')} left out, where a quality or cost is missing: ${complete.length} remain`,
  })
  return selectRows(outcomes, complete)
}
