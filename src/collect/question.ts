import { SpillwayError } from '../core/errors.ts'
import { placeIn } from '../core/outcomes/source.ts'
import { openRecords } from '../data/open.ts'

/** One question of a data set, with the answers that count as right. */
export interface Question {
  /** Where it stands, for messages: `questions.jsonl:17`. */
  place: string
  /** Its id in the data; otherwise its number, from 1. */
  id: string | number
  /** At least one. */
  references: readonly string[]
  /** Every column, and under the names of `names` those that have another name in the data. */
  fields: Readonly<Record<string, unknown>>
}

/** The fields that Spillway itself reads, and the names they often have; the first that a question has is taken. */
const names = {
  id: ['id', 'qid', 'question_id'],
  question: ['question', 'query', 'input'],
  context: ['context', 'passage', 'document', 'story'],
  choices: ['choices', 'options'],
  gold: ['gold', 'gold_output', 'answers', 'answer', 'references', 'target', 'output', 'label'],
  group: ['group'],
  dataset: ['dataset'],
} as const satisfies Record<string, readonly string[]>

type Field = keyof typeof names

/** Whether a field can be taken from a column of any name. */
export const isMappable = (field: string): boolean => Object.hasOwn(names, field)

export interface ReadQuestionsOptions {
  /** Column by field, such as `{ gold: 'label' }`. */
  map?: Partial<Record<string, string>>
  /** Only the first so many. */
  limit?: number
}

/**
 * Reads questions from JSONL, a JSON array or CSV (also gzipped), or from what engines read.
 * @throws SpillwayError `bad-input` or `usage`, naming file, line and column
 */
export async function* readQuestions(path: string, options: ReadQuestionsOptions = {}): AsyncGenerator<Question> {
  const { map = {}, limit = Infinity } = options
  for (const field of Object.keys(map))
    if (!isMappable(field))
      throw new SpillwayError(
        'usage',
        `--map: a question has no field ${field}; fields are ${Object.keys(names).join(', ')}`,
      )
  const source = await openRecords(path)
  let row = 0
  try {
    for await (const { records, lines } of source.batches)
      for (const [index, record] of records.entries()) {
        if (row >= limit) return
        yield question(record, placeIn(source, lines[index]), (row += 1), map)
      }
  } finally {
    await source.close()
  }
  if (row === 0) throw new SpillwayError('bad-input', `${source.name}: no questions`)
}

function question(
  record: Record<string, unknown>,
  place: string,
  number: number,
  map: Partial<Record<string, string>>,
): Question {
  const fields: Record<string, unknown> = { ...record }
  for (const field of Object.keys(names) as Field[]) {
    const column = columnOf(record, field, map[field], place)
    if (column !== undefined) fields[field] = record[column]
  }
  const { id, context, choices } = fields
  // Several passages are one text, each a paragraph; choices that are numbers are texts to the scorers.
  if (isTexts(context)) fields.context = context.join('\n\n')
  if (isTexts(choices)) fields.choices = choices.map(String)
  return {
    place,
    id: (typeof id === 'string' && id !== '') || typeof id === 'number' ? id : number,
    references: references(fields.gold, record, place),
    fields,
  }
}

function references(gold: unknown, record: Record<string, unknown>, place: string): string[] {
  const found = referencesOf(gold)
  // A model that says nothing would be right.
  if (found.some((text) => text.trim() !== '')) return found
  throw new SpillwayError(
    'bad-input',
    gold === undefined || gold === null
      ? `${place}: no right answer; expected a column gold (or --map gold=COLUMN). Columns: ${Object.keys(record).join(', ')}`
      : `${place}: gold holds no right answer (${JSON.stringify(gold).slice(0, 80)}); write one, such as "unanswerable", or leave the question out`,
  )
}

function columnOf(
  record: Record<string, unknown>,
  field: Field,
  mapped: string | undefined,
  place: string,
): string | undefined {
  if (mapped === undefined) return names[field].find((name) => record[name] !== undefined && record[name] !== null)
  if (!Object.hasOwn(record, mapped))
    throw new SpillwayError('bad-input', `${place}: no column ${mapped}, which --map names for ${field}`)
  return mapped
}

const isTexts = (value: unknown): value is (string | number)[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' || typeof each === 'number')

/** One answer, a list of them, or SQuAD's `{ "text": […] }`. */
function referencesOf(gold: unknown): string[] {
  if (typeof gold === 'string') return [gold]
  if (typeof gold === 'number' || typeof gold === 'boolean') return [String(gold)]
  if (Array.isArray(gold)) return gold.flatMap(referencesOf)
  if (typeof gold === 'object' && gold !== null && 'text' in gold) return referencesOf(gold.text)
  return []
}
