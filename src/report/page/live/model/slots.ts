import type { LiveWindow } from '../../../live/state.ts'
import { addSums, noSums, type Sums } from '../../../live/sums.ts'

/** Some minutes of a window, as one place of a chart. */
export interface Slot {
  /** They are counted on and on. */
  number: number
  /** ms since 1970. */
  start: number
  end: number
  sums: Sums
}

/** Buckets a slot: a minute of an hour, a quarter of an hour of a day. */
const slotSize = ({ buckets }: LiveWindow): number => (buckets > 300 ? 6 : 3)

export const slotMinutes = (window: LiveWindow): number => (slotSize(window) * window.bucket_s) / 60

/**
 * The slots of a window, with requests or without, the oldest first. The first whole one is the first, since of the one
 * before some has gone already; the last is not over yet.
 * @param name whose requests; without one, all
 */
export function slotsOf(window: LiveWindow, name?: string): Slot[] {
  const { points, last, buckets, bucket_s, origin } = window
  const size = slotSize(window)
  const first = Math.ceil((last - buckets + 1) / size)
  const slots = Array.from({ length: Math.floor(last / size) - first + 1 }, (_, i): Slot => {
    const number = first + i
    const start = origin + number * size * bucket_s * 1000
    return { number, start, end: start + size * bucket_s * 1000, sums: noSums() }
  })
  for (const { bucket, sums } of points) {
    const slot = slots[Math.floor(bucket / size) - first]
    if (slot !== undefined) addNamed(slot.sums, sums, name)
  }
  return slots
}

const FEWEST_SLOTS = 10

/** The slots since a time, and some more where it is not long ago: a gateway that has just begun has no empty hour. */
export const slotsSince = (slots: readonly Slot[], time: number): Slot[] =>
  slots.filter(({ end }, i) => end > time || slots.length - i <= FEWEST_SLOTS)

/** A share of fewer says little. */
const FEW = 20

/** Slots of which so many are put together that most have requests enough to tell a share of. */
export function coarserSlots(slots: readonly Slot[], countOf: (sums: Sums) => number): Slot[] {
  const total = slots.reduce((sum, { sums }) => sum + countOf(sums), 0)
  const factor = [1, 2, 5].find((each) => total * each >= FEW * slots.length) ?? 10
  const coarse = new Map<number, Slot>()
  for (const { number, start, end, sums } of slots) {
    const group = Math.floor(number / factor)
    const slot = coarse.get(group) ?? { number: group, start, end, sums: noSums() }
    coarse.set(group, slot)
    slot.end = end
    addSums(slot.sums, sums)
  }
  return [...coarse.values()]
}

/** What all requests of a window came to. */
export function sumsOf({ points }: LiveWindow, name?: string): Sums {
  const all = noSums()
  for (const { sums } of points) addNamed(all, sums, name)
  return all
}

function addNamed(to: Sums, sums: Record<string, Sums>, name: string | undefined): void {
  for (const [each, has] of Object.entries(sums)) if (name === undefined || name === each) addSums(to, has)
}
