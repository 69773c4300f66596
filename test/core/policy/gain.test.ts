import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type Signals } from '../../../src/core/policy/decide.ts'
import { describePolicy } from '../../../src/core/policy/describe.ts'
import { partAt, predictGain } from '../../../src/core/policy/gain.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import { signalsRead, type GainPolicy, type GainTerm, type OnMissing } from '../../../src/core/policy/policy.ts'

type Points = GainTerm['points']

const gainPolicy = (
  terms: Record<string, Points>,
  {
    constant = 0,
    above = 0,
    onMissing = 'escalate',
  }: { constant?: number; above?: number; onMissing?: OnMissing } = {},
): GainPolicy => ({
  version: 1,
  predictedGain: { constant, terms: Object.entries(terms).map(([signal, points]) => ({ signal, points })) },
  escalateAbove: above,
  onMissing,
})

/** Line by line. */
const naivePart = (points: Points, value: number): number => {
  if (value <= points[0][0]) return points[0][1]
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]]
    if (value <= x1) return (y0 * (x1 - value) + y1 * (value - x0)) / (x1 - x0)
  }
  return points[points.length - 1][1]
}

// Points at whole values with gains in quarters: sums are exact, and prices among them are met exactly.
const points: fc.Arbitrary<Points> = fc
  .uniqueArray(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 6 })
  .chain((xs) =>
    fc
      .array(fc.integer({ min: -4, max: 4 }), { minLength: xs.length, maxLength: xs.length })
      .map((ys) => xs.toSorted((a, b) => a - b).map((x, i): [number, number] => [x, ys[i] / 4])),
  )
const whole = fc.integer({ min: -6, max: 6 })
const price = fc.integer({ min: -8, max: 8 }).map((n) => n / 4)

describe('a term of a predicted gain', () => {
  test('is straight between its points and flat outside', () => {
    const line: Points = [
      [-1, 2],
      [1, 0],
      [3, 1],
    ]
    expect([-9, -1, 0, 0.5, 1, 2, 3, 9].map((value) => partAt(line, value))).toEqual([2, 2, 1, 0.5, 0, 0.5, 1, 1])
    expect([-Infinity, Infinity].map((value) => partAt(line, value))).toEqual([2, 1])
  })
  test('of one point is that everywhere', () => {
    expect([-1, 0, 7].map((value) => partAt([[0, 0.25]], value))).toEqual([0.25, 0.25, 0.25])
  })
  test('agrees with going from line to line, and is exact at its points', () => {
    fc.assert(
      fc.property(points, fc.double({ min: -6, max: 6, noNaN: true }), (line, value) => {
        expect(partAt(line, value)).toBeCloseTo(naivePart(line, value), 12)
        for (const [x, y] of line) expect(partAt(line, x)).toBe(y)
      }),
    )
  })
  test('never leaves the ends of its line by rounding, not even beside a point', () => {
    const coordinate = fc.double({ min: -1, max: 1, noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (a, b, y0, y1) => {
        fc.pre(a !== b)
        const [x0, x1] = [Math.min(a, b), Math.max(a, b)]
        const beside = x1 - Math.abs(x1) * 2 ** -53
        const part = partAt(
          [
            [x0, y0],
            [x1, y1],
          ],
          beside,
        )
        expect(part).toBeGreaterThanOrEqual(Math.min(y0, y1))
        expect(part).toBeLessThanOrEqual(Math.max(y0, y1))
      }),
      { numRuns: 2000 },
    )
  })
  test('has a value also where its points lie further apart than a number can say', () => {
    const wide: Points = [
      [-1e308, 1],
      [1e308, 0],
    ]
    expect(partAt(wide, 0)).toBe(0.5)
    expect(partAt(wide, 5e307)).toBeCloseTo(0.25, 12)
  })
})

