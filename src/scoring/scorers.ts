import { choiceScore, goldForms } from './choice.ts'
import { exactScore } from './exact.ts'
import { f1StudyScore } from './f1-study.ts'
import { f1Score } from './f1.ts'
import { jsonScore } from './json.ts'
import { labelScore } from './label.ts'
import { numberScore } from './number.ts'
import { badOption, readAmount, type SpecOptions } from './options.ts'
import { regexScore } from './regex.ts'
import { rougeLScore } from './rouge-l.ts'
import type { SyncScore } from './score.ts'

export interface ScorerDefinition {
  /** One line for lists. */
  summary: string
  /** What each option does, by its name; `LABEL` stands for any name. */
  options: Readonly<Record<string, string>>
  /** @throws SpillwayError `usage` where an option has a value it cannot have */
  make: (options: SpecOptions) => SyncScore
}

/** Every scorer Spillway knows by name. */
export const scorers = {
  f1: {
    summary: "SQuAD's token F1: shared words, without case, punctuation and articles",
    options: {},
    make: () => f1Score,
  },
  'f1-study': {
    summary: 'token F1 that counts articles as words, as in the study Spillway grew out of',
    options: {},
    make: () => f1StudyScore,
  },
  exact: {
    summary: 'the same text, without case, punctuation and articles',
    options: {},
    make: () => exactScore,
  },
  'rouge-l': {
    summary: 'ROUGE-L F-measure: longest common subsequence of words (a-z, 0-9)',
    options: {},
    make: () => rougeLScore,
  },
  label: {
    summary: 'the right one of few labels, such as yes/no, true/false, entailment/contradiction/neutral',
    options: { LABEL: 'other ways to say a label, parted by |, as in neutral=not mentioned|unknown' },
    make: (options) =>
      labelScore({
        labels: Object.fromEntries(Object.entries(options).map(([label, ways = '']) => [label, ways.split('|')])),
      }),
  },
  choice: {
    summary: 'the right letter of a multiple choice, or the text of that choice',
    options: { gold: 'what a reference is: letter, index (from 0) or text; by default (auto) tried in this order' },
    make: ({ gold = 'auto' }) => {
      const form = goldForms.find((each) => each === gold)
      if (form === undefined) throw badOption('choice', 'gold', gold, `one of ${goldForms.join(', ')}`)
      return choiceScore({ gold: form })
    },
  },
  number: {
    summary: 'the same number within a tolerance; the last one in the answer, or the one after "answer is" or ####',
    options: {
      tolerance: 'largest difference as a share of the reference, default 1e-6',
      absolute: 'largest difference in the unit of the reference, default 0',
    },
    make: ({ tolerance, absolute }) =>
      numberScore({
        tolerance: readAmount('number', 'tolerance', tolerance),
        absolute: readAmount('number', 'absolute', absolute),
      }),
  },
  regex: {
    summary: 'the answer matches a reference, which is a regular expression',
    options: { flags: 'any of i, m, s, u, v' },
    make: ({ flags }) => regexScore({ flags }),
  },
  json: {
    summary: 'one field of a JSON object in the answer has the right value',
    options: { field: 'the way to the field, parted by dots, as in answer.city; needed' },
    make: ({ field = '' }) => {
      if (field.split('.').includes(''))
        throw badOption('json', 'field', field, 'names parted by dots, as in answer.city')
      return jsonScore({ field })
    },
  },
} as const satisfies Record<string, ScorerDefinition>

export type ScorerName = keyof typeof scorers
