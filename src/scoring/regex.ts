import { SpillwayError } from '../core/errors.ts'
import { best } from './best.ts'
import type { SyncScore } from './score.ts'

export interface RegexOptions {
  /** Any of i, m, s and one of u, v. */
  flags?: string
}

/**
 * 1 where a reference, a JavaScript regular expression, matches anywhere in the answer, else 0; anchor it with ^ and $
 * to match the whole. Patterns run as they are: one that backtracks without end, such as (a+)+$, can hang the run.
 * @throws SpillwayError `usage` where the flags are wrong; on scoring `bad-input` where a reference is no pattern
 */
export function regexScore({ flags = '' }: RegexOptions = {}): SyncScore {
  if (!/^[imsuv]*$/.test(flags) || compiled('', flags) instanceof Error)
    throw new SpillwayError(
      'usage',
      `scorer regex: flags is ${JSON.stringify(flags)}; it must be any of i, m, s and one of u, v, each once`,
    )
  return (answer, references) =>
    best(references, (pattern) => {
      const regex = compiled(pattern, flags)
      if (regex instanceof RegExp) return regex.test(answer) ? 1 : 0
      throw new SpillwayError('bad-input', `the reference ${JSON.stringify(pattern)} is no pattern: ${regex.message}`, {
        cause: regex,
      })
    })
}

function compiled(pattern: string, flags: string): RegExp | Error {
  try {
    return new RegExp(pattern, flags)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
