/** Times of day of whoever looks. */
const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

export const clockText = (time: number): string => minutes.format(time)
export const secondText = (time: number): string => seconds.format(time)

const MINUTE = 60_000
const STEPS = [5, 10, 15, 30, 60, 120, 180, 240, 360].map((count) => count * MINUTE)

/** Round times of day between two times, at most so many. */
export function roundTimes(from: number, to: number, most: number): number[] {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? STEPS.at(-1)!
  // Round where the clock stands, not in Greenwich.
  const shift = new Date(from).getTimezoneOffset() * MINUTE
  const first = Math.ceil((from - shift) / step) * step + shift
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step)
}
