import type { LanguageModelV3StreamPart } from '@ai-sdk/provider'

/** A stretch of text, or of reasoning, that comes piece by piece. */
export interface Span {
  say(text: string): LanguageModelV3StreamPart[]
  /** Nothing where none is open. */
  end(): LanguageModelV3StreamPart[]
}

export function spanOf(kind: 'text' | 'reasoning'): Span {
  let count = 0
  let open = false
  const id = () => `${kind}-${count}`
  return {
    say(delta) {
      const start: LanguageModelV3StreamPart[] = open ? [] : [{ type: `${kind}-start`, id: id() }]
      open = true
      return [...start, { type: `${kind}-delta`, id: id(), delta }]
    },
    end() {
      if (!open) return []
      open = false
      return [{ type: `${kind}-end`, id: `${kind}-${count++}` }]
    },
  }
}
