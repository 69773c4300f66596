import { SpillwayError } from '../errors.ts'
import { findSignal, ownSignal, type SignalDefinition } from '../signals/signals.ts'
import { SameText } from './agreement.ts'
import { CodeList } from './code-list.ts'
import { costByName } from './costs.ts'
import { rangeOf } from './field-range.ts'
import { fieldLabel, fieldOfPath, isQuality, nestedPaths, textFields, type Field, isRecord } from './fields.ts'
import { directionOf, mapName, mappedColumns, ownSignalOf, type BuildOptions } from './mapping.ts'
import { holdsModels, modelPartOf, type ModelPart } from './model-fields.ts'
import { NumberColumn } from './number-column.ts'
import type { Texts } from './outcomes.ts'
import { emptyPlan, ignore, stepOf, type NestedPlan, type SourceRows, type Step } from './source-rows.ts'
import { TextColumn } from './text-column.ts'
import { TextGroups } from './text-groups.ts'

/** A column that is being filled, and where its values come from. */
export interface BuiltColumn {
  column: NumberColumn
  source: SourceRows
}

/** What is known of one of any number of models, beside its columns of numbers. */
export interface BuiltModel {
  signals: Map<string, SignalDefinition>
  answers: TextColumn
}

/** Texts that nothing but a command that shows them asks for. */
const shownOnly: readonly Field[] = ['question', 'gold', 'large.answer']

function isGivenCost(field: Field, { givenCosts = [], givenModelCosts }: BuildOptions): boolean {
  const part = modelPartOf(field)
  if (part !== undefined) return part.what === 'cost' && costByName(givenModelCosts, part.model) !== undefined
  return givenCosts.some((name) => field === `${name}.cost`)
}

const isNumeric = (value: unknown, numericText: boolean): boolean =>
  typeof value === 'number' ||
  (numericText && typeof value === 'string' && value !== '' && Number.isFinite(Number(value)))

/** Puts rows of one file, or of two side by side, into columns. */
export class OutcomesBuilder {
  rows = 0
  readonly numbers = new Map<Field, BuiltColumn>()
  readonly definitions = new Map<string, SignalDefinition>()
  /** The models that the data hold by name, in order of appearance, used or not. */
  readonly models = new Map<string, BuiltModel>()
  /** What the data call the models of a pair. */
  readonly names = { small: new SameText(), large: new SameText() }
  readonly ids = new TextGroups()
  readonly groups = new TextGroups()
  readonly datasets = { names: new Map<string, number>(), codes: new CodeList() }
  readonly texts: Texts = { id: [], question: [], gold: [], small: [], large: [] }
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
    const step = plan.steps.get(key) ?? this.#resolve(rows, plan.path, key, value)
    plan.steps.set(key, step)
    plan.lastKeys[position] = key
    plan.lastSteps[position] = step
    return step
  }

  /** Decides, once for each column of a file, what becomes of its values. */
  #resolve(rows: SourceRows, parent: string, key: string, value: unknown): Step {
    const path = parent + key
    const inside = [...this.#mapped.keys(), ...nestedPaths].some(
      (known) => known === path || known.startsWith(`${path}.`),
    )
    const fields = [...(this.#mapped.get(path) ?? [])]
    // A column that the user gives to a model by name is that model's only, whatever its own name says.
    const given = fields.some((field) => modelPartOf(field) !== undefined)
    const meant = given ? undefined : this.#meantBy(path, value, rows.numericText)
    if (meant !== undefined && !this.#claimed.has(meant) && !isGivenCost(meant, this.options)) fields.push(meant)
    const own = given ? undefined : ownSignalOf(path, this.options)
    if (own !== undefined && !this.#claimed.has(own) && !fields.includes(own)) fields.push(own)
    if (fields.length === 0 && (inside || holdsModels(path, parent, value)))
      return stepOf({ nested: emptyPlan(`${path}.`) })
    rows.seen.push(path)
    if (fields.length === 0 && meant === undefined && isNumeric(value, rows.numericText) && !isRecord(path))
      rows.unused.push(path)
    return (
      fields.reduceRight<Step | undefined>(
        (also, field) => stepOf({ ...this.#use(rows, path, field), also }),
        undefined,
      ) ?? ignore
    )
  }

  /** The field that a column means by its own name. */
  #meantBy(path: string, value: unknown, numericText: boolean): Field | undefined {
    const field = fieldOfPath(path)
    // Some logs call the alternatives themselves `top_logprobs`: then it is not their number.
    const short = field === 'small.top_k' && path.startsWith('top_')
    return short && !isNumeric(value, numericText) ? undefined : field
  }

  #use(rows: SourceRows, path: string, field: Field): Step {
    const text = textFields.findIndex((name) => name === field)
    if (text >= 0) return this.options.texts !== true && shownOnly.includes(field) ? ignore : stepOf({ text })
    if (field === 'small.model' || field === 'large.model') return this.#useName(field, path)
    const part = modelPartOf(field)
    const model = part && this.#modelOf(part.model)
    if (part !== undefined && this.options.models?.includes(part.model) === false) return ignore
    if (part?.what === 'answer') return this.options.texts === true ? stepOf({ column: model?.answers }) : ignore
    const existing = this.numbers.get(field)
    if (existing !== undefined) {
      const [first, second] = [existing.column.label, path]
      const where =
        existing.source === rows
          ? `${rows.source.name}: two columns for ${fieldLabel(field)}: ${first} and ${second}; remove one, or pick one with --map ${mapName(field)}=${first}`
          : `both files have ${fieldLabel(field)} (${existing.source.source.name}: ${first}; ${rows.source.name}: ${second}); remove it from one of them`
      throw new SpillwayError('bad-input', where)
    }
    const column = new NumberColumn(path, rangeOf(field, this.#define(field, part)), isQuality(field))
    this.numbers.set(field, { column, source: rows })
    return stepOf({ column })
  }

  /** Takes a signal's definition down; other fields have none. */
  #define(field: Field, part: ModelPart | undefined): SignalDefinition | undefined {
    const name = part === undefined ? fieldLabel(field) : part.signal
    if (name === undefined || !(part !== undefined || field.startsWith('signal:'))) return undefined
    const direction = directionOf(field, this.options) ?? directionOf(name, this.options)
    const definition = findSignal(name) ?? (direction && ownSignal(direction))
    if (definition === undefined)
      throw new SpillwayError(
        'usage',
        `nobody knows which values of ${name} are certain; add --signal ${name}:higher or --signal ${name}:lower`,
      )
    const definitions = part === undefined ? this.definitions : this.#modelOf(part.model).signals
    definitions.set(name, definition)
    return definition
  }

  #modelOf(name: string): BuiltModel {
    const model = this.models.get(name) ?? { signals: new Map(), answers: new TextColumn() }
    this.models.set(name, model)
    return model
  }

  #useName(field: 'small.model' | 'large.model', path: string): Step {
    const name = this.names[field === 'small.model' ? 'small' : 'large']
    name.label ||= path
    return stepOf({ column: name })
  }

  #commitTexts(): void {
    const [id, group, dataset, question, gold, small, measured, large] = this.#text
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
    this.texts.question.push(question)
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
