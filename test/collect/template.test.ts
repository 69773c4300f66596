import { describe, expect, test } from 'vitest'
import { loadTemplate, template } from '../../src/collect/template.ts'
import { trueTemplate, verifyTemplate } from '../../src/collect/templates.ts'
import { file } from '../support/files.ts'

const render = async (spec: string, fields: Record<string, unknown>) =>
  (await loadTemplate(spec)).render(fields, 'q.jsonl:7')
const refusal = (spec: string, fields: Record<string, unknown> = {}) =>
  render(spec, fields).then(
    (text) => `no refusal but ${text}`,
    (error: Error) => error.message,
  )

describe('the built-in prompts', () => {
  test('plain is the question', async () => {
    expect(await render('plain', { question: '6*17=' })).toBe('6*17=')
  })

  test('qa has a text where there is one', async () => {
    expect(await render('qa', { question: 'Who?', context: 'Ada did.' })).toBe(
      `Answer the question in as few words as possible, without explanation. Use only the text below; if it does not hold the answer, say "unanswerable".

Text: Ada did.

Question: Who?
Answer:`,
    )
    for (const context of [undefined, null, ''])
      expect(await render('qa', { question: 'Who?', context })).toBe(
        `Answer the question in as few words as possible, without explanation.

Question: Who?
Answer:`,
      )
  })

  test('nli asks for one of three words', async () => {
    expect(await render('nli', { question: 'It rained.', context: 'The streets were wet.' })).toBe(
      `Does the text entail the statement, contradict it, or neither? Answer with one word: entailment, contradiction or neutral.

Text: The streets were wet.

Statement: It rained.
Answer:`,
    )
  })

  test('choice has a letter before each choice', async () => {
    expect(await render('choice', { question: 'Capital?', choices: ['Paris', 'London', 'Rome'] })).toBe(
      `Answer the question with the letter of the right choice, and nothing else.

Question: Capital?
A. Paris
B. London
C. Rome
Answer:`,
    )
    expect(await render('choice', { question: 'Capital?', context: 'Of France.', choices: ['Paris'] })).toBe(
      `Answer the question with the letter of the right choice, and nothing else.

Text: Of France.

Question: Capital?
A. Paris
Answer:`,
    )
  })

  test('the prompt that verifies ends with what is judged', () => {
    const verify = template('verify', verifyTemplate)
    const shots = verify.render({ question: 'Who?', context: 'Ada did.', answer: 'Ada' }, '')
    expect(shots.split('\n\n').at(-1)).toBe('Context: Ada did.\nQuestion: Who?\nAnswer: Ada\nVerdict:')
    expect(shots.match(/Verdict: Correct\n/g)).toHaveLength(2)
    expect(shots.match(/Verdict: Incorrect\n/g)).toHaveLength(2)
    expect(verify.render({ question: 'Who?', answer: '' }, '').split('\n\n').at(-1)).toBe(
      'Question: Who?\nAnswer: \nVerdict:',
    )
    expect(verify.render({ question: 'Who?', answer: '' }, '')).not.toContain('\n\n\n')
  })

  test('the prompt for p(True) asks for one of two words', () => {
    expect(template('p_true', trueTemplate).render({ question: 'Who?', context: 'Ada did.', answer: 'Ada' }, '')).toBe(
      `Context: Ada did.
Question: Who?
Proposed answer: Ada
Is the proposed answer true or false? Say only True or False.
The proposed answer is:`,
    )
  })
})

test('nothing is escaped, and what stands in the data is not read as a template', async () => {
  const context = `<b>"5 > 3" & {{question}} {{#choices}}{{/choices}} {{{x}}} {{constructor}}</b>`
  expect(await render('{{context}}|{{question}}', { context, question: "it's" })).toBe(`${context}|it's`)
  expect(await render('{{#context}}{{context}}{{/context}}', { context, question: 'q' })).toBe(context)
  expect(await render('{{&context}}{{{question}}}', { context, question: '&' })).toBe(`${context}&`)
})

test('any column has its name, also a column within a column, and numbers are shown as they are', async () => {
  expect(
    await render('{{question}} {{year}} {{document.title}} {{flag}}', {
      question: 'q',
      year: 0,
      document: { title: 't' },
      flag: false,
    }),
  ).toBe('q 0 t false')
  expect(await render('{{question}} {{tags}} {{object}}', { question: 'q', tags: ['a', 1], object: { a: 1 } })).toBe(
    'q ["a",1] {"a":1}',
  )
})

