import { inspect } from 'node:util'

/** A text that no log, message or dump shows. */
export class Secret {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  /** The text itself, for the request that needs it. */
  reveal(): string {
    return this.#text
  }
  toString(): string {
    return '[redacted]'
  }
  toJSON(): string {
    return '[redacted]'
  }
  [inspect.custom](): string {
    return '[redacted]'
  }
}

export const revealed = (value: string | Secret): string => (value instanceof Secret ? value.reveal() : value)
