import { SpillwayError } from '../../core/errors.ts'
import { fieldLabel, fieldOfPath, isRecord, namesOf, nestedPaths, type Field } from '../../core/outcomes/fields.ts'
import { directionOf, mapName, mappedColumns, ownSignalOf, type BuildOptions } from '../../core/outcomes/mapping.ts'
import { modelPartOf } from '../../core/outcomes/model-fields.ts'
import { findSignal, ownSignal, type SignalDefinition } from '../../core/signals/signals.ts'
import type { EngineColumn } from './dialect.ts'
import { RowsNeeded } from './rows.ts'

/** Which column of an engine's table is what. */
export interface EngineFields {
  small: EngineColumn
  large: EngineColumn
  costs: Partial<Record<'small' | 'verify' | 'large', EngineColumn>>
  signals: (SignalDefinition & { name: string; column: EngineColumn })[]
  group?: EngineColumn
  id?: EngineColumn
  dataset?: EngineColumn
  /** What must be the same in every row: the small model, and how many alternatives its entropies are of. */
  same: { model?: EngineColumn; topK?: EngineColumn }
  /** Numeric columns that nothing uses. */
  unused: string[]
}

/**
 * Finds the fields of a sweep among an engine's columns, by the same names and flags as in files.
 * @throws SpillwayError naming the columns that were found and how to say which one is meant
 */
export function engineFields(columns: readonly EngineColumn[], options: BuildOptions, place: string): EngineFields {
  const mapped = mappedColumns(options)
  const list = columns.map(({ path }) => path)
  const seen = `${list.slice(0, 20).join(', ')}${list.length > 20 ? ', …' : ''}` || 'none'
  for (const [path, [field]] of mapped)
    if (!list.includes(path))
      throw new SpillwayError(
        'usage',
        `${place}: no column ${path} (for ${field === 'group' ? '--group' : mapName(field)}); columns found: ${seen}`,
      )
  const claimed = new Set([...mapped.values()].flat())
  const found = new Map<Field, EngineColumn>()
  const unused: string[] = []
  for (const column of columns) {
    const fields = [...(mapped.get(column.path) ?? [])]
    const meant = meantBy(column)
    const own = ownSignalOf(column.path, options)
    for (const field of [meant, own])
      if (field !== undefined && !claimed.has(field) && !fields.includes(field)) fields.push(field)
    if (fields.length === 0 && column.kind === 'number' && !isRecord(column.path)) unused.push(column.path)
    for (const field of fields) {
      const earlier = found.get(field)
      if (earlier !== undefined)
        throw new SpillwayError(
          'bad-input',
          `${place}: two columns for ${fieldLabel(field)}: ${earlier.path} and ${column.path}; pick one with --map ${mapName(field)}=${earlier.path}`,
        )
      found.set(field, column)
    }
  }
  const hasSignal = [...found.keys()].some((field) => field.startsWith('signal:'))
  const hasQualities = found.has('small.quality') && found.has('large.quality')
  if (!hasQualities || !hasSignal) refuseNames(columns, found, place)
  const required = (field: Field): EngineColumn => {
    const column = found.get(field)
    if (column !== undefined) return column
    throw new SpillwayError(
      'bad-input',
      `${place}: no column for ${fieldLabel(field)} (known names: ${namesOf(field).join(', ')}). Columns found: ${seen}. Say which with --map ${mapName(field)}=COLUMN`,
    )
  }
  const given = options.givenCosts ?? []
  const cost = (name: 'small' | 'verify' | 'large') => (given.includes(name) ? undefined : found.get(`${name}.cost`))
  const signals = [...found].filter(([field]) => field.startsWith('signal:'))
  const fields = { small: required('small.quality'), large: required('large.quality') }
  if (!hasSignal)
    throw new SpillwayError(
      'bad-input',
      `${place}: no signal among the columns (${seen}); a numeric column becomes one with --signal ${unused[0] ?? 'COLUMN'}:higher or :lower. Signals known by name are listed in docs/signals.md`,
    )
  return {
    ...fields,
    costs: { small: cost('small'), verify: cost('verify'), large: cost('large') },
    signals: signals.map(([field, column]) => ({
      ...definitionOf(fieldLabel(field), options),
      name: fieldLabel(field),
      column,
    })),
    group: found.get('group'),
    id: found.get('id'),
    dataset: found.get('dataset'),
    same: { model: found.get('small.model'), topK: found.get('small.top_k') },
    unused,
  }
}

/**
 * Where fields are lacking, they may be of models by name, or in a map, whose keys only its rows tell.
 * @throws RowsNeeded naming the column
 */
function refuseNames(columns: readonly EngineColumn[], found: ReadonlyMap<Field, EngineColumn>, place: string): void {
  const isNamed = ({ path }: EngineColumn) => modelPartOf(path)?.what === 'quality'
  const named = found.has('small.quality') || found.has('large.quality') ? undefined : columns.find(isNamed)
  if (named !== undefined)
    throw new RowsNeeded(
      named.path,
      `${place}: ${named.path} is of a model by name, and models by name need the rows themselves, in memory; or take two with --map small.quality=${named.path} and --map large.quality=models.OTHER.quality, and a signal likewise`,
    )
  const map = columns.find(
    ({ path, type }) => /^map\(/i.test(type) && (path === 'models' || nestedPaths.includes(path)),
  )
  if (map !== undefined)
    throw new RowsNeeded(
      map.path,
      `${place}: ${map.path} is of type ${map.type}, whose keys only the rows themselves tell: let them be read into memory, or write structs`,
    )
}

/** The field that a column means by its own name; one of models by name means none: a cascade of two is mapped. */
function meantBy({ path, kind }: EngineColumn): Field | undefined {
  if (modelPartOf(path) !== undefined) return undefined
  const field = fieldOfPath(path)
  return field === 'small.top_k' && kind !== 'number' ? undefined : field
}

function definitionOf(name: string, options: BuildOptions): SignalDefinition {
  const direction = directionOf(`signal:${name}`, options) ?? directionOf(name, options)
  const definition = findSignal(name) ?? (direction && ownSignal(direction))
  if (definition !== undefined) return definition
  throw new SpillwayError(
    'usage',
    `nobody knows which values of ${name} are certain; add --signal ${name}:higher or --signal ${name}:lower`,
  )
}
