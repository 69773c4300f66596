import { configJsonSchema } from '../../src/config/json-schema.ts'
import { code, GENERATED, page, plain, table } from './markdown.ts'

interface Schema {
  type?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  anyOf?: Schema[]
  enum?: string[]
  const?: string | boolean
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
}

interface Section {
  /** Where such an object stands; alike ones are told of once. */
  paths: string[]
  /** What is said of it there. */
  descriptions: Set<string>
  /** One, or those of which one is to be chosen. */
  variants: Schema[]
}

/** Every key of spillway.yaml, from its JSON Schema. */
export function configReference(): string {
  const sections: Section[] = []
  visit(JSON.parse(configJsonSchema()) as Schema, '', '', sections)
  return page(
    GENERATED,
    '# Configuration',
    'Every key of `spillway.yaml`, by its place in the file. What it is for: [collect](collect.md#a-configuration-file), [the gateway](gateway.md#a-configuration); for editors: [the JSON Schema](../spillway.schema.json). After a semicolon stands what a key is where it is absent. Keys in **bold** must be there. Flags go before the file.',
    ...sections.flatMap(({ paths, descriptions, variants }) => [
      `## ${paths[0] === '' ? 'spillway.yaml' : paths.join(', ')}`,
      // What is said of one place alone is in the table that it stands in.
      descriptions.size > 1 ? '' : plain([...descriptions].join('')),
      variants.map(keys).join('\n\nor\n\n'),
    ]),
  )
}

const keys = ({ properties = {}, required = [] }: Schema): string =>
  table(
    ['key', 'value', ''],
    Object.entries(properties).map(([key, each]) => [
      required.includes(key) ? `**${code(key)}**` : code(key),
      value(each),
      plain(each.description ?? ''),
    ]),
  )

/** Every object in a schema, in the order of the file. */
function visit(schema: Schema, path: string, description: string, sections: Section[]): void {
  const variants = (schema.anyOf ?? [schema]).filter(({ properties }) => properties !== undefined)
  if (variants.length > 0) {
    const alike = sections.find((each) => JSON.stringify(each.variants) === JSON.stringify(variants))
    if (alike === undefined) sections.push({ paths: [path], descriptions: new Set([description]), variants })
    else {
      alike.paths.push(path)
      alike.descriptions.add(description)
    }
  }
  for (const { properties = {}, items, additionalProperties } of [schema, ...(schema.anyOf ?? [])]) {
    for (const [key, each] of Object.entries(properties))
      visit(each, path === '' ? key : `${path}.${key}`, each.description ?? '', sections)
    if (items !== undefined) visit(items, `${path}[]`, description, sections)
    if (typeof additionalProperties === 'object') visit(additionalProperties, `${path}.NAME`, description, sections)
  }
}

/** In a few words. */
function value(schema: Schema): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(value))].join(', or ')
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ')
  if (schema.const !== undefined) return code(String(schema.const))
  if (schema.type === 'array') return `list: ${value(schema.items ?? {})}`
  if (schema.properties !== undefined) return 'keys below'
  if (schema.type === 'object') return 'names and values'
  if (schema.type === 'boolean') return '`true`, `false`'
  if (schema.type === 'integer' || schema.type === 'number') return numbers(schema)
  if (schema.format === 'uri') return 'URL'
  return schema.type === 'string' ? 'text' : 'anything'
}

function numbers({ type, minimum, exclusiveMinimum, maximum }: Schema): string {
  const from =
    minimum === undefined ? (exclusiveMinimum === undefined ? '' : ` > ${exclusiveMinimum}`) : ` ≥ ${minimum}`
  const to = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` ≤ ${maximum.toLocaleString('en')}`
  return `${type === 'integer' ? 'whole number' : 'number'}${[from, to].filter((each) => each !== '').join(',')}`
}
