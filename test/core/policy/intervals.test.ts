import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../../src/core/policy/decide.ts'
import { describePolicy } from '../../../src/core/policy/describe.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import { keepWithin, signalsRead, type Interval } from '../../../src/core/policy/policy.ts'

/** The definition, side by side. */
const lies = (value: number, { atLeast, above, atMost, below }: Interval): boolean =>
  value >= (atLeast ?? -Infinity) &&
  value <= (atMost ?? Infinity) &&
  (above === undefined || value > above) &&
  (below === undefined || value < below)

// Ends at halves, values and bounds at quarters: equality is common, and between any two ends lies a value.
const halves = fc.integer({ min: -4, max: 4 }).map((n) => n / 2)
const quarters = fc.integer({ min: -10, max: 10 }).map((n) => n / 4)
const start = fc.oneof(
  halves.map((atLeast): Interval => ({ atLeast })),
  halves.map((above): Interval => ({ above })),
  fc.constant<Interval>({}),
)
const end = fc.oneof(
  halves.map((atMost): Interval => ({ atMost })),
  halves.map((below): Interval => ({ below })),
  fc.constant<Interval>({}),
)
const steps = Array.from({ length: 81 }, (_, i) => i / 8 - 5)
const interval = fc
  .tuple(start, end)
  .map(([from, to]): Interval => ({ ...from, ...to }))
  .filter((each) => Object.keys(each).length > 0 && steps.some((value) => lies(value, each)))

describe('decide by intervals', () => {
  test.each([
    [{ atLeast: 1, atMost: 2 }, [1, 2], [0.999, 2.001]],
    [{ above: 1, below: 2 }, [1.001, 1.999], [1, 2]],
    [{ atLeast: 1, below: 2 }, [1, 1.999], [0.999, 2]],
    [{ above: 1, atMost: 2 }, [1.001, 2], [1, 2.001]],
    [{ atLeast: 1 }, [1, 1e308], [0.999, -1e308]],
    [{ above: 1 }, [1.001], [1]],
    [{ atMost: 1 }, [1, -1e308], [1.001]],
    [{ below: 1 }, [0.999], [1]],
    [{ atLeast: 1, atMost: 1 }, [1], [0.999, 1.001]],
    [{ atLeast: 0, below: 1 }, [0, -0, 5e-324], [-5e-324]],
  ])('%o keeps %j and escalates %j', (range, kept, escalated) => {
    for (const s of kept)
      expect(decide(keepWithin('s', [range]), { s })).toEqual({ action: 'keep', reason: 'conditions-hold' })
    for (const s of escalated)
      expect(decide(keepWithin('s', [range]), { s })).toEqual({
        action: 'escalate',
        reason: 'condition-fails',
        signal: 's',
      })
  })

  test('keeps where any one of several intervals holds the value, whether they touch or overlap', () => {
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 4 }), quarters, (intervals, s) => {
        const kept = intervals.some((each) => lies(s, each))
        expect(decide(keepWithin('s', intervals), { s }).action).toBe(kept ? 'keep' : 'escalate')
      }),
    )
  })

  test('a missing signal is in no interval and outside of none: onMissing says', () => {
    const everywhere: Interval[] = [{ atMost: 0 }, { atLeast: 0 }]
    for (const s of [NaN, Infinity, -Infinity, null, undefined]) {
      expect(decide(keepWithin('s', everywhere), { s })).toEqual({
        action: 'escalate',
        reason: 'missing-signal',
        signal: 's',
      })
      expect(decide(keepWithin('s', [], 'keep'), { s }).action).toBe('keep')
      expect(() => decide(keepWithin('s', everywhere, 'error'), { s })).toThrow(/s, which is missing/)
    }
    expect(decide(keepWithin('toString', everywhere), {}).reason).toBe('missing-signal')
  })

  describe('on bounds', () => {
    const side = fc.option(quarters, { nil: undefined })
    const bounds = fc
      .tuple(side, side)
      .map(([a, b]) =>
        a !== undefined && b !== undefined
          ? { lower: Math.min(a, b), upper: Math.max(a, b) }
          : { lower: a, upper: a === undefined ? b : undefined },
      )
    const inside = ({ lower = -Infinity, upper = Infinity }) => steps.filter((s) => s >= lower && s <= upper)

    test('no value inside the bounds contradicts a decision', () => {
      fc.assert(
        fc.property(fc.array(interval, { minLength: 1, maxLength: 4 }), bounds, (intervals, s) => {
          const policy = keepWithin('s', intervals)
          const early = decide(policy, { s })
          if (early.action === 'undecided')
            expect(early).toEqual({ action: 'undecided', reason: 'bounds', signal: 's' })
          else for (const value of inside(s)) expect(decide(policy, { s: value }).action).toBe(early.action)
        }),
      )
    })
    test('one interval is decided as soon as all values inside the bounds agree', () => {
      fc.assert(
        fc.property(interval, bounds, (each, s) => {
          const actions = new Set(inside(s).map((value) => decide(keepWithin('s', [each]), { s: value }).action))
          const expected = actions.size === 1 ? [...actions][0] : 'undecided'
          expect(decide(keepWithin('s', [each]), { s }).action).toBe(expected)
        }),
        { numRuns: 500 },
      )
    })
    test('bounds that meet are a value', () => {
      fc.assert(
        fc.property(fc.array(interval, { minLength: 1, maxLength: 3 }), quarters, (intervals, s) => {
          const policy = keepWithin('s', intervals)
          expect(decide(policy, { s: { lower: s, upper: s } })).toEqual(decide(policy, { s }))
        }),
      )
    })
  })
})

