import { radixSort } from './radix.ts'

/** Row numbers in ascending order of their key, beside the keys themselves; rows without a finite key are left out. */
export interface Sorted {
  keys: Float64Array
  rows: Uint32Array
}

const INSERTION_LENGTH = 24
const MAX_BUCKETS = 2048
const MAX_DEPTH = 3

/**
 * Stable ascending argsort of a column. Values that are not finite are missing and left out. `sign` -1 sorts by the
 * negated value, which leaves ties in row order all the same.
 *
 * A bucket sort: values are spread by linear position between minimum and maximum over at most 2,048 buckets, each of
 * which then fits a cache and is sorted the same way, down to insertion sort. Distributions that this does not split
 * (values over hundreds of binary orders) fall back to a radix sort, so that the time stays linear in the rows.
 */
export function argsort(values: Float64Array, sign: 1 | -1 = 1): Sorted {
  let present = 0
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) present++
  const keys = new Float64Array(present)
  const rows = new Uint32Array(present)
  for (let i = 0, k = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value)) continue
    keys[k] = value * sign + 0 // + 0 turns -0 into 0
    rows[k++] = i
  }
  sortRange({ keys, rows }, { keys: new Float64Array(present), rows: new Uint32Array(present) }, 0, present, 0)
  return { keys, rows }
}

/** Sorts `data[from..to)` in place; `spare` is scratch space of the same shape. */
function sortRange(data: Sorted, spare: Sorted, from: number, to: number, depth: number): void {
  const length = to - from
  if (length <= INSERTION_LENGTH) return insertionSort(data, from, to)
  const { keys, rows } = data
  let low = keys[from]
  let high = low
  for (let i = from + 1; i < to; i++) {
    const key = keys[i]
    if (key < low) low = key
    else if (key > high) high = key
  }
  if (low === high) return
  const buckets = Math.min(MAX_BUCKETS, length >> 2)
  const scale = (buckets - 1) / (high - low)
  if (depth === MAX_DEPTH || !(scale > 0 && scale < Infinity)) return radixSort(keys, rows, from, to)

  // (key - low) * scale does not decrease with the key, rounding included, so buckets keep the order.
  const ends = new Uint32Array(buckets)
  for (let i = from; i < to; i++) ends[((keys[i] - low) * scale) | 0]++
  for (let b = 0, next = from; b < buckets; b++) {
    const count = ends[b]
    ends[b] = next
    next += count
  }
  for (let i = from; i < to; i++) {
    const place = ends[((keys[i] - low) * scale) | 0]++
    spare.keys[place] = keys[i]
    spare.rows[place] = rows[i]
  }
  for (let b = 0, start = from; b < buckets; b++) {
    const end = ends[b]
    if (end - start > 1) sortRange(spare, data, start, end, depth + 1)
    start = end
  }
  keys.set(spare.keys.subarray(from, to), from)
  rows.set(spare.rows.subarray(from, to), from)
}

function insertionSort({ keys, rows }: Sorted, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const key = keys[i]
    const row = rows[i]
    let place = i
    while (place > from && keys[place - 1] > key) {
      keys[place] = keys[place - 1]
      rows[place] = rows[place - 1]
      place--
    }
    keys[place] = key
    rows[place] = row
  }
}