describe('decide by predicted gain', () => {
  const both = gainPolicy(
    {
      s: [
        [0, 1],
        [1, 0],
      ],
      t: [
        [0, 0],
        [1, 0.5],
      ],
    },
    { constant: -0.5, above: 0.25 },
  )
  test('escalates strictly above the price: at equality the small answer is kept', () => {
    expect(decide(both, { s: 0.25, t: 0 })).toEqual({ action: 'keep', reason: 'predicted-gain' })
    expect(decide(both, { s: 0.2, t: 0 })).toEqual({ action: 'escalate', reason: 'predicted-gain' })
  })
  test('a missing signal adds nothing', () => {
    for (const absent of [NaN, Infinity, null, undefined]) {
      expect(decide(both, { s: 0.2, t: absent })).toEqual({ action: 'escalate', reason: 'predicted-gain' })
      expect(decide(both, { s: absent, t: 1 })).toEqual({ action: 'keep', reason: 'predicted-gain' })
      expect(predictGain(both.predictedGain, { s: absent, t: 1 })).toEqual({ low: 0, high: 0 })
    }
  })
  test('only where all signals are missing does onMissing say what to do', () => {
    const asking = (onMissing: OnMissing) => ({ ...both, onMissing })
    expect(decide(asking('keep'), { s: NaN })).toEqual({ action: 'keep', reason: 'missing-signal', signal: 's' })
    expect(decide(asking('escalate'), {}).action).toBe('escalate')
    expect(() => decide(asking('error'), { s: null, t: NaN })).toThrow(/s, which is missing/)
    expect(decide(asking('error'), { t: 0 }).reason).toBe('predicted-gain')
  })
  test('is the sum of the parts of the signals that are there', () => {
    const value = fc.oneof(whole, fc.constantFrom(NaN, undefined))
    fc.assert(
      fc.property(points, points, price, price, value, value, (s, t, constant, above, a, b) => {
        const decision = decide(gainPolicy({ s, t }, { constant, above }), { s: a, t: b })
        const present = (x: number | undefined) => x !== undefined && !Number.isNaN(x)
        if (!present(a) && !present(b)) {
          expect(decision.reason).toBe('missing-signal')
          return
        }
        // Far enough from a tie to leave rounding aside; ties are met at the points below.
        const gain = constant + (present(a) ? naivePart(s, a!) : 0) + (present(b) ? naivePart(t, b!) : 0)
        if (Math.abs(gain - above) > 1e-9) expect(decision.action).toBe(gain > above ? 'escalate' : 'keep')
      }),
    )
  })
  test('at its points meets a price exactly', () => {
    fc.assert(
      fc.property(points, points, price, price, fc.nat(5), fc.nat(5), (s, t, constant, above, i, j) => {
        const [[a, y], [b, z]] = [s[i % s.length], t[j % t.length]]
        const decision = decide(gainPolicy({ s, t }, { constant, above }), { s: a, t: b })
        expect(decision.action).toBe(constant + y + z > above ? 'escalate' : 'keep')
      }),
    )
  })

  describe('on bounds', () => {
    const bounds = fc.tuple(whole, whole, fc.boolean(), fc.boolean()).map(([a, b, hasLower, hasUpper]) => ({
      ...(hasLower ? { lower: Math.min(a, b) } : {}),
      ...(hasUpper ? { upper: Math.max(a, b) } : {}),
    }))
    /** Every whole value inside, among them all points and both ends, where the least and the greatest lie. */
    const inside = ({ lower = -7, upper = 7 }: { lower?: number; upper?: number }) =>
      Array.from({ length: upper - lower + 1 }, (_, i) => lower + i)

    test('decides as soon as all values inside the bounds agree, and never otherwise', () => {
      fc.assert(
        fc.property(points, points, price, price, bounds, bounds, (s, t, constant, above, a, b) => {
          const policy = gainPolicy({ s, t }, { constant, above })
          const actions = new Set(inside(a).flatMap((x) => inside(b).map((y) => decide(policy, { s: x, t: y }).action)))
          const early = decide(policy, { s: a, t: b })
          expect(early.action).toBe(actions.size === 1 ? [...actions][0] : 'undecided')
        }),
        { numRuns: 300 },
      )
    })
    test('no value inside the bounds contradicts a decision, also where the price is the gain at a point', () => {
      const number = fc.double({ min: -1, max: 1, noNaN: true, noDefaultInfinity: true })
      const line = fc
        .uniqueArray(fc.tuple(number, number), { minLength: 2, maxLength: 5, selector: ([x]) => x })
        .map((list): Points => list.toSorted(([a], [b]) => a - b))
      fc.assert(
        fc.property(line, number, number, number, fc.nat(), (s, a, b, value, i) => {
          const policy = gainPolicy({ s }, { above: s[i % s.length][1] })
          const [lower, upper] = [Math.min(a, b, value), Math.max(a, b, value)]
          const early = decide(policy, { s: { lower, upper } })
          if (early.action !== 'undecided') expect(decide(policy, { s: value }).action).toBe(early.action)
        }),
        { numRuns: 500 },
      )
    })
    test('names the first signal that is still open, which need not be the first one', () => {
      const open: Signals = { s: 0.5, t: { lower: 0, upper: 1 } }
      expect(decide(both, open)).toEqual({ action: 'undecided', reason: 'bounds', signal: 't' })
      expect(decide(both, { s: {}, t: {} })).toEqual({ action: 'undecided', reason: 'bounds', signal: 's' })
    })
    test('one signal known by bounds and all others missing is not missing', () => {
      expect(decide(both, { t: { lower: 0 } })).toEqual({ action: 'keep', reason: 'predicted-gain' })
    })
  })
})

