import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configJsonSchema } from '../../src/config/json-schema.ts'

const shipped = readFileSync(new URL('../../spillway.schema.json', import.meta.url), 'utf8')

interface Schema {
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  anyOf?: Schema[]
  description?: string
}

test('the shipped schema is that of the configuration (npm run schema)', () => {
  expect(JSON.parse(shipped)).toEqual(JSON.parse(configJsonSchema()))
})

/** The keys that say nothing of themselves, wherever they stand. */
function silent(schema: Schema, path: string): string[] {
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema
  return [
    ...Object.entries(properties).flatMap(([key, each]) => [
      ...(each.description === undefined ? [`${path}.${key}`] : []),
      ...silent(each, `${path}.${key}`),
    ]),
    ...anyOf.flatMap((each) => silent(each, path)),
    ...(items === undefined ? [] : silent(items, `${path}[]`)),
    ...(typeof additionalProperties === 'object' ? silent(additionalProperties, `${path}.NAME`) : []),
  ]
}

test('every key says what it is for', () => {
  const schema = JSON.parse(shipped) as Schema
  expect(Object.keys(schema.properties ?? {}).length).toBeGreaterThan(0)
  expect(silent(schema, '')).toEqual([])
})
