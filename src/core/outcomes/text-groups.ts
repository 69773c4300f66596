import { CodeList } from './code-list.ts'

/**
 * Groups rows by a text of each, remembering a 63-bit hash of it instead: 8 bytes a row however long the text.
 * Two different texts among ten million share a hash with a probability of 5e-6.
 */
export class TextGroups {
  readonly #high = new CodeList()
  /** The lower half of a hash has its last bit set; 0 is a row without a text. */
  readonly #low = new CodeList()
  /** Whether any row has a text. */
  present = false

  /** Takes down the text of a row, later than any before; a row that is passed over is a group of its own. */
  add(row: number, text: string): void {
    this.#high.padTo(row)
    this.#low.padTo(row)
    this.present = true
    let high = 0x9e3779b9
    let low = 0x85ebca6b
    // Two characters a step: the multiplications wait for each other.
    for (let i = 0; i < text.length; i += 2) {
      const units = text.charCodeAt(i) | ((i + 1 < text.length ? text.charCodeAt(i + 1) : 0x10000) << 16)
      high = Math.imul(high ^ units, 0x9e3779b1)
      low = Math.imul(low ^ units, 0x5f356495)
      high ^= high >>> 15
      low ^= low >>> 13
    }
    high ^= text.length
    this.#high.push(Math.imul(high ^ (low >>> 16), 0x2c1b3c6d) >>> 0)
    this.#low.push((Math.imul(low ^ (high >>> 15), 0x297a2d39) | 1) >>> 0)
  }

  /** The group of each row, numbered from 0 in order of first appearance, and how many there are. */
  codes(rows: number): { codes: Uint32Array; count: number } {
    this.#high.padTo(rows)
    this.#low.padTo(rows)
    const [high, low] = [this.#high.take(), this.#low.take()]
    const repeated = mayRepeat(high, low)
    const codes = new Uint32Array(rows)
    // Open addressing: a slot holds the first row of a hash, plus 1. Only rows whose hash may come again need one.
    let entries = 0
    for (let row = 0; row < rows; row++) if (repeated(row)) entries++
    const mask = 2 ** Math.ceil(Math.log2(Math.max(2, entries * 2))) - 1
    const slots = new Uint32Array(mask + 1)
    let count = 0
    for (let row = 0; row < rows; row++) {
      if (!repeated(row)) {
        codes[row] = count++
        continue
      }
      let slot = high[row] & mask
      while (slots[slot] !== 0 && (low[slots[slot] - 1] !== low[row] || high[slots[slot] - 1] !== high[row]))
        slot = (slot + 1) & mask
      if (slots[slot] === 0) {
        slots[slot] = row + 1
        codes[row] = count++
      } else codes[row] = codes[slots[slot] - 1]
    }
    return { codes, count }
  }
}

/**
 * Whether a row's hash may stand in another row too: certain where it says no. One bit for each eighth of a row tells
 * hashes seen from others, in a table that fits a cache where one of whole hashes does not.
 */
function mayRepeat(high: Uint32Array, low: Uint32Array): (row: number) => boolean {
  const bits = 2 ** Math.ceil(Math.log2(Math.max(32, high.length * 8)))
  const seen = new Uint32Array(bits / 32)
  const again = new Uint32Array(bits / 32)
  for (let row = 0; row < high.length; row++) {
    if (low[row] === 0) continue
    const bit = high[row] & (bits - 1)
    const mask = 1 << (bit & 31)
    if ((seen[bit >>> 5] & mask) !== 0) again[bit >>> 5] |= mask
    else seen[bit >>> 5] |= mask
  }
  return (row) => low[row] !== 0 && (again[(high[row] & (bits - 1)) >>> 5] & (1 << (high[row] & 31))) !== 0
}
