import type { Part } from './part.ts'
import type { WireToken } from './tokens.ts'

/** A piece of an answer, for laying its tokens along. */
export type TracedPart = Pick<Part, 'text' | 'tokens' | 'reasoning' | 'tools'>

/** Of the tokens that come with a piece of an answer, those that are not of its hidden reasoning. */
export type WithoutReasoning = (part: TracedPart) => readonly WireToken[]

/**
 * Servers with a reasoning parser list the tokens of the reasoning, of the marks around it and of the answer together.
 * Until the answer's text begins, tokens are of the reasoning; the answer's first token is the last from which on the
 * tokens spell that text. Where none is, it cannot be told which are which, and the answer has no tokens.
 */
export function withoutReasoning(): WithoutReasoning {
  let state: 'none' | 'thinking' | 'over' | 'untold' = 'none'
  /** Since the last piece of reasoning: marks, and tokens whose text is to come. */
  let since: WireToken[] = []
  /** White space that the answer begins with. */
  let lead = ''
  return ({ text, tokens, reasoning, tools }) => {
    if (state === 'untold') return []
    if (reasoning && state === 'none') state = 'thinking'
    if (state !== 'thinking') return tokens
    if (reasoning) since = []
    lead += text
    if (text.trim() === '' && (tools.length === 0 || reasoning)) {
      if (!reasoning) for (const token of tokens) since.push(token)
      return []
    }
    const all = [...since, ...tokens]
    if (text.trim() === '') {
      // A call to a tool ends the reasoning as well.
      state = 'over'
      return all
    }
    const first = firstOf(all, lead)
    state = first === undefined && reasoning && tokens.length > 0 ? 'untold' : 'over'
    if (first !== undefined) return all.slice(first)
    return reasoning ? [] : tokens
  }
}

/** Where the tokens begin that spell a text, or, of a text that goes on, its start. White space does not count. */
function firstOf(tokens: readonly WireToken[], text: string): number | undefined {
  const wanted = bare(text)
  const texts = tokens.map(({ step }) => step.text ?? '')
  const bares = texts.map(bare)
  const joined = bares.join('')
  let at = joined.length
  for (let i = bares.length - 1; i >= 0; i--) {
    at -= bares[i].length
    if (bares[i] === '' || !joined.startsWith(wanted, at)) continue
    let first = i
    // White space that the text begins with has tokens of its own.
    for (let lead = text.slice(0, text.length - text.trimStart().length); first > 0; first--) {
      const before = texts[first - 1]
      if (before === '' || bares[first - 1] !== '' || !lead.endsWith(before)) break
      lead = lead.slice(0, -before.length)
    }
    return first
  }
  return undefined
}

/**
 * Without white space: servers strip it at the ends, and some show a token without the space that it begins with, or
 * with SentencePiece's sign for it.
 */
export function bare(text: string): string {
  // Most tokens begin with a space and have no other.
  const own = text.startsWith(' ') ? text.slice(1) : text
  return /[\s\u2581]/.test(own) ? own.replaceAll(/[\s\u2581]+/g, '') : own
}