describe('a policy of predicted gain', () => {
  test('reads the signals of its terms', () => {
    expect(signalsRead(gainPolicy({ s: [[0, 1]], t: [[0, 1]] }))).toEqual(['s', 't'])
  })
  test('survives its file', () => {
    fc.assert(
      fc.property(points, points, price, price, (s, t, constant, above) => {
        const policy = {
          ...gainPolicy({ mean_logprob: s, mine: t }, { constant, above, onMissing: 'keep' }),
          signals: { mean_logprob: { direction: 'higher' as const, unit: 'nats', topK: 5, model: 'small' } },
          provenance: { seed: 1, rows: [1, 2] },
        }
        expect(parsePolicy(JSON.stringify(policy), 'p.json')).toEqual(policy)
      }),
    )
  })
  test('reads as a sentence', () => {
    expect(describePolicy(gainPolicy({ s: [[0, 1]], t: [[0, 1]] }, { above: 0.05 }))).toBe(
      'escalate when the gain predicted from s, t is above 0.05',
    )
  })

  const file = (terms: string, rest = '"escalateAbove":0') =>
    `{"version":1,"predictedGain":{"constant":0,"terms":[${terms}]},${rest}}`
  test('escalates where all is missing and its file does not say', () => {
    expect(parsePolicy(file('{"signal":"s","points":[[0,1]]}'), 'p.json')).toEqual(gainPolicy({ s: [[0, 1]] }))
  })
  test.each([
    ['{"signal":"s","points":[[1,0],[0,1]]}', /p\.json: the points of s must ascend/],
    ['{"signal":"a","points":[[0,0]]},{"signal":"s","points":[[0,0],[1,0],[1,1]]}', /the points of s must ascend/],
    [
      '{"signal":"s","points":[[0,0]]},{"signal":"t","points":[[0,0]]},{"signal":"s","points":[[1,0]]}',
      /two terms of s/,
    ],
    ['', /not a policy/],
    ['{"signal":"s","points":[]}', /not a policy/],
    ['{"signal":"s","points":[[0]]}', /not a policy/],
    ['{"signal":"s","points":[[0,1,2]]}', /not a policy/],
    ['{"signal":"s","points":[[0,null]]}', /not a policy/],
    ['{"signal":"s","points":[[0,1]],"knots":[0]}', /not a policy/],
  ])('refuses the terms [%s]', (terms, message) => {
    expect(() => parsePolicy(file(terms), 'p.json')).toThrow(message)
  })
  test.each([
    '"onMissing":"keep"',
    '"escalateAbove":"0"',
    '"escalateAbove":0,"price":1',
    '"escalateAbove":0,"always":"keep"',
  ])('refuses %s', (rest) => {
    expect(() => parsePolicy(file('{"signal":"s","points":[[0,1]]}', rest), 'p.json')).toThrow(/not a policy/)
  })
})
