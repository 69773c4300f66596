import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readQuestions, type Question, type ReadQuestionsOptions } from '../../src/collect/question.ts'
import { file, jsonl } from '../support/files.ts'
import { parquet } from '../support/parquet.ts'

async function read(path: string, options?: ReadQuestionsOptions): Promise<Question[]> {
  const questions: Question[] = []
  for await (const question of readQuestions(path, options)) questions.push(question)
  return questions
}
const one = async (row: object, options?: ReadQuestionsOptions) =>
  (await read(file('one.jsonl', jsonl(row)), options))[0]
const refusal = (path: string, options?: ReadQuestionsOptions) =>
  read(path, options).then(
    () => 'no refusal',
    (error: Error) => error.message,
  )

const row = { id: 'q1', question: 'Who?', context: 'Ada did.', gold: 'Ada', group: 'd1', dataset: 'set', more: 7 }

test('a question comes from Parquet too, its lists as lists', async () => {
  const rows = [{ ...row, choices: ['Ada', 'Bob'], gold: ['Ada'] }]
  const path = await parquet(rows)
  const [question] = await read(path)
  expect(question).toEqual({ ...(await one(rows[0])), place: `${path}, row 1` })
})

describe('the same question comes from', () => {
  const csv = 'id,question,context,gold,group,dataset,more\nq1,Who?,Ada did.,Ada,d1,set,7\n'
  test.each([
    ['JSONL', 'a.jsonl', jsonl(row)],
    ['JSONL without a last line end, with a byte order mark and CRLF', 'b.jsonl', `\uFEFF\r\n${JSON.stringify(row)}`],
    ['a JSON array', 'c.json', JSON.stringify([row], null, 2)],
    ['CSV', 'd.csv', csv.replace('7', '"7"')],
    ['TSV', 'e.tsv', csv.replaceAll(',', '\t')],
    ['gzipped JSONL', 'f.jsonl.gz', gzipSync(jsonl(row))],
    ['gzipped CSV', 'g.csv', gzipSync(csv)],
  ])('%s', async (_, name, content) => {
    const [question, ...others] = await read(file(name, content))
    expect(others).toEqual([])
    expect(question).toMatchObject({ id: 'q1', references: ['Ada'] })
    expect({ ...question.fields, more: Number(question.fields.more) }).toEqual(row)
  })
})

test.each([
  ['question', ['question', 'query', 'input']],
  ['context', ['context', 'passage', 'document', 'story']],
  ['gold', ['gold', 'gold_output', 'answers', 'answer', 'references', 'target', 'output', 'label']],
  ['id', ['id', 'qid', 'question_id']],
])('%s is read from each of its names', async (field, columns) => {
  for (const column of columns) {
    const { gold, ...rest } = { gold: 'text', question: 'Who?' }
    const question = await one({ ...(field === 'gold' ? rest : { gold, ...rest }), [column]: 'text' })
    if (field === 'gold') expect(question.references).toEqual(['text'])
    else if (field === 'id') expect(question.id).toBe('text')
    else expect(question.fields[field]).toBe(field === 'question' && column !== 'question' ? 'Who?' : 'text')
  }
  expect((await one({ query: 'Which?', gold: 'x' })).fields).toMatchObject({ question: 'Which?', query: 'Which?' })
})

test('of several names the first that holds something counts, and null holds nothing', async () => {
  const question = await one({
    gold: null,
    answers: ['Ada'],
    answer: 'Bob',
    question: 'Who?',
    context: null,
    passage: 'p',
  })
  expect(question.references).toEqual(['Ada'])
  expect(question.fields.context).toBe('p')
})

test.each([
  ['a list of texts', ['a', 'b'], ['a', 'b']],
  ["SQuAD's answers", { text: ['a', 'b'], answer_start: [3, 7] }, ['a', 'b']],
  ['a list of objects with a text', [{ text: 'a' }, { text: 'b', start: 1 }], ['a', 'b']],
  ['a number', 0, ['0']],
  ['a truth value', false, ['false']],
  ['numbers and texts together', [1, 'one'], ['1', 'one']],
])('right answers may be %s', async (_, gold, references) => {
  expect((await one({ question: 'Who?', answers: gold })).references).toEqual(references)
})

test('--map takes a field from a column of another name, and leaves the column where it was', async () => {
  const question = await one(
    { question: 'no', frage: 'Wer?', gold: 'x', antwort: 'Ada' },
    { map: { question: 'frage', gold: 'antwort' } },
  )
  expect(question.fields).toMatchObject({ question: 'Wer?', frage: 'Wer?', gold: 'Ada' })
  expect(question.references).toEqual(['Ada'])
})

