import { best } from './best.ts'
import { lcsLength } from './lcs-length.ts'
import type { SyncScore } from './score.ts'

/** The tokens of Google's `rouge_score` without stemming: runs of a-z and 0-9 after lowering the case. */
const rougeTokens = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? []

/**
 * ROUGE-L F-measure with beta = 1: 2 · LCS / (m + n) over tokens. (Lin 2004, as in Google's `rouge_score`)
 * A text of another script than Latin has no tokens at all; where neither text has any, `rouge_score` gives 0 and this
 * gives 1 if they are the same but for white space around them. For such languages use another scorer.
 */
export const rougeLScore: SyncScore = (answer, references) => {
  const tokens = rougeTokens(answer)
  return best(references, (reference) => {
    const others = rougeTokens(reference)
    if (tokens.length + others.length === 0) return answer.trim() === reference.trim() ? 1 : 0
    return (2 * lcsLength(tokens, others)) / (tokens.length + others.length)
  })
}
