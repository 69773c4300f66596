import { best } from './best.ts'
import { labelSets, type Labels } from './label-sets.ts'
import { labelText } from './label-text.ts'
import { readLabel } from './read-label.ts'
import type { SyncScore } from './score.ts'

export interface LabelOptions {
  /** The task's labels, each with the other ways to say it: { neutral: ['not mentioned'] }. */
  labels?: Labels
}

/**
 * 1 where the answer decides for the label that a reference names, else 0. The reference says which set of labels is
 * looked for; one that no set knows is a label without synonyms or rivals. How an answer is read: `readLabel`.
 */
export function labelScore({ labels = {} }: LabelOptions = {}): SyncScore {
  const sets = labelSets(labels)
  return (answer, references) =>
    best(references, (reference) => {
      const name = labelText(reference)
      if (labelText(answer) === name) return 1
      if (name === '') return 0
      const set = sets.find(({ words }) => words.has(name))
      const words = set?.words ?? new Map([[name, name]])
      const read = readLabel(answer, words) ?? readLabel(answer, set?.loose ?? new Map())
      return read === words.get(name) ? 1 : 0
    })
}
