import { SpillwayError } from '../core/errors.ts'
import { readNumber, type NumberInText } from './read-number.ts'
import type { SyncScore } from './score.ts'

export interface NumberOptions {
  /** Largest difference that still counts, as a share of the reference; default 1e-6. */
  tolerance?: number
  /** Largest difference that still counts, in the reference's own unit; default 0. The wider of the two holds. */
  absolute?: number
}

/**
 * 1 where the answer's number is that of a reference within a tolerance, else 0. Where only one of the two has a
 * percent sign, 45% is both 45 and 0.45. How a number is read, in an answer as in a reference: `readNumber`.
 * @throws SpillwayError `bad-input` where no reference has a number
 */
export function numberScore({ tolerance = 1e-6, absolute = 0 }: NumberOptions = {}): SyncScore {
  const near = (value: number, reference: number) =>
    Math.abs(value - reference) <= Math.max(absolute, tolerance * Math.abs(reference))
  return (answer, references) => {
    const right = references.map(readNumber).filter((reference) => reference !== undefined)
    if (right.length === 0)
      throw new SpillwayError(
        'bad-input',
        `the reference ${JSON.stringify(references[0])} has no number; score such rows with f1 or exact`,
      )
    const read = readNumber(answer)
    return read !== undefined && right.some((reference) => readings(read, reference).some((pair) => near(...pair)))
      ? 1
      : 0
  }
}

/** The pairs of values that an answer and a reference may mean. */
function readings(answer: NumberInText, reference: NumberInText): [number, number][] {
  const plain: [number, number] = [answer.value, reference.value]
  if (answer.percent === reference.percent) return [plain]
  return [plain, answer.percent ? [answer.value / 100, reference.value] : [answer.value, reference.value / 100]]
}
