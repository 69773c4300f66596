import { quantileBy } from '../stats/quantile.ts'

/** Numbers kept in order for their quantiles. A typed array, since moving a plain array's boxed numbers is slow. */
export interface SortedValues {
  add(more: readonly number[]): void
  /** R-7, as `quantileSorted`, with so many zeros at the upper end besides. */
  quantile(level: number, zeros?: number): number | undefined
}

/** The first numbers are sorted, each later one is inserted. */
export function sortedValues(): SortedValues {
  let values = new Float64Array()
  let count = 0

  const insert = (value: number) => {
    if (count === values.length) {
      const longer = new Float64Array(2 * count)
      longer.set(values)
      values = longer
    }
    const place = placeOf(value, values, count)
    values.copyWithin(place + 1, place, count)
    values[place] = value
    count++
  }
  return {
    add(more) {
      if (count > 0) more.forEach(insert)
      else {
        values = Float64Array.from(more).toSorted()
        count = more.length
      }
    },
    quantile: (level, zeros = 0) => quantileBy(count + zeros, (i) => (i < count ? values[i] : 0), level),
  }
}

/** How many of the first `count`, which ascend, are at most `value`. */
function placeOf(value: number, ascending: Float64Array, count: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}
