import { SpillwayError } from '../errors.ts'
import type { OutcomesBuilder } from './builder.ts'
import { mapName } from './mapping.ts'
import { modelPartOf } from './model-fields.ts'
import type { ModelOutcomes } from './outcomes.ts'
import type { SourceRows } from './source-rows.ts'
import { fieldLabel, namesOf, qualityFields, type Field } from './fields.ts'

/**
 * Checks that the columns the user named exist, and those that a sweep needs: the qualities of every model, given by
 * name or else one small and one large one, and a signal of the small model.
 * @throws SpillwayError naming the columns that were found and how to say which one is meant
 */
export function requireColumns(
  builder: OutcomesBuilder,
  sources: readonly SourceRows[],
  models: readonly string[] | undefined,
): void {
  const { numbers, definitions, options } = builder
  for (const [name, column] of Object.entries(options.map ?? {}))
    if (column !== undefined) requireSeen(column, `--map ${name}=${column}`, sources)
  for (const name of Object.keys(options.signals ?? {}))
    if (!definitions.has(name) && !insideModels(name, builder, sources)) requireSeen(name, `--signal ${name}`, sources)
  if (options.group !== undefined) requireSeen(options.group, `--group ${options.group}`, sources)
  if (options.needsQuality === false) return
  const qualities = models?.map((name): Field => `models.${name}.quality`) ?? qualityFields
  for (const field of qualities) if (!numbers.has(field)) throw absentField(field, sources)
  if (models === undefined && definitions.size === 0) throw noSignals(sources)
}

/** A sweep decides by signals of the first model's answers: without one there is nothing to decide by. */
export function requireFirstSignal(models: readonly ModelOutcomes[], sources: readonly SourceRows[]): void {
  const [{ name, signals }] = models
  if (signals.length > 0) return
  const own = `models.${name}.signals`
  throw new SpillwayError(
    'bad-input',
    `${namesIn(sources)}: no signal of ${name}, the first of ${models.map((model) => model.name).join(', ')}; a column becomes one with --map ${own}.NAME=COLUMN. Columns found: ${seenIn(sources)}. Signals known by name are listed in docs/signals.md`,
  )
}

/** Whether a model has a signal, or would have it if it were used. */
const insideModels = (signal: string, { models }: OutcomesBuilder, sources: readonly SourceRows[]): boolean =>
  [...models.values()].some(({ signals }) => signals.has(signal)) ||
  sources.some(({ seen }) => seen.some((path) => modelPartOf(path)?.signal === signal))

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
  const remedy = modelPartOf(field) === undefined ? '' : ', or leave the model out with --models'
  return new SpillwayError(
    'bad-input',
    `${namesIn(sources)}: no column for ${fieldLabel(field)} (known names: ${namesOf(field).join(', ')}). Columns found: ${seenIn(sources)}. Say which with --map ${mapName(field)}=COLUMN${remedy}`,
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
