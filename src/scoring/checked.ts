import { SpillwayError } from '../core/errors.ts'
import type { UserScore } from './import-scorer.ts'
import type { Score } from './score.ts'

/** A mean of ones can come out as 1 + 2e-16: that is rounding, not an error. */
const ROUNDING = 1e-9

/**
 * A user's scorer that gives a quality or throws: `true` is 1, `false` 0, and what is no number in [0, 1] is refused.
 * @throws SpillwayError `usage` where the function throws or gives something else
 */
export const checked =
  (score: UserScore, module: string): Score =>
  async (answer, references, question) => {
    const about = `scorer ${module}, answer ${JSON.stringify(shortened(answer))}`
    let value: unknown
    try {
      value = await score(answer, references, question)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new SpillwayError('usage', `${about}: the function threw "${why}"; mend it so that it gives a number`, {
        cause,
      })
    }
    if (typeof value === 'boolean') return value ? 1 : 0
    if (typeof value === 'number' && value >= -ROUNDING && value <= 1 + ROUNDING) return Math.min(1, Math.max(0, value))
    const remedy = typeof value === 'number' ? 'divide by the highest score' : 'return a number'
    throw new SpillwayError('usage', `${about}: it gave ${shown(value)}, which is no quality from 0 to 1; ${remedy}`)
  }

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** A value in few words; what JSON cannot say is named by its type. */
function shown(value: unknown): string {
  if (typeof value === 'number' || value === undefined || value === null) return String(value)
  return typeof value === 'string' ? JSON.stringify(shortened(value)) : `a value of type ${typeof value}`
}
