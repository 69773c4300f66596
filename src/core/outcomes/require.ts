import { SpillwayError } from '../errors.ts'
import type { OutcomesBuilder } from './builder.ts'
import { mapName } from './mapping.ts'
import type { SourceRows } from './source-rows.ts'
import { fieldLabel, namesOf, qualityFields, type Field } from './fields.ts'

/**
 * Checks that the columns the user named exist, and those that a sweep needs.
 * @throws SpillwayError naming the columns that were found and how to say which one is meant
 */
export function requireColumns(
  { numbers, definitions, options }: OutcomesBuilder,
  sources: readonly SourceRows[],
): void {
  for (const [name, column] of Object.entries(options.map ?? {}))
    if (column !== undefined) requireSeen(column, `--map ${name}=${column}`, sources)
  for (const name of Object.keys(options.signals ?? {}))
    if (!definitions.has(name)) requireSeen(name, `--signal ${name}`, sources)
  if (options.group !== undefined) requireSeen(options.group, `--group ${options.group}`, sources)
  if (options.needsQuality === false) return
  for (const field of qualityFields) if (!numbers.has(field)) throw absentField(field, sources)
  if (definitions.size === 0) throw noSignals(sources)
}

function requireSeen(column: string, flag: string, sources: readonly SourceRows[]): void {
  if (sources.some(({ seen }) => seen.includes(column))) return
  throw new SpillwayError('usage', `${flag}: no column ${column}; columns found: ${seenIn(sources)}`)
}

function seenIn(sources: readonly SourceRows[]): string {
  const seen = sources.flatMap((rows) => rows.seen)
  return `${seen.slice(0, 20).join(', ')}${seen.length > 20 ? ', …' : ''}` || 'none'
}

const namesIn = (sources: readonly SourceRows[]): string => sources.map(({ source }) => source.name).join(' and ')

function absentField(field: Field, sources: readonly SourceRows[]): SpillwayError {
  return new SpillwayError(
    'bad-input',
    `${namesIn(sources)}: no column for ${fieldLabel(field)} (known names: ${namesOf(field).join(', ')}). Columns found: ${seenIn(sources)}. Say which with --map ${mapName(field)}=COLUMN`,
  )
}

function noSignals(sources: readonly SourceRows[]): SpillwayError {
  const unused = sources.flatMap((rows) => rows.unused)
  const hint =
    unused.length === 0
      ? `columns found: ${seenIn(sources)}`
      : `a numeric column becomes one with --signal ${unused[0]}:higher or --signal ${unused[0]}:lower (unused: ${unused.join(', ')})`
  return new SpillwayError(
    'bad-input',
    `${namesIn(sources)}: no signal among the columns; ${hint}. Signals known by name are listed in docs/signals.md`,
  )
}
