import { plainText } from './plain-text.ts'
import { best } from './best.ts'
import type { SyncScore } from './score.ts'
import { tokenF1 } from './token-f1.ts'
import { words } from './words.ts'

/**
 * The token F1 of the study that Spillway grew out of: lower case, ASCII punctuation deleted (not replaced by a space),
 * split at white space, F1 of the two bags of words. Articles count as words, which is all that parts it from `f1`.
 *
 * Found from the study's recorded answers, whose 4,000 qualities (1,000 rows each of CoQA and QASPER, two models) it
 * gives to the ten decimals they are stored with. There each gold answer is one reference, line breaks and all. No row
 * is empty after normalisation, so that case is SQuAD's: both empty 1, one empty 0.
 */
export const f1StudyScore: SyncScore = (answer, references) => {
  const tokens = words(plainText(answer))
  return best(references, (reference) => tokenF1(tokens, words(plainText(reference))))
}
