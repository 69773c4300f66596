import type { Part } from './part.ts'

/**
 * Takes an echoed prompt (`echo: true` of completions) off an answer: its text, and the tokens that spell it. A prompt
 * that is no single text, or whose tokens spell another, cannot be told from the answer: then there are no tokens.
 */
export function withoutPrompt(prompt: string | undefined): (part: Part) => Part {
  let textLeft = prompt ?? ''
  let tokensLeft = prompt
  let first = true
  return (part) => {
    const echoed = textLeft.startsWith(part.text)
      ? part.text.length
      : part.text.startsWith(textLeft)
        ? textLeft.length
        : 0
    textLeft = textLeft.slice(echoed)
    const tokens = part.tokens.filter(({ step: { text = '' } }) => {
      const start = first
      first = false
      if (tokensLeft === '') return true
      if (tokensLeft?.startsWith(text) === true) tokensLeft = tokensLeft.slice(text.length)
      // The first may be a mark of the beginning, which is no part of the prompt's text.
      else if (!start) tokensLeft = undefined
      return false
    })
    return { ...part, text: part.text.slice(echoed), tokens }
  }
}
