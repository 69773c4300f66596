import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundTimes } from '../../../../src/report/page/live/model/clock.ts'
import { placedBins } from '../../../../src/report/page/live/model/placed-bins.ts'
import { coarserSlots, slotMinutes, slotsOf, slotsSince, sumsOf } from '../../../../src/report/page/live/model/slots.ts'
import { decidedOf } from '../../../../src/report/live/sums.ts'
import { LIVE_START, liveScene, recordOf, tunedPolicy } from '../../../support/live.ts'

const policy = tunedPolicy(Array.from({ length: 200 }, (_, i) => -i / 50))

function sceneOf(passes: readonly number[]) {
  const scene = liveScene(policy)
  const times: number[] = []
  let time = 0
  for (const each of passes) {
    scene.pass(each)
    times.push((time += each))
    scene.add(recordOf(each % 2 === 0 ? -0.2 : -2, { cascade: each % 3 === 0 ? 'other' : 'cascade' }))
  }
  return { ...scene, times }
}

describe('the slots of a window', () => {
  test('are sixty of a minute, or ninety-six of a quarter, up to now', () => {
    const { hour, day } = liveScene(policy).live.state().windows
    expect([slotMinutes(hour), slotMinutes(day)]).toEqual([1, 15])
    for (const [window, minutes] of [
      [hour, 60],
      [day, 24 * 60],
    ] as const) {
      const slots = slotsOf(window)
      const length = slotMinutes(window)
      expect([minutes / length - 1, minutes / length]).toContain(slots.length - 1)
      slots.forEach(({ start, end }, i) => {
        expect(end - start).toBe(60_000 * length)
        // Where the clock's minutes begin.
        expect(start % (60_000 * length)).toBe(0)
        if (i > 0) expect(start).toBe(slots[i - 1].end)
      })
      expect(slots.at(-1)!.start).toBeLessThanOrEqual(LIVE_START)
      expect(slots.at(-1)!.end).toBeGreaterThan(LIVE_START)
    }
  })

  test('hold every request of their time once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 50 }), (passes) => {
        const { live, times } = sceneOf(passes)
        const { hour } = live.state().windows
        const slots = slotsOf(hour)
        for (const { start, end, sums } of slots) {
          const within = times.filter((time) => LIVE_START + time >= start && LIVE_START + time < end)
          expect(sums.requests).toBe(within.length)
        }
        expect(sumsOf(hour, 'other').requests + sumsOf(hour, 'cascade').requests).toBe(sumsOf(hour).requests)
      }),
    )
  })

  test('are put together where there are few requests, and lose none', () => {
    const few = slotsOf(sceneOf(Array.from({ length: 55 }, () => 60_000)).live.state().windows.hour)
    const many = slotsOf(sceneOf(Array.from({ length: 3000 }, () => 1100)).live.state().windows.hour)
    const [coarse, fine] = [coarserSlots(few, decidedOf), coarserSlots(many, decidedOf)]
    expect(coarse.length).toBeLessThan(9)
    expect(fine.length).toBe(many.length)
    const total = (slots: typeof few) => slots.reduce((sum, { sums }) => sum + sums.requests, 0)
    expect([total(coarse), total(fine)]).toEqual([total(few), total(many)])
    expect([coarse[0].start, coarse.at(-1)!.end]).toEqual([few[0].start, few.at(-1)!.end])
  })
})

test('the slots of a gateway that has just begun are not all of an hour', () => {
  const slots = slotsOf(liveScene(policy).live.state().windows.hour)
  expect(slotsSince(slots, LIVE_START - 5000).length).toBe(10)
  expect(slotsSince(slots, LIVE_START - 30 * 60_000)[0].end).toBeGreaterThan(LIVE_START - 30 * 60_000)
  expect(slotsSince(slots, LIVE_START - 30 * 60_000).length).toBe(31)
  expect(slotsSince(slots, 0)).toEqual(slots)
})

test('bins stand side by side, and their shares are of all', () => {
  const { live, add } = liveScene(policy)
  for (const value of [-0.2, -0.9, { upper: -1.4 }, -3]) add(recordOf(value))
  const [signal] = live.state().windows.hour.signals
  const placed = placedBins(signal)
  expect([placed[0].x1, placed.at(-1)!.x2]).toEqual([0, signal.edges.length + 1])
  placed.slice(1).forEach(({ x1 }, i) => expect(x1).toBe(placed[i].x2))
  // One bin for all below the threshold, as high as each of them would be.
  expect(placed[0].x2).toBe(signal.edges.indexOf(-1) + 1)
  for (const side of ['tuned', 'traffic'] as const)
    expect(placed.reduce((sum, each) => sum + each[side] * (each.x2 - each.x1), 0)).toBeCloseTo(1, 12)
})

test('round times are inside, few, and where a clock is round', () => {
  const from = new Date(2026, 10, 25, 20, 13, 7).getTime()
  const times = roundTimes(from, from + 3_600_000, 5)
  expect(times.map((time) => new Date(time).getMinutes() % 15)).toEqual(times.map(() => 0))
  expect(times.length).toBeGreaterThan(2)
  expect(times.length).toBeLessThan(6)
  const hours = roundTimes(from, from + 86_400_000, 6)
  expect(hours.every((time) => new Date(time).getMinutes() === 0)).toBe(true)
  expect(hours.length).toBeLessThan(8)
})
