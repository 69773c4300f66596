/**
 * Numbers distinct texts from 0 in order of first appearance, remembering a 64-bit hash of each instead of the text:
 * 16 bytes a text however long. Two different texts among ten million share a hash with a probability of 3e-6.
 */
export class Interner {
  #size = 0
  #stored = 0
  #mask = 1023
  /** Three numbers a slot, side by side for the cache: code + 1 (0 is free), and both halves of the hash. */
  #slots = new Uint32Array(3 * 1024)

  get size(): number {
    return this.#size
  }

  /** A number of its own for something without a text. */
  fresh(): number {
    return this.#size++
  }

  /** The number of a text, a new one if it was not seen before. */
  code(text: string): number {
    let high = 0x9e3779b9
    let low = 0x85ebca6b
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      high = Math.imul(high ^ unit, 0x9e3779b1)
      low = Math.imul(low ^ unit, 0x5f356495)
      high ^= high >>> 15
      low ^= low >>> 13
    }
    high = Math.imul(high ^ (low >>> 16), 0x2c1b3c6d) >>> 0
    low = Math.imul(low ^ (high >>> 15), 0x297a2d39) >>> 0
    if (this.#stored > this.#mask * 0.6) this.#grow()
    const slot = this.#find(high, low)
    if (this.#slots[slot] === 0) {
      this.#slots[slot] = ++this.#size
      this.#slots[slot + 1] = high
      this.#slots[slot + 2] = low
      this.#stored++
    }
    return this.#slots[slot] - 1
  }

  #find(high: number, low: number): number {
    const slots = this.#slots
    let slot = low & this.#mask
    while (slots[3 * slot] !== 0 && (slots[3 * slot + 1] !== high || slots[3 * slot + 2] !== low))
      slot = (slot + 1) & this.#mask
    return 3 * slot
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 4)
    this.#mask = this.#mask * 4 + 3
    for (let i = 0; i < old.length; i += 3) {
      if (old[i] === 0) continue
      const slot = this.#find(old[i + 1], old[i + 2])
      for (let part = 0; part < 3; part++) this.#slots[slot + part] = old[i + part]
    }
  }
}