test('a column that --map names and a row lacks is named with its line', async () => {
  const path = file('map.jsonl', jsonl({ question: 'a', antwort: 'x' }, { question: 'b' }))
  expect(await refusal(path, { map: { gold: 'antwort' } })).toBe(
    `${path}:2: no column antwort, which --map names for gold`,
  )
  expect(await refusal(path, { map: { constructor: 'antwort' } })).toMatch(
    /--map: a question has no field constructor; fields are id, question, /,
  )
})

test('a question without a right answer is named with its line, its columns and a remedy', async () => {
  const path = file('gold.jsonl', `${jsonl({ question: 'a', gold: 'x' })}\n${jsonl({ question: 'b', solution: 'y' })}`)
  expect(await refusal(path)).toBe(
    `${path}:3: no right answer; expected a column gold (or --map gold=COLUMN). Columns: question, solution`,
  )
})

test.each([
  ['an empty text', '', '""'],
  ['an empty list', [], '\\[\\]'],
  [
    "SQuAD's answer to a question that has none",
    { text: [], answer_start: [] },
    '\\{"text":\\[\\],"answer_start":\\[\\]\\}',
  ],
  ['something else', { value: 'x' }, '\\{"value":"x"\\}'],
])('%s is no right answer', async (_, gold, shown) => {
  const path = file('empty-gold.jsonl', jsonl({ question: 'a', gold }))
  expect(await refusal(path)).toMatch(
    new RegExp(`:1: gold holds no right answer \\(${shown}\\); write one, such as "unanswerable", or leave`),
  )
})

test('an empty cell of CSV is no right answer', async () => {
  const path = file('empty.csv', 'question,gold\nWho?,Ada\nWhere?,\n')
  expect(await refusal(path)).toMatch(/empty\.csv:3: gold holds no right answer/)
})

test('questions without an id are numbered, those that share one stay apart', async () => {
  const rows = await read(
    file(
      'ids.jsonl',
      jsonl(
        { question: 'a', gold: 1 },
        { id: '', question: 'b', gold: 1 },
        { id: 'x', question: 'c', gold: 1 },
        { id: 'x', question: 'c', gold: 1 },
        { id: 0, question: 'd', gold: 1 },
      ),
    ),
  )
  expect(rows.map(({ id }) => id)).toEqual([1, 2, 'x', 'x', 0])
})

test('several passages are one text, and choices that are numbers are texts', async () => {
  const { fields } = await one({ question: 'a', gold: 1, context: ['one', 'two'], choices: [1, 2.5] })
  expect(fields).toMatchObject({ context: 'one\n\ntwo', choices: ['1', '2.5'] })
  expect(Object.keys((await one({ question: 'a', gold: 1 })).fields)).toEqual(['question', 'gold'])
})

test('--limit takes the first questions and reads no further', async () => {
  const good = Array.from({ length: 600 }, (_, i) => ({ question: `${i}`, gold: 'x' }))
  const path = file('limit.jsonl', jsonl(...good, { question: 'without an answer' }))
  expect(await read(path, { limit: 3 })).toHaveLength(3)
  expect(await read(path, { limit: 600 })).toHaveLength(600)
  expect(await refusal(path, { limit: 601 })).toContain(':601: no right answer')
})

test.each([
  ['an empty file', 'empty.jsonl', '', /the file is empty; expected JSONL, a JSON array or CSV/],
  ['a file of blank lines', 'blank.jsonl', '\n\n  \n', /the file is empty/],
  ['an empty array', 'none.json', '[]', /no questions/],
  ['a header alone', 'header.csv', 'question,gold\n', /no questions/],
  ['a torn line', 'torn.jsonl', `${jsonl({ question: 'a', gold: 'b' })}{"question":`, /torn\.jsonl:2: not valid JSON/],
  ['a list of lists', 'lists.jsonl', '[["a"]]', /lists\.jsonl/],
  ['a spreadsheet', 'sheet.xlsx', 'PK\x03\x04....', /this is a spreadsheet or zip archive/],
])('%s is refused by name', async (_, name, content, message) => {
  const said = await refusal(file(name, content))
  expect(said).toMatch(message)
  expect(said).toContain(name)
})

test('a file that is not there is refused by name', async () => {
  expect(await refusal('/nowhere/questions.jsonl')).toBe('/nowhere/questions.jsonl: there is no such file')
})
