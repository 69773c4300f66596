import { SpillwayError } from '../errors.ts'
import { ranges, type Range } from '../signals/scale.ts'
import { findSignal, ownSignal, type Direction, type SignalDefinition } from '../signals/signals.ts'
import { CodeList } from './code-list.ts'
import { MAX_COST } from './costs.ts'
import {
  costFields,
  fieldLabel,
  fieldOfPath,
  nestedPaths,
  parseField,
  qualityFields,
  signalOfPath,
  textFields,
  type Field,
} from './fields.ts'
import { NumberColumn } from './number-column.ts'
import { LineMap, placeIn, type RecordSource } from './source.ts'
import { TextGroups } from './text-groups.ts'

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
  /** False where the data need no qualities, because they are only to be routed. Default: true. */
  needsQuality?: boolean
}

/** A column that is being filled, and where its values come from. */
export interface BuiltColumn {
  column: NumberColumn
  source: SourceRows
}

/** What becomes of the values under one key. */
interface Step {
  column: NumberColumn | undefined
  /** Position in `textFields`; -1: not a text. */
  text: number
  nested: NestedPlan | undefined
  /** A second use of the same column. */
  also: Step | undefined
}
interface NestedPlan {
  path: string
  steps: Map<string, Step>
  /** The keys of the row before, in order, and their steps: rows mostly look alike, which saves the look-up. */
  lastKeys: string[]
  lastSteps: Step[]
}

const emptyPlan = (path: string): NestedPlan => ({ path, steps: new Map(), lastKeys: [], lastSteps: [] })
/** A step with all of its fields, so that every step has one shape. */
const stepOf = (step: Partial<Step>): Step => ({
  column: undefined,
  text: -1,
  nested: undefined,
  also: undefined,
  ...step,
})
const ignore = stepOf({})
/** Texts that nothing but a command that shows them asks for. */
const shownOnly: readonly Field[] = ['gold', 'large.answer']

/** One file's part in every row: which of its columns go where, and which line each row came from. */
export class SourceRows {
  readonly lines = new LineMap()
  readonly plan = emptyPlan('')
  /** Columns seen, in order, for messages. */
  readonly seen: string[] = []
  /** Columns of numbers that nothing uses. */
  readonly unused: string[] = []
  readonly source: RecordSource
  readonly numericText: boolean
  line = 0

  constructor(source: RecordSource) {
    this.source = source
    this.numericText = source.numericText
  }

  readonly here = (): string => placeIn(this.source, this.line)
  readonly placeOf = (row: number): string => placeIn(this.source, this.lines.get(row))
}

/** Puts rows of one file, or of two side by side, into columns. */
export class OutcomesBuilder {
  rows = 0
  readonly numbers = new Map<Field, BuiltColumn>()
  readonly definitions = new Map<string, SignalDefinition>()
  readonly ids = new TextGroups()
  readonly groups = new TextGroups()
  readonly datasets = { names: new Map<string, number>(), codes: new CodeList() }
  readonly texts = { id: [], gold: [], small: [], large: [] } as Record<
    'id' | 'gold' | 'small' | 'large',
    (string | undefined)[]
  >
  /** Rows in which the text that the signals were measured on could be compared with the scored answer. */
  readonly compared = { rows: 0, different: 0 }
  readonly options: BuildOptions
  readonly #mapped: Map<string, Field[]>
  readonly #claimed: Set<Field>
  #lastDataset = { name: '\0none', code: 0 }
  /** The texts of the row being read, in the order of `textFields`. */
  readonly #text: (string | undefined)[] = textFields.map(() => undefined)

  constructor(options: BuildOptions = {}) {
    this.options = options
    this.#mapped = mappedColumns(options)
    this.#claimed = new Set([...this.#mapped.values()].flat())
  }

  /** Adds a row: a record of one file, or of two side by side; a text that both have comes from the first. */
  add(
    first: SourceRows,
    record: Record<string, unknown>,
    second?: SourceRows,
    partner?: Record<string, unknown>,
  ): void {
    this.#text.fill(undefined)
    first.lines.set(this.rows, first.line)
    this.#walk(first, first.plan, record)
    if (second !== undefined && partner !== undefined) {
      second.lines.set(this.rows, second.line)
      this.#walk(second, second.plan, partner)
    }
    this.#commitTexts()
    this.rows++
  }

