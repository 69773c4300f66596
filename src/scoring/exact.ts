import { best } from './best.ts'
import type { SyncScore } from './score.ts'
import { squadWords } from './squad-words.ts'

/** 1 where the answer and a reference are the same text after SQuAD's normalisation, else 0. */
export const exactScore: SyncScore = (answer, references) => {
  const text = squadWords(answer).join(' ')
  return best(references, (reference) => (squadWords(reference).join(' ') === text ? 1 : 0))
}
