import { best } from './best.ts'
import type { SyncScore } from './score.ts'
import { squadWords } from './squad-words.ts'
import { tokenF1 } from './token-f1.ts'

/** SQuAD's token F1 (Rajpurkar et al. 2016, 2018): bags of words after SQuAD's normalisation. */
export const f1Score: SyncScore = (answer, references) => {
  const tokens = squadWords(answer)
  return best(references, (reference) => tokenF1(tokens, squadWords(reference)))
}
