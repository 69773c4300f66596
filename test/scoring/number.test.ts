import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberScore } from '../../src/scoring/number.ts'
import { readNumber } from '../../src/scoring/read-number.ts'

test.each([
  ['42', 42],
  ['The answer is 42.', 42],
  ['3 + 4 = 7', 7],
  ['#### 12\nthanks 99', 12],
  ['#### 1 #### 2', 2],
  ['The answer is 5 because 3 + 2', 5],
  ['Answer: **$42**', 42],
  ['The answer is unknown; 7 at best', 7],
  ['\\boxed{-5} as 2 - 7', -5],
  ['\\boxed{\\frac{3}{4}}', 0.75],
  ['1,234,567.5', 1_234_567.5],
  ['1 000', 1000],
  ['12\u202F000', 12_000],
  ["1'234", 1234],
  ['1.234,56', 1234.56],
  ['3,5', 3.5],
  ['0,125', 0.125],
  ['1,2,3', 3],
  ['\\$1{,}000', 1000],
  ['€ 5', 5],
  ['-$5', -5],
  ['$-5', -5],
  ['\u22125 °C', -5],
  ['x=-3', -3],
  ['- 5 apples', 5],
  ['10-12', 12],
  ['GPT-4', 4],
  ['H2O and x3', undefined],
  ['42km', 42],
  ['.5', 0.5],
  ['2.5.', 2.5],
  ['1.5e3', 1500],
  ['3.2E-4 m²', 0.00032],
  ['1.5 × 10^3', 1500],
  ['10⁻³', 0.001],
  ['3/4', 0.75],
  ['1 3/4', 1.75],
  ['-1/2', -0.5],
  ['12/25/2020', 2020],
  ['1/0', undefined],
  ['1e999', undefined],
  ['٤٢', 42],
  ['۱٬۲۳۴٫۵', 1234.5],
  ['\u200F-5', -5],
  ['１２', 12],
  ['none', undefined],
  ['', undefined],
  ['😀', undefined],
])('the number in %j is %s', (text, value) => {
  const read = readNumber(text)?.value
  if (value === undefined) expect(read).toBeUndefined()
  else expect(read).toBeCloseTo(value, 12)
})

test('any finite number is read as it is printed', () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      expect(readNumber(`So it is ${value} metres.`)?.value).toBe(value === 0 ? 0 : value)
    }),
  )
})

test('any whole number is read with English thousands', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(readNumber(`$${value.toLocaleString('en')}`)?.value).toBe(value)
    }),
  )
})

describe('the score', () => {
  const score = numberScore()
  test('allows for rounding in the seventh digit and no more', () => {
    expect(score('1000000.5', ['1000000'], {})).toBe(1)
    expect(score('1000002', ['1000000'], {})).toBe(0)
  })
  test('takes the wider of a relative and an absolute tolerance', () => {
    const wide = numberScore({ tolerance: 0.01, absolute: 2 })
    expect(wide('102', ['100'], {})).toBe(1)
    expect(wide('1010', ['1000'], {})).toBe(1)
    expect(wide('103', ['100'], {})).toBe(0)
    expect(wide('-2', ['0'], {})).toBe(1)
  })
  test('takes 45% for 45 and for 0.45, on either side', () => {
    for (const [answer, reference] of [
      ['45%', '45'],
      ['45 percent', '0.45'],
      ['0.45', '45%'],
      ['45', '45%'],
      ['45%', '45.0 %'],
    ])
      expect(score(answer, [reference], {})).toBe(1)
    expect(score('45%', ['0.45%'], {})).toBe(0)
  })
  test('refuses references of which none has a number', () => {
    expect(() => score('42', ['many'], {})).toThrow('the reference "many" has no number')
    expect(score('42', ['many', '#### 42'], {})).toBe(1)
  })
  test('is 0 for an answer without a number', () => {
    expect(score('many', ['42'], {})).toBe(0)
  })
})
