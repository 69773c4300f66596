import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DEEPEST,
  edited,
  elementsOf,
  membersOf,
  ScanError,
  skipSpace,
  valueAt,
} from '../../../src/gateway/wire/scan.ts'

const bytesOf = (text: string) => Buffer.from(text)
const layouts = [undefined, 1, '\t'] as const

describe('scanning JSON', () => {
  test('finds the members and elements that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...layouts), (value, space) => {
        const whole = { a: value, 'q"\\é': [value, 1], '': {} }
        const bytes = bytesOf(` ${JSON.stringify(whole, null, space)} `)
        const { members, end } = membersOf(bytes, skipSpace(bytes, 0))
        expect(Object.fromEntries(members.map(({ key, value: span }) => [key, valueAt(bytes, span)]))).toEqual(
          JSON.parse(JSON.stringify(whole)),
        )
        expect(skipSpace(bytes, end)).toBe(bytes.length)
        const list = elementsOf(bytes, members[1].value.start)
        expect(list.map((span) => valueAt(bytes, span))).toEqual(JSON.parse(JSON.stringify([value, 1])))
      }),
    )
  })

  test('of what is cut off says so', () => {
    const bytes = bytesOf('{"a": [1, {"b": "c\\"d"}], "e": null}')
    for (let length = 0; length < bytes.length; length++)
      expect(() => membersOf(bytes.subarray(0, length), 0)).toThrow(ScanError)
  })

  test.each(['{"a":1,}', '{"a" 1}', '{a:1}', '{"a":}', '{"a":[1}', '{"a":[1]]', '[1]', '{"a":1 "b":2}', '{"a":nope!}'])(
    'refuses %s',
    (text) => {
      expect(() => membersOf(bytesOf(text), 0)).toThrow(ScanError)
    },
  )

  test('refuses endless nesting', () => {
    expect(() => membersOf(bytesOf(`{"a":${'['.repeat(1e6)}`), 0)).toThrow(`more than ${DEEPEST} deep`)
  })

  test('puts texts in place of spans', () => {
    const bytes = bytesOf('{"a":1,"b":2}')
    expect(
      String(
        edited(bytes, [
          { start: 11, end: 12, text: '"é"' },
          { start: 5, end: 6, text: '' },
        ]),
      ),
    ).toBe('{"a":,"b":"é"}')
  })
})
