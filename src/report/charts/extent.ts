/** From the least to the greatest of some numbers, with room beside them; all equal: a room of their own size. */
export function paddedExtent(values: readonly number[], share: number): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return [0, 1]
  // What differs by the rounding of sums alone is equal.
  const isWide = high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high))
  const room = isWide ? (high - low) * share : Math.abs(low) / 10 || 1
  return [low - room, high + room]
}