test('a column may be called as a prototype calls its own, and is there only where it is', async () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf']) {
    expect(await refusal(`{{question}} {{${name}}}`, { question: 'q' })).toContain(
      `q.jsonl:7: no ${name}, which the prompt inline needs`,
    )
    const fields = JSON.parse(`{"question": "q", "${name}": "own"}`) as Record<string, unknown>
    expect(await render(`{{question}} {{${name}}}`, fields)).toBe('q own')
    expect(await render(`{{question}}{{#${name}}}!{{/${name}}}`, { question: 'q' })).toBe('q')
    expect(await render(`{{question}}{{#question}}[{{${name}}}]{{/question}}`, { question: 'q' })).toBe('q[]')
  }
})

test('a template comes from a file, without its last line end', async () => {
  expect(await render(file('prompt.txt', 'Q: {{question}}\nA:\n'), { question: 'Who?' })).toBe('Q: Who?\nA:')
  expect(await render(file('windows.txt', '\uFEFFQ: {{question}}\r\n'), { question: 'Who?' })).toBe('Q: Who?')
})

test('an absent or empty field is named with its place, the prompt and the columns there are', async () => {
  for (const fields of [{ question: 'q' }, { question: 'q', context: null }, { question: 'q', context: '' }])
    expect(await refusal('nli', fields)).toBe(
      `q.jsonl:7: no context, which the prompt nli needs; columns are ${Object.keys(fields).join(', ')} (--map context=COLUMN takes another)`,
    )
  expect(await refusal('choice', { question: 'q' })).toContain('no choices, which the prompt choice needs')
  expect(await refusal('choice', { question: 'q', choices: [] })).toContain('no choices, which the prompt choice needs')
  expect(await refusal('{{document.title}}', { document: { name: 'x' } })).toBe(
    'q.jsonl:7: no document.title, which the prompt inline needs; columns are document',
  )
})

test('choices are a list of texts, and there are 26 letters', async () => {
  for (const choices of ['A, B', { text: ['a'], label: ['A'] }, [{ text: 'a' }]])
    expect(await refusal('choice', { question: 'q', choices })).toBe(
      'q.jsonl:7: choices is no list of texts, such as ["Paris", "London"]',
    )
  expect(await refusal('choice', { question: 'q', choices: Array.from({ length: 27 }, String) })).toContain(
    '27 choices; there are letters for 26',
  )
  expect(await render('plain', { question: 'q', choices: { not: 'used' } })).toBe('q')
  expect(
    await render('{{question}}{{#choices}} {{letter}}{{/choices}}{{^choices}} open{{/choices}}', { question: 'q' }),
  ).toBe('q open')
})

test.each([
  [
    'an unknown name',
    'qaa',
    /^qaa: this prompt is no file that can be read \(ENOENT\), no text with \{\{question\}\}, and none of plain, qa, nli, choice$/,
  ],
  ['a name of the prototype', 'constructor', /no file that can be read/],
  ['a folder', '/tmp', /no file that can be read \(EISDIR\)/],
  [
    'an unclosed section',
    '{{question}} {{#context}}',
    /^inline: the prompt template cannot be read: Unclosed section "context"/,
  ],
  ['an unclosed tag', '{{question', /^inline: the prompt template cannot be read: Unclosed tag/],
  [
    'a partial',
    '{{question}}{{> other}}',
    /^inline: \{\{> other\}\} would take in another template, and there is none/,
  ],
  ['a comment alone', '{{! nothing }}', /^inline: the prompt names no field; every question would be the same/],
])('%s is refused', async (_, spec, message) => {
  expect(await refusal(spec)).toMatch(message)
})

test('a file that names no field is refused, and one that must judge an answer names it', async () => {
  const path = file('constant.txt', 'Say yes.')
  expect(await refusal(path)).toBe(
    `${path}: the prompt names no field; every question would be the same. Write {{question}} where it belongs`,
  )
  await expect(loadTemplate('{{question}}: right?', 'answer')).rejects.toThrow(
    'inline: the prompt does not name {{answer}}; write it where it belongs',
  )
  await expect(loadTemplate('{{#answer}}{{question}}{{/answer}}', 'answer')).resolves.toBeDefined()
})
