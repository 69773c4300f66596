/**
 * Fixed-edge bins of doubles: a bin is all values whose order-preserving 64-bit key begins with the same bits. A key is
 * the double's own bits, all flipped where it is negative, else only the sign. Sign and exponent are the first twelve,
 * so that a bin of b bits is at most 2^(12 - b) of its values wide, wherever it lies, and the same for everybody.
 */
export const EXACT_BITS = 64
/** 4,096 bins between two powers of two. */
export const DEFAULT_BITS = 24
/** Fewer bits would put several powers of two into one bin. */
export const FEWEST_BITS = 12

const value = new Float64Array(1)
const words = new Uint32Array(value.buffer)
const [LOW, HIGH] = new Uint32Array(new Float64Array([1]).buffer)[1] !== 0 ? [0, 1] : [1, 0]

/** The lowest value of the bin in which a finite value lies; with 64 bits every value is a bin of its own. Never -0. */
export function edgeOf(key: number, bits: number): number {
  if (bits >= EXACT_BITS) return key + 0
  value[0] = key + 0 // + 0 turns -0 into 0
  const negative = words[HIGH] >>> 31 === 1
  // Of a negative value the lowest of the bin has all other bits set: the key is its complement.
  const [high, low] = masks(bits)
  words[HIGH] = negative ? words[HIGH] | ~high : words[HIGH] & high
  words[LOW] = negative ? words[LOW] | ~low : words[LOW] & low
  return value[0]
}

/** Which bits of the two words a bin of so many bits fixes. */
function masks(bits: number): [number, number] {
  if (bits <= 32) return [bits === 32 ? -1 : ~(-1 >>> bits), 0]
  return [-1, ~(-1 >>> (bits - 32))]
}
