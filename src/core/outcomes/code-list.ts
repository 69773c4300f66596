/** A growing column of whole numbers: at most twice its own size in memory. */
export class CodeList {
  length = 0
  #codes = new Uint32Array(1024)

  push(code: number): void {
    if (this.length === this.#codes.length) {
      const grown = new Uint32Array(this.length * 2)
      grown.set(this.#codes)
      this.#codes = grown
    }
    this.#codes[this.length++] = code
  }

  /** Adds zeros up to a length. */
  padTo(length: number): void {
    while (this.length < length) this.push(0)
  }

  take(): Uint32Array {
    return this.#codes.slice(0, this.length)
  }
}
