/** The median time of a few runs, in milliseconds; the last result is returned too, so that nothing is optimised away. */
export function medianMs<T>(runs: number, work: () => T): { ms: number; result: T } {
  const times: number[] = []
  let result = work() // a warm-up, not counted
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    result = work()
    times.push(performance.now() - start)
  }
  return { ms: times.toSorted((a, b) => a - b)[runs >> 1], result }
}

/** The highest resident memory of this process so far, in MB. */
export const peakMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024)

export const inMs = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0))
export const ratio = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)}×`
