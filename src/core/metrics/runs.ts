import type { SortedSignal } from '../sweep/curve.ts'

/** Rows that escalate together, from the least certain on: how many there are, and the sum of something over them. */
export interface Runs {
  sizes: ArrayLike<number>
  sums: ArrayLike<number>
}

/** The runs of equal values of a sorted signal. */
export function runsOf({ keys, rows }: SortedSignal, valueOf: (row: number) => number): Runs {
  const sizes = new Float64Array(keys.length)
  const sums = new Float64Array(keys.length)
  let run = -1
  for (let i = 0; i < keys.length; i++) {
    if (i === 0 || keys[i] !== keys[i - 1]) run++
    sizes[run]++
    sums[run] += valueOf(rows[i])
  }
  return { sizes: sizes.subarray(0, run + 1), sums: sums.subarray(0, run + 1) }
}
