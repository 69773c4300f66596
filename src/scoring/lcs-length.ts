/** Where a token stands in a list: the 32-bit words of its bit mask that are not 0, ascending, and their values. */
interface Mask {
  at: number[]
  bits: number[]
}

/**
 * Length of the longest common subsequence of two token lists. Bit-parallel: a bit of `row` stands for a token of the
 * shorter list and is 0 where the dynamic programme's row steps up, so that a token of the longer list is one long
 * addition. Time O(m·n/32), memory O(min(m, n)). (Crochemore et al. 2001; Hyyrö 2004)
 */
export function lcsLength(a: readonly string[], b: readonly string[]): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  const masks = masksOf(short)
  const row = new Uint32Array(Math.ceil(short.length / 32)).fill(0xffffffff)
  for (const token of long) {
    const mask = masks.get(token)
    if (mask === undefined) continue
    let next = 0
    let carry = 0
    for (let word = mask.at[0]; word < row.length && (carry === 1 || next < mask.at.length); word++) {
      const match = mask.at[next] === word ? mask.bits[next++] : 0
      const before = row[word]
      const sum = before + ((before & match) >>> 0) + carry
      carry = sum > 0xffffffff ? 1 : 0
      row[word] = sum | (before & ~match)
    }
  }
  return zeros(row, short.length)
}

function masksOf(tokens: readonly string[]): Map<string, Mask> {
  const masks = new Map<string, Mask>()
  for (const [i, token] of tokens.entries()) {
    const mask = masks.get(token) ?? { at: [], bits: [] }
    masks.set(token, mask)
    const bit = 1 << (i & 31)
    const last = mask.at.length - 1
    if (mask.at[last] === i >>> 5) mask.bits[last] |= bit
    else {
      mask.at.push(i >>> 5)
      mask.bits.push(bit)
    }
  }
  return masks
}

function zeros(row: Uint32Array, length: number): number {
  let count = 0
  for (let i = 0; i < length; i++) count += 1 - ((row[i >>> 5] >>> (i & 31)) & 1)
  return count
}