describe('a policy of intervals', () => {
  test('reads one signal', () => expect(signalsRead(keepWithin('s', [{ above: 1 }]))).toEqual(['s']))

  test('survives its file, open and closed ends alike', () => {
    fc.assert(
      fc.property(
        fc.array(interval, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('escalate' as const, 'keep' as const, 'error' as const),
        (intervals, onMissing) => {
          const policy = keepWithin('mean_logprob', intervals, onMissing)
          expect(parsePolicy(JSON.stringify(policy), 'p.json')).toEqual(policy)
        },
      ),
    )
  })
  test('escalates a missing signal where its file does not say', () => {
    const text = '{"version":1,"keepWithin":{"signal":"s","intervals":[{"above":0.5}]}}'
    expect(parsePolicy(text, 'p.json')).toEqual(keepWithin('s', [{ above: 0.5 }]))
  })
  test.each([
    ['[]', /not a policy/],
    ['[{}]', /p\.json: an interval without ends keeps everything; write "always": "keep"/],
    ['[{"atLeast":1,"above":1}]', /\{"atLeast":1,"above":1\} has two lower ends; leave atLeast or above/],
    ['[{"above":0},{"atMost":1,"below":2}]', /has two upper ends; leave atMost or below/],
    ['[{"atLeast":2,"atMost":1}]', /no value lies in \{"atLeast":2,"atMost":1\}/],
    ['[{"above":1,"atMost":1}]', /no value lies in/],
    ['[{"atLeast":1,"below":1}]', /no value lies in/],
    ['[{"above":1,"below":1}]', /no value lies in/],
    ['[{"above":"1"}]', /not a policy/],
    ['[{"above":null}]', /not a policy/],
    ['[{"above":1e999}]', /not a policy/],
    ['[{"moreThan":1}]', /not a policy/],
  ])('refuses %s', (intervals, message) => {
    const text = `{"version":1,"keepWithin":{"signal":"s","intervals":${intervals}}}`
    expect(() => parsePolicy(text, 'p.json')).toThrow(message)
  })
  test('refuses keys that no policy has', () => {
    const within = '"keepWithin":{"signal":"s","intervals":[{"above":1}]}'
    for (const text of [
      `{"version":1,${within},"escalateAbove":1}`,
      `{"version":1,${within},"keepWhen":[{"signal":"s","atLeast":1}]}`,
      '{"version":1,"keepWithin":{"signal":"s","intervals":[{"above":1}],"direction":"higher"}}',
      '{"version":1,"keepWithin":{"signal":"","intervals":[{"above":1}]}}',
    ])
      expect(() => parsePolicy(text, 'p.json')).toThrow(/not a policy/)
  })

  test.each<[Interval[], string]>([
    [[{ atLeast: 1 }], 'keep when s >= 1'],
    [[{ above: 1 }], 'keep when s > 1'],
    [[{ atMost: 1 }], 'keep when s <= 1'],
    [[{ below: 1 }], 'keep when s < 1'],
    [[{ atLeast: 1, atMost: 2 }], 'keep when 1 <= s <= 2'],
    [[{ above: 0, below: 2 }], 'keep when 0 < s < 2'],
    [[{ above: -1, atMost: 0 }], 'keep when -1 < s <= 0'],
    [
      [{ below: 0.25 }, { atLeast: 0.5, below: 0.625 }, { above: 0.75 }],
      'keep when s < 0.25 or 0.5 <= s < 0.625 or s > 0.75',
    ],
  ])('%j reads as a sentence', (intervals, sentence) => {
    expect(describePolicy(keepWithin('s', intervals))).toBe(sentence)
  })
})

test('a bound that is not a number is unknown', () => {
  const policy = keepWithin('s', [{ atLeast: 0.5 }])
  expect(decide(policy, { s: { lower: NaN, upper: 1 } })).toEqual({
    action: 'undecided',
    reason: 'bounds',
    signal: 's',
  })
  expect(decide(policy, { s: { lower: 0.6, upper: NaN } })).toMatchObject({ action: 'keep' })
})
