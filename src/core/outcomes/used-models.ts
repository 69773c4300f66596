import { SpillwayError } from '../errors.ts'
import type { BuiltColumn, OutcomesBuilder } from './builder.ts'
import { fieldLabel, parseField, type Field } from './fields.ts'
import { directionOf } from './mapping.ts'
import type { SourceRows } from './source-rows.ts'

/**
 * The names of the models to be used, as the user has them or else in order of appearance; a file that holds one small
 * and one large model instead: `undefined`.
 * @throws SpillwayError naming the models found, or the columns of both shapes
 */
export function usedModels(builder: OutcomesBuilder, sources: readonly SourceRows[]): string[] | undefined {
  const found = [...builder.models.keys()]
  const wanted = builder.options.models
  const file = sources.map(({ source }) => source.name).join(' and ')
  const flag = `--models ${wanted?.join(',')}`
  if (found.length === 0) {
    if (wanted === undefined) return undefined
    throw new SpillwayError(
      'usage',
      `${flag}: ${file} holds no models by name; it needs columns such as models.${wanted[0] ?? 'NAME'}.quality`,
    )
  }
  refuseBothShapes(builder)
  dropOutsideSignals(builder, found)
  const list = found.join(', ')
  for (const [i, name] of (wanted ?? []).entries()) {
    if (!builder.models.has(name))
      throw new SpillwayError('usage', `${flag}: no model ${name} in ${file}; models found: ${list}`)
    if (wanted?.indexOf(name) !== i) throw new SpillwayError('usage', `${flag}: ${name} is named twice`)
  }
  if (wanted !== undefined && wanted.length < 2)
    throw new SpillwayError('usage', `${flag}: a cascade takes two models or more; models found: ${list}`)
  if (found.length < 2)
    throw new SpillwayError(
      'bad-input',
      `${file}: ${list} is the only model; a cascade takes two or more, as models.NAME.quality`,
    )
  return wanted === undefined ? found : [...wanted]
}

function refuseBothShapes({ numbers }: OutcomesBuilder): void {
  const built = [...numbers]
  const columnOf = (matches: (field: Field) => boolean): BuiltColumn | undefined =>
    built.find(([field]) => matches(field))?.[1]
  const pair = columnOf((field) => /^(small|large)\.(quality|cost)$/.test(field))
  const named = columnOf((field) => field.startsWith('models.'))
  if (pair === undefined || named === undefined) return
  throw new SpillwayError(
    'bad-input',
    `${pair.source.source.name}: ${pair.column.label} (of a small and a large model) and ${named.column.label} (of models by name) in one table; remove one of the two shapes`,
  )
}

/** Signals that stand outside any model are nobody's: they are noted as unused, or an error where the user asks for one. */
function dropOutsideSignals(builder: OutcomesBuilder, found: readonly string[]): void {
  const { numbers, models, options } = builder
  for (const [field, { column, source }] of numbers) {
    if (!field.startsWith('signal:')) continue
    const name = fieldLabel(field)
    const mapped = Object.keys(options.map ?? {}).some((key) => parseField(key) === field)
    const elsewhere = [...models.values()].some(({ signals }) => signals.has(name))
    if (mapped || (directionOf(name, options) !== undefined && !elsewhere))
      throw new SpillwayError(
        'usage',
        `${source.source.name}: ${column.label} stands outside any model, so nobody knows whose signal it is; say so with --map models.${found[0]}.signals.${name}=${column.label}`,
      )
    numbers.delete(field)
    builder.definitions.delete(name)
    source.unused.push(column.label)
  }
}
