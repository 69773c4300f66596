import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ringOf } from '../../../src/gateway/live/ring.ts'

/** How much time passes, and what happens then. */
const steps = fc.array(
  fc.tuple(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 500 })), fc.integer({ min: 1, max: 9 })),
  { maxLength: 60 },
)

test('a ring holds what happened in its time, and tells of what has gone, each once', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 8 }), (list, length) => {
      const gone: number[][] = []
      const ring = ringOf<number[]>(
        10,
        length,
        () => [],
        (bucket) => gone.push(bucket),
      )
      let now = 0
      const all: { at: number; what: number }[] = []
      for (const [passes, what] of list) {
        now += passes
        ring.current(now).push(what)
        all.push({ at: now, what })
        const last = Math.floor(now / 10)
        const within = all.filter(({ at }) => Math.floor(at / 10) > last - length)
        const numbers = [...new Set(within.map(({ at }) => Math.floor(at / 10)))]
        const expected = numbers.map((number) => [
          number,
          within.filter(({ at }) => Math.floor(at / 10) === number).map((each) => each.what),
        ])
        expect(ring.recent(now)).toEqual(expected)
        expect(ring.recent(now, last)).toEqual(expected.filter(([number]) => number === last))
        expect(gone.flat()).toEqual(all.slice(0, all.length - within.length).map((each) => each.what))
      }
    }),
  )
})

test('a ring that nothing happens in forgets everything', () => {
  let gone = 0
  const ring = ringOf(
    10,
    3,
    () => ({}),
    () => gone++,
  )
  for (const now of [0, 10, 20]) ring.current(now)
  expect(ring.recent(25).length).toBe(3)
  expect(ring.recent(1e12)).toEqual([])
  expect(gone).toBe(3)
})
