const RADIX_BITS = 11
const RADIX = 1 << RADIX_BITS

/**
 * Sorts `keys[from..to)` ascending and moves `rows` along: least-significant-digit radix sort of the order-preserving
 * 64-bit pattern of a double. Stable, linear whatever the distribution; passes whose digit is constant are skipped.
 * Keys hold no NaN and no -0.
 */
export function radixSort(keys: Float64Array, rows: Uint32Array, from: number, to: number): void {
  const length = to - from
  let low = new Uint32Array(length)
  let high = new Uint32Array(length)
  let source = new Uint32Array(rows.subarray(from, to))
  const bits = new Uint32Array(keys.buffer, keys.byteOffset + from * 8, length * 2)
  for (let i = 0; i < length; i++) {
    const top = bits[2 * i + 1]
    // Negative doubles order backwards by their bits: flip them all; of the others only the sign.
    const flip = top >>> 31 === 1 ? 0xffffffff : 0
    low[i] = bits[2 * i] ^ flip
    high[i] = flip === 0 ? top ^ 0x80000000 : top ^ flip
  }
  let nextLow = new Uint32Array(length)
  let nextHigh = new Uint32Array(length)
  let target = new Uint32Array(length)
  const starts = new Uint32Array(RADIX)
  for (let shift = 0; shift < 64; shift += RADIX_BITS) {
    const inLow = shift < 32
    const straddles = inLow && shift + RADIX_BITS > 32
    const digit = (i: number): number => {
      if (straddles) return ((low[i] >>> shift) | (high[i] << (32 - shift))) & (RADIX - 1)
      return inLow ? (low[i] >>> shift) & (RADIX - 1) : (high[i] >>> (shift - 32)) & (RADIX - 1)
    }
    starts.fill(0)
    for (let i = 0; i < length; i++) starts[digit(i)]++
    if (starts[digit(0)] === length) continue
    for (let d = 0, next = 0; d < RADIX; d++) {
      const count = starts[d]
      starts[d] = next
      next += count
    }
    for (let i = 0; i < length; i++) {
      const place = starts[digit(i)]++
      nextLow[place] = low[i]
      nextHigh[place] = high[i]
      target[place] = source[i]
    }
    ;[low, nextLow] = [nextLow, low]
    ;[high, nextHigh] = [nextHigh, high]
    ;[source, target] = [target, source]
  }
  for (let i = 0; i < length; i++) {
    const flip = high[i] >>> 31 === 1 ? 0x80000000 : 0xffffffff
    bits[2 * i] = flip === 0xffffffff ? low[i] ^ flip : low[i]
    bits[2 * i + 1] = high[i] ^ flip
  }
  rows.set(source, from)
}
