import { SpillwayError } from '../core/errors.ts'
import { labelText } from './label-text.ts'

/** Labels of which a question has one, each with the other ways to say it. */
export type Labels = Readonly<Record<string, readonly string[]>>

/** From each way to say a label, as `labelText` writes it, to the label. */
export type LabelWords = ReadonlyMap<string, string>

/** A set of labels as it is read from answers. */
export interface LabelSet {
  words: LabelWords
  /** Words that count only in an answer that has none of the above. */
  loose: LabelWords
}

const meaning = (words: Record<string, string>): LabelWords => new Map(Object.entries(words))

/**
 * The sets that need no option. ContractNLI's third label is "NotMentioned". A model that should say "true" may say
 * "yes", but only loosely: "there is no contradiction, it is true" says "true".
 */
const defaults: readonly LabelSet[] = [
  {
    words: wordsOf({ yes: ['yeah', 'yep', 'yup'], no: ['nope', 'nah'] }),
    loose: meaning({ true: 'yes', false: 'no' }),
  },
  {
    words: wordsOf({ true: [], false: ['untrue'] }),
    loose: meaning({ yes: 'true', yeah: 'true', yep: 'true', no: 'false', nope: 'false' }),
  },
  {
    words: wordsOf({
      entailment: ['entailed', 'entails', 'entail'],
      contradiction: ['contradicted', 'contradicts', 'contradict', 'contradictory'],
      neutral: ['notmentioned', 'not mentioned', "isn't mentioned", 'unmentioned', 'does not mention', 'neither'],
    }),
    loose: new Map(),
  },
]

/**
 * The default sets together with a user's labels. Labels known to the defaults add their words to those. As soon as one
 * is new, the labels given are a set of their own, in which the known ones keep their default words: {yes: [], no: [],
 * maybe: ['unsure']}. A set should name every label of the task, or a wrong one in an answer is not seen.
 * @throws SpillwayError `usage` where one word is given to two labels
 */
export function labelSets(given: Labels): readonly LabelSet[] {
  const names = Object.keys(given).map(labelText)
  if (names.every((name) => defaults.some(({ words }) => words.has(name))))
    return defaults.map(({ words, loose }) => {
      const here = Object.entries(given).filter(([label]) => words.has(labelText(label)))
      return { words: new Map([...words, ...wordsOf(Object.fromEntries(here), words)]), loose }
    })
  const kept = (from: (set: LabelSet) => LabelWords) =>
    defaults.flatMap((set) =>
      [...from(set)].flatMap(([word, label]): [string, string][] =>
        names.filter((name) => set.words.get(name) === label).map((name) => [word, name]),
      ),
    )
  const words = new Map([...kept((set) => set.words), ...wordsOf(given)])
  return [{ words, loose: new Map(kept((set) => set.loose)) }, ...defaults]
}

/** Every way to say each label; a name that `known` has as a synonym stands for the label it means there. */
function wordsOf(labels: Labels, known: LabelWords = new Map()): Map<string, string> {
  const found = new Map<string, string>()
  for (const [name, synonyms] of Object.entries(labels)) {
    const label = known.get(labelText(name)) ?? labelText(name)
    for (const word of [name, ...synonyms].map(labelText)) {
      const other = found.get(word) ?? label
      if (other !== label)
        throw new SpillwayError('usage', `labels: "${word}" means both ${other} and ${label}; give it to one of them`)
      if (word !== '') found.set(word, label)
    }
  }
  return found
}
