import type { LlamaModel, Token } from 'node-llama-cpp'

/** Tokens of context that decide how a token is written, such as whether a space stands before it. */
const CONTEXT_TOKENS = 16
/** A character has at most four bytes, and so tokens. */
const MOST_PENDING = 4

/** Reads token by token; the bytes of an unfinished character are read with the token that completes it. */
export function textReader(model: LlamaModel): (token: Token) => string {
  const before: Token[] = []
  let pending: Token[] = []
  return (token) => {
    pending.push(token)
    const text = model.detokenize(pending, false, before)
    if (text.endsWith('\uFFFD') && pending.length < MOST_PENDING) return ''
    before.push(...pending)
    if (before.length > CONTEXT_TOKENS) before.splice(0, before.length - CONTEXT_TOKENS)
    pending = []
    return text
  }
}
