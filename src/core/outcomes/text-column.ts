import type { ValueSink } from './source-rows.ts'

/** A column of texts, for commands that show them; a row that sets none holds `undefined`. */
export class TextColumn implements ValueSink {
  readonly #texts: (string | undefined)[] = []

  /** Of two texts for one row the first counts. */
  set(row: number, value: unknown): void {
    if (value === '') return
    this.#padTo(row + 1)
    this.#texts[row] ??= typeof value === 'string' ? value : JSON.stringify(value)
  }

  take(rows: number): (string | undefined)[] {
    this.#padTo(rows)
    return this.#texts
  }

  #padTo(length: number): void {
    while (this.#texts.length < length) this.#texts.push(undefined)
  }
}
