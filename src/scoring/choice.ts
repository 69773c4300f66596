import { SpillwayError } from '../core/errors.ts'
import { choiceText } from './choice-text.ts'
import { readChoice } from './read-choice.ts'
import type { Question, SyncScore } from './score.ts'

/** What a reference is: `auto` takes a letter for a letter, then a number for an index, then anything for a text. */
export const goldForms = ['auto', 'letter', 'index', 'text'] as const

export interface ChoiceOptions {
  /** Needed where the choices are themselves numbers or letters, so that "2" could be an index or a text. */
  gold?: (typeof goldForms)[number]
}

const LETTERS = 26

/**
 * 1 where the answer makes the choice that a reference names, else 0. A reference is a letter, a 0-based index or,
 * where the question's row has `choices` (a list of strings), the text of one. How an answer is read: `readChoice`.
 * @throws SpillwayError `bad-input` where no reference is one of the choices
 */
export function choiceScore({ gold = 'auto' }: ChoiceOptions = {}): SyncScore {
  return (answer, references, question) => {
    const choices = choicesOf(question)
    const count = choices.length === 0 ? LETTERS : Math.min(choices.length, LETTERS)
    const right = references.map((reference) => goldIndex(reference, choices, count, gold))
    if (right.every((index) => index === undefined)) throw unknownGold(references[0], choices)
    const chosen = readChoice(answer, choices, count)
    return chosen !== undefined && right.includes(chosen) ? 1 : 0
  }
}

const choicesOf = ({ choices }: Question): string[] =>
  Array.isArray(choices) && choices.every((choice) => typeof choice === 'string') ? choices : []

function goldIndex(
  reference: string,
  choices: readonly string[],
  count: number,
  gold: ChoiceOptions['gold'],
): number | undefined {
  const plain = choiceText(reference)
  const letter = /^[a-z]$/.test(plain) ? plain.charCodeAt(0) - 97 : count
  const index = /^\d+$/.test(plain) ? Number(plain) : count
  const text = choices.findIndex((choice) => choiceText(choice) === plain)
  if ((gold === 'auto' || gold === 'letter') && letter < count) return letter
  if ((gold === 'auto' || gold === 'index') && index < count) return index
  return (gold === 'auto' || gold === 'text') && text >= 0 ? text : undefined
}

const unknownGold = (reference: string, choices: readonly string[]): SpillwayError =>
  new SpillwayError(
    'bad-input',
    choices.length === 0
      ? `the reference ${JSON.stringify(reference)} is no letter or index, and the row has no list of choices; add it`
      : `the reference ${JSON.stringify(reference)} is none of the choices; give a letter, an index or a text`,
  )
