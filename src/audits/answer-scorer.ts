import { SpillwayError } from '../core/errors.ts'
import { isOwnScorer, loadScorer } from '../scoring/load-scorer.ts'

/** Two answers to one question, as far as there are any. */
export interface AnswerPair {
  small?: string
  large?: string
}

/** What answers are held against. */
export interface AnswerContext {
  /** What is right; a user's own scorer can do without. */
  references: readonly string[]
  /** What a user's own scorer is told besides. */
  fields: Readonly<Record<string, unknown>>
}

/** Qualities in [0, 1] of the answers that there are. */
export interface PairQuality {
  small?: number
  large?: number
}

export interface AnswerScorer {
  name: string
  /** @throws SpillwayError where there is nothing to hold the answers against */
  score(answers: AnswerPair, context: AnswerContext): Promise<PairQuality>
}

const AGREEMENT = /^agreement(?::(.+))?$/

/**
 * A scorer of pairs: any scorer that `collect` knows, or `agreement`, which takes the large model's answer for right
 * and scores the small one's against it, by default by token F1 (`agreement:label` and so on by another).
 * @param folder where a relative path starts
 * @throws SpillwayError `usage` where there is no such scorer
 */
export async function loadAnswerScorer(spec: string, folder?: string): Promise<AnswerScorer> {
  const agreement = AGREEMENT.exec(spec)
  const own = isOwnScorer(spec)
  const score = await loadScorer(agreement === null ? spec : (agreement[1] ?? 'f1'), folder)
  if (agreement !== null)
    return {
      name: spec,
      async score({ small, large }, { fields }) {
        if (large === undefined) return {}
        return { ...(small === undefined ? {} : { small: await score(small, [large], fields) }), large: 1 }
      },
    }
  return {
    name: spec,
    async score(answers, { references, fields }) {
      if (references.length === 0 && !own)
        throw new SpillwayError('bad-input', `${spec} needs to know what is right, and nothing says it`)
      const qualities: PairQuality = {}
      for (const side of ['small', 'large'] as const) {
        const answer = answers[side]
        if (answer !== undefined) qualities[side] = await score(answer, references, fields)
      }
      return qualities
    },
  }
}
