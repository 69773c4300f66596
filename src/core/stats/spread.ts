/** At most `count` of 0 to `length` - 1, spread evenly, the ends among them. */
export function spread(length: number, count: number): Uint32Array {
  if (count >= length) return new Uint32Array(length).map((_, i) => i)
  if (count < 2) return new Uint32Array(count)
  return new Uint32Array(count).map((_, i) => Math.round((i * (length - 1)) / (count - 1)))
}