  #walk(rows: SourceRows, plan: NestedPlan, record: Record<string, unknown>): void {
    let position = 0
    for (const key in record) {
      const value = record[key]
      let step: Step | undefined =
        plan.lastKeys[position] === key ? plan.lastSteps[position] : this.#step(rows, plan, key, value, position)
      position++
      if (value === null || value === undefined) continue
      for (; step !== undefined; step = step.also) {
        if (step.column !== undefined) step.column.set(this.rows, value, rows.here, rows.numericText)
        else if (step.text >= 0 && value !== '')
          this.#text[step.text] ??= typeof value === 'string' ? value : JSON.stringify(value)
        else if (step.nested !== undefined && typeof value === 'object')
          this.#walk(rows, step.nested, value as Record<string, unknown>)
      }
    }
  }

  #step(rows: SourceRows, plan: NestedPlan, key: string, value: unknown, position: number): Step {
    const step = plan.steps.get(key) ?? this.#resolve(rows, plan.path + key, value)
    plan.steps.set(key, step)
    plan.lastKeys[position] = key
    plan.lastSteps[position] = step
    return step
  }

  /** Decides, once for each column of a file, what becomes of its values. */
  #resolve(rows: SourceRows, path: string, value: unknown): Step {
    const inside = [...this.#mapped.keys(), ...nestedPaths].some(
      (known) => known === path || known.startsWith(`${path}.`),
    )
    const fields = [...(this.#mapped.get(path) ?? [])]
    const meant = fieldOfPath(path)
    if (meant !== undefined && !this.#claimed.has(meant) && !this.#isGivenCost(meant)) fields.push(meant)
    const own = ownSignalOf(path, this.options)
    if (own !== undefined && !this.#claimed.has(own) && !fields.includes(own)) fields.push(own)
    if (fields.length === 0 && inside) return stepOf({ nested: emptyPlan(`${path}.`) })
    rows.seen.push(path)
    if (fields.length === 0 && meant === undefined && isNumeric(value, rows.numericText)) rows.unused.push(path)
    return (
      fields.reduceRight<Step | undefined>(
        (also, field) => stepOf({ ...this.#use(rows, path, field), also }),
        undefined,
      ) ?? ignore
    )
  }

  #isGivenCost(field: Field): boolean {
    return (this.options.givenCosts ?? []).some((name) => field === `${name}.cost`)
  }

  #use(rows: SourceRows, path: string, field: Field): Step {
    const text = textFields.findIndex((name) => name === field)
    if (text >= 0) return this.options.texts !== true && shownOnly.includes(field) ? ignore : stepOf({ text })
    const existing = this.numbers.get(field)
    if (existing !== undefined) {
      const [first, second] = [existing.column.label, path]
      const where =
        existing.source === rows
          ? `${rows.source.name}: two columns for ${fieldLabel(field)}: ${first} and ${second}; remove one, or pick one with --map ${mapName(field)}=${first}`
          : `both files have ${fieldLabel(field)} (${existing.source.source.name}: ${first}; ${rows.source.name}: ${second}); remove it from one of them`
      throw new SpillwayError('bad-input', where)
    }
    const column = new NumberColumn(
      path,
      this.#range(field),
      qualityFields.some((name) => name === field),
    )
    this.numbers.set(field, { column, source: rows })
    return stepOf({ column })
  }

  #range(field: Field): Range | undefined {
    if (qualityFields.some((name) => name === field))
      return { min: 0, max: 1, level: 'error', reason: 'a quality lies in [0, 1]. Is this column a percentage?' }
    if (costFields.some((name) => name === field))
      return { min: 0, max: MAX_COST, level: 'error', reason: `a cost lies between 0 and ${MAX_COST}` }
    const name = fieldLabel(field)
    const direction = directionOf(name, this.options)
    const definition = findSignal(name) ?? (direction && ownSignal(direction))
    if (definition === undefined)
      throw new SpillwayError(
        'usage',
        `nobody knows which values of ${name} are certain; add --signal ${name}:higher or --signal ${name}:lower`,
      )
    this.definitions.set(name, definition)
    return ranges[definition.scale]
  }

  #commitTexts(): void {
    const [id, group, dataset, gold, small, measured, large] = this.#text
    if (id !== undefined) this.ids.add(this.rows, id)
    if (group !== undefined) this.groups.add(this.rows, group)
    const name = dataset ?? ''
    if (name !== this.#lastDataset.name) this.#lastDataset = { name, code: this.#datasetCode(name) }
    // The first data set's code is 0, which is what rows passed over get.
    if (this.#lastDataset.code > 0) {
      this.datasets.codes.padTo(this.rows)
      this.datasets.codes.push(this.#lastDataset.code)
    }

    if (small !== undefined && measured !== undefined) {
      this.compared.rows++
      if (small.trim() !== measured.trim()) this.compared.different++
    }
    if (this.options.texts !== true) return
    this.texts.id.push(id)
    this.texts.gold.push(gold)
    this.texts.small.push(small)
    this.texts.large.push(large)
  }

  #datasetCode(name: string): number {
    const { names } = this.datasets
    const code = names.get(name) ?? names.size
    names.set(name, code)
    return code
  }
}

export const mapName = (field: Field): string =>
  field.startsWith('signal:') ? `small.signals.${fieldLabel(field)}` : field

const directionOf = (name: string, { signals = {} }: BuildOptions): Direction | undefined =>
  Object.hasOwn(signals, name) ? signals[name] : undefined

/** A column that the user calls a signal, by its own name or inside the small model's signals. */
function ownSignalOf(path: string, options: BuildOptions): Field | undefined {
  const name = [signalOfPath(path), path].find((each) => each !== undefined && directionOf(each, options) !== undefined)
  return name === undefined || findSignal(signalNameOf(name)) !== undefined ? undefined : `signal:${name}`
}

/** The signal that a column's name means by itself, else the name. */
const signalNameOf = (column: string): string => {
  const field = fieldOfPath(column)
  return field?.startsWith('signal:') === true ? fieldLabel(field) : column
}

const isNumeric = (value: unknown, numericText: boolean): boolean =>
  typeof value === 'number' ||
  (numericText && typeof value === 'string' && value !== '' && Number.isFinite(Number(value)))

/** The fields that the user's own words give to columns. */
function mappedColumns(options: BuildOptions): Map<string, Field[]> {
  const { map = {}, signals = {}, group } = options
  const columns = new Map<string, Field[]>()
  const claim = (column: string, field: Field) => columns.set(column, [...(columns.get(column) ?? []), field])
  for (const [name, column] of Object.entries(map)) {
    const field =
      parseField(name) ?? (directionOf(name, options) === undefined ? undefined : (`signal:${name}` as const))
    if (field === undefined) {
      const known = [...textFields, ...qualityFields, ...costFields].join(', ')
      throw new SpillwayError('usage', `--map ${name}=…: no field ${name}; there are ${known}, and small.signals.NAME`)
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
