import { SpillwayError } from '../errors.ts'
import { findSignal, type Direction } from '../signals/signals.ts'
import { fieldLabel, fieldOfPath, parseField, plainFields, signalOfPath, type Field } from './fields.ts'
import { modelPartOf } from './model-fields.ts'

/** What the user says about the columns. */
export interface BuildOptions {
  /** Columns by field, instead of the names known: `{ 'small.quality': 'f1' }`. */
  map?: Partial<Record<string, string>>
  /** Numeric columns to be used as signals, by column, with their direction. */
  signals?: Partial<Record<string, Direction>>
  /** The column whose equal values make a group. */
  group?: string
  /** Keeps ids and answers, for commands that show them. Default: false. */
  texts?: boolean
  /** Models whose cost the user gives, so that the data's cost columns are not read. */
  givenCosts?: readonly string[]
  /**
   * Which models of a file that holds them by name, and in which order: the first is the small one, the last the large
   * one. Default: all, by mean cost where every model has one, else in order of appearance.
   */
  models?: readonly string[]
  /**
   * Costs of a call by the model's name, instead of its cost column. Where no model is called `small` or `large`, these
   * are the first and the last of the models.
   */
  givenModelCosts?: Partial<Record<string, number>>
  /** False where the data need no qualities, because they are only to be routed. Default: true. */
  needsQuality?: boolean
}

export const mapName = (field: Field): string =>
  field.startsWith('signal:') ? `small.signals.${fieldLabel(field)}` : field

/** The direction that the user gives a column. */
export const directionOf = (name: string, { signals = {} }: BuildOptions): Direction | undefined =>
  Object.hasOwn(signals, name) ? signals[name] : undefined

/** A column that the user calls a signal, by its own name or inside the small model's signals. */
export function ownSignalOf(path: string, options: BuildOptions): Field | undefined {
  const part = modelPartOf(path)
  if (part?.signal !== undefined) {
    const named = [part.signal, path].some((each) => directionOf(each, options) !== undefined)
    return named && findSignal(part.signal) === undefined ? (path as Field) : undefined
  }
  const name = [signalOfPath(path), path].find((each) => each !== undefined && directionOf(each, options) !== undefined)
  return name === undefined || findSignal(signalNameOf(name)) !== undefined ? undefined : `signal:${name}`
}

/** The signal that a column's name means by itself, else the name. */
const signalNameOf = (column: string): string => {
  const field = fieldOfPath(column)
  const inModel = modelPartOf(column)?.signal
  if (inModel !== undefined) return inModel
  return field?.startsWith('signal:') === true ? fieldLabel(field) : column
}

/** The fields that the user's own words give to columns. */
export function mappedColumns(options: BuildOptions): Map<string, Field[]> {
  const { map = {}, signals = {}, group } = options
  const columns = new Map<string, Field[]>()
  const claim = (column: string, field: Field) => columns.set(column, [...(columns.get(column) ?? []), field])
  for (const [name, column] of Object.entries(map)) {
    const field =
      parseField(name) ?? (directionOf(name, options) === undefined ? undefined : (`signal:${name}` as const))
    if (field === undefined) {
      throw new SpillwayError(
        'usage',
        `--map ${name}=…: no field ${name}; there are ${plainFields.join(', ')}, small.signals.NAME, and models.MODEL.quality, .cost, .answer, .signals.NAME`,
      )
    }
    if (column === undefined || column === '')
      throw new SpillwayError('usage', `--map ${name}=: name a column after the equals sign`)
    claim(column, field)
  }
  for (const [column, direction] of Object.entries(signals)) {
    const name = signalNameOf(column)
    const known = findSignal(name)
    if (known !== undefined && known.direction !== direction)
      throw new SpillwayError(
        'usage',
        `--signal ${column}:${direction}: of ${name}, ${known.direction} values are the more certain by definition; give your column another name`,
      )
  }
  if (group !== undefined) claim(group, 'group')
  return columns
}
