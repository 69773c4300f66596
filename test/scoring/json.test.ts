import { describe, expect, test } from 'vitest'
import { jsonObjects } from '../../src/scoring/json-objects.ts'
import { jsonScore } from '../../src/scoring/json.ts'

describe('objects are found', () => {
  test.each([
    ['{"a": 1}', [{ a: 1 }]],
    ['```json\n{"a": {"b": [1]}}\n```', [{ a: { b: [1] } }]],
    ['Sure {here} it is: {"a": "} {"} and { "b": 2 } {}', [{ a: '} {' }, { b: 2 }, {}]],
    ['[{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 2 }]],
    [String.raw`{"a": "\"}\\"}`, [{ a: '"}\\' }]],
    ['{"a": {"b": 1}', [{ b: 1 }]],
    ["{'a': 1}", []],
    ['{"a": 1,}', []],
    ['{"a": tru', []],
    ['', []],
  ])('in %j', (text, objects) => {
    expect(jsonObjects(text)).toEqual(objects)
  })
  test('or given up in a text of nothing but openings', () => {
    expect(jsonObjects('{"'.repeat(50_000))).toEqual([])
  }, 5000)
})

describe('a field', () => {
  const score = jsonScore({ field: 'answer.city' })
  test.each([
    // The value in the answer, the reference, the quality.
    ['"Paris"', ' paris', 1],
    ['"New\\n York"', 'new york', 1],
    ['"Paris"', 'Paris, France', 0],
    ['42', '42.0', 1],
    ['"42"', '42', 1],
    ['0.1', '.1', 1],
    ['"3.5"', '35', 0],
    ['0', '', 0],
    ['""', '', 1],
    ['true', 'True', 1],
    ['false', 'true', 0],
    ['null', 'null', 1],
    ['["Paris"]', 'Paris', 0],
    ['{"a": 1}', '[object Object]', 0],
    ['"😀"', '😀', 1],
    ['"باريس"', 'باريس', 1],
  ])('of value %s against %j scores %i', (value, reference, expected) => {
    expect(score(`{"answer": {"city": ${value}}}`, [reference], {})).toBe(expected)
  })
  test('that is missing scores 0, and so does what is no JSON', () => {
    for (const answer of ['{"answer": "city"}', '{"city": "undefined"}', 'undefined', '{"answer": {"city": "x"', ''])
      expect(score(answer, ['undefined', 'x'], {})).toBe(0)
  })
  test('is read from the last object that has it', () => {
    expect(score('{"answer": {"city": "x"}} no: {"answer": {"city": "y"}} {"sure": true}', ['y'], {})).toBe(1)
  })
  test('may lie in a list, and is never an inherited one', () => {
    expect(jsonScore({ field: 'cities.1' })('{"cities": ["x", "y"]}', ['y'], {})).toBe(1)
    expect(jsonScore({ field: 'constructor.name' })('{}', ['object'], {})).toBe(0)
  })
})
