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

  /** Adds the next row; without a text it is a group of its own. */
  add(text: string | undefined): void {
    if (text === undefined) {
      this.#high.push(0)
      this.#low.push(0)
      return
    }
    this.present = true
    let high = 0x9e3779b9
    let low = 0x85ebca6b
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      high = Math.imul(high ^ unit, 0x9e3779b1)
      low = Math.imul(low ^ unit, 0x5f356495)
      high ^= high >>> 15
      low ^= low >>> 13
    }
    this.#high.push(Math.imul(high ^ (low >>> 16), 0x2c1b3c6d) >>> 0)
    this.#low.push((Math.imul(low ^ (high >>> 15), 0x297a2d39) | 1) >>> 0)
  }

  /** The group of each row, numbered from 0 in order of first appearance, and how many there are. */
  codes(): { codes: Uint32Array; count: number } {
    const [high, low] = [this.#high.take(), this.#low.take()]
    const rows = high.length
    const codes = new Uint32Array(rows)
    // Open addressing at half load: a slot holds the first row of a hash, plus 1.
    const mask = 2 ** Math.ceil(Math.log2(Math.max(2, rows * 2))) - 1
    const slots = new Uint32Array(mask + 1)
    let count = 0
    for (let row = 0; row < rows; row++) {
      if (low[row] === 0) {
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
