import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configJsonSchema } from '../../src/config/json-schema.ts'

const shipped = readFileSync(new URL('../../spillway.schema.json', import.meta.url), 'utf8')

interface Schema {
  properties?: Record<string, Schema>
  anyOf?: Schema[]
  description?: string
}

test('the shipped schema is that of the configuration (npm run schema)', () => {
  expect(JSON.parse(shipped)).toEqual(JSON.parse(configJsonSchema()))
})

test('every key of a model and of the gateway says what it is for', () => {
  const { properties = {} } = JSON.parse(shipped) as Schema
  const model = properties.small.anyOf!.find((each) => each.properties !== undefined)!
  const silent = (name: string, { properties: inner = {} }: Schema): string[] =>
    Object.entries(inner).flatMap(([key, schema]) => (schema.description === undefined ? [`${name}.${key}`] : []))
  const { limits, log } = properties.serve.properties!
  const logs = log.anyOf!.find((each) => each.properties !== undefined)!
  expect([
    ...silent('small', model),
    ...silent('serve', properties.serve),
    ...silent('limits', limits),
    ...silent('log', logs),
  ]).toEqual([])
})
