import { sortedValues } from './sorted-values.ts'

/** What is known of the numbers added so far. Ask once there is one: before, a mean or a minimum has no value. */
export interface RunningSummary {
  add(value: number): void
  count(): number
  sum(): number
  mean(): number
  min(): number
  max(): number
  /** R-7, as `quantileSorted`; with so many zeros more, which no number added is above. */
  quantile(level: number, zeros?: number): number
}

/** Constant time a number, but for quantiles, which order what came since the last one. */
export function runningSummary(): RunningSummary {
  let [count, total, lost] = [0, 0, 0]
  let [least, greatest] = [Infinity, -Infinity]
  let unsorted: number[] = []
  const sorted = sortedValues()

  const sum = () => total + lost
  return {
    add(value) {
      const next = total + value // Neumaier's compensation, as in stats/sum.ts
      lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
      total = next
      count++
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
      unsorted.push(value)
    },
    count: () => count,
    sum,
    mean: () => sum() / count,
    min: () => least,
    max: () => greatest,
    quantile(level, zeros) {
      sorted.add(unsorted)
      unsorted = []
      return sorted.quantile(level, zeros) ?? NaN
    },
  }
}
