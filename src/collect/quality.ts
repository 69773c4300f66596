import { SpillwayError } from '../core/errors.ts'
import type { Score } from '../scoring/score.ts'
import type { Question } from './question.ts'

/** How good an answer to a question is; what a scorer finds wrong is told with the question's place. */
export async function qualityOf(answer: string, question: Question, score: Score): Promise<number> {
  const { place, references, fields } = question
  try {
    return await score(answer, references, fields)
  } catch (cause) {
    if (!SpillwayError.is(cause)) throw cause
    throw new SpillwayError(cause.code, `${place}: ${cause.message}`, { cause })
  }
}
