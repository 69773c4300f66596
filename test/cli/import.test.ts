import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readOutcomes } from '../../src/data/read-outcomes.ts'
import { spillway } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'

const rowsOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** As the released outputs have them; contexts are what makes questions depend on each other. */
const automixRow = (i: number, more: object = {}) => ({
  id: `doc${i >> 1}`,
  pid: `doc${i >> 1}_${i}`,
  base_ctx: `A text, the ${i >> 1}th.`,
  question: `Which is ${i}?`,
  output: 'gold',
  dataset: 'qasper',
  split: i < 4 ? 'train' : 'val',
  llama13b_pred_ans: 'small answer',
  llama70b_pred_ans: 'large answer',
  llama13b_f1: i / 10,
  llama70b_f1: 1,
  p_ver_13b: (i % 3) / 2,
  llama13b_ver: ['correct'],
  ...more,
})

describe('AutoMix', () => {
  test('released outputs become outcomes, of a split, with groups and the verifier as a signal', async () => {
    const path = file('automix.jsonl', jsonl(...Array.from({ length: 8 }, (_, i) => automixRow(i))))
    const out = inFolder('automix-out.jsonl')
    const run = await spillway(['import', 'automix', path, '--split', 'val', '--out', out, '--json'])
    expect(run).toMatchObject({ code: 0, stdout: `${JSON.stringify({ out, rows: 4, with_signals: 4 })}\n` })
    expect(run.stderr).toContain('--cost small=1,verify=1,large=50')
    const rows = rowsOf(out)
    expect(rows[0]).toEqual({
      id: 'doc2_4',
      group: expect.stringMatching(/^[\da-f]{16}$/),
      dataset: 'qasper',
      question: 'Which is 4?',
      gold: 'gold',
      small: { model: 'llama13b', answer: 'small answer', quality: 0.4, signals: { self_verification: 0.5 } },
      large: { model: 'llama70b', answer: 'large answer', quality: 1 },
    })
    expect(new Set(rows.map(({ group }) => group)).size).toBe(2)
    const outcomes = await readOutcomes(out)
    expect([outcomes.rows, [...outcomes.small.quality]]).toEqual([4, [0.4, 0.5, 0.6, 0.7]])
    expect(outcomes.signals.map(({ name, verification }) => [name, verification])).toEqual([
      ['self_verification', true],
    ])
  })

  test('other models by their names; a verifier that said nothing leaves the signal out', async () => {
    const row = { pid: 1, mistral7b_f1: 0.5, gpt4_f1: 1, p_ver_7b: null }
    const out = inFolder('other.jsonl')
    const path = file('other-in.jsonl', jsonl(row))
    const flags = ['--small', 'mistral7b', '--large', 'gpt4', '--quiet']
    expect(await spillway(['import', 'automix', path, '--out', out, ...flags])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
    expect(rowsOf(out)).toEqual([
      { id: '1', small: { model: 'mistral7b', quality: 0.5, signals: {} }, large: { model: 'gpt4', quality: 1 } },
    ])
  })

  test.each([
    ['no score', { llama13b_f1: undefined }, /:2: no column llama13b_f1; there are: id, /],
    ['a score that is none', { llama70b_f1: 'high' }, /:2: llama70b_f1 is no number/],
    ['a score on another scale', { llama70b_f1: 87 }, /:2: llama70b_f1 is 87, outside \[0, 1\]/],
  ])('a row with %s is named, and nothing is written', async (_, more, message) => {
    const out = inFolder('never.jsonl')
    const path = file('bad.jsonl', jsonl(automixRow(0), automixRow(1, more)))
    const run = await spillway(['import', 'automix', path, '--out', out])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(message)
    expect(() => readFileSync(out)).toThrow(/ENOENT/)
  })

  test('a split that no row has is a mistake', async () => {
    const path = file('split.jsonl', jsonl(automixRow(0)))
    const run = await spillway(['import', 'automix', path, '--split', 'test', '--out', inFolder('x.jsonl')])
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('no row has the split test')])
  })
})

describe('RouteLLM', () => {
  const gsm8k =
    'prompt,mixtral,gpt-4,mixtral_response,gpt-4_response\n"Two, and\n""two""?",True,True,4,four\nThree?,False,True,,3\n'

  test('benchmarks become outcomes, the weak model first, also gzipped and of several files', async () => {
    const [first, second] = [
      file('gsm8k_responses.csv', gsm8k),
      file('mmlu_law.csv.gz', gzipSync('prompt,mixtral,gpt-4\nIs it?,true,False\n')),
    ]
    const out = inFolder('routellm.jsonl')
    const run = await spillway(['import', 'routellm', first, second, '--out', out])
    expect(run).toMatchObject({ code: 0, stdout: '' })
    expect(run.stderr).toMatch(/3 rows, 0 with a signal\n.*--signal strong_win_rate:lower/)
    expect(rowsOf(out)).toEqual([
      {
        id: 'gsm8k_responses:1',
        dataset: 'gsm8k_responses',
        question: 'Two, and\n"two"?',
        small: { model: 'mixtral', answer: '4', quality: 1, signals: {} },
        large: { model: 'gpt-4', answer: 'four', quality: 1 },
      },
      {
        id: 'gsm8k_responses:2',
        dataset: 'gsm8k_responses',
        question: 'Three?',
        small: { model: 'mixtral', quality: 0, signals: {} },
        large: { model: 'gpt-4', answer: '3', quality: 1 },
      },
      {
        id: 'mmlu_law:1',
        dataset: 'mmlu_law',
        question: 'Is it?',
        small: { model: 'mixtral', quality: 1, signals: {} },
        large: { model: 'gpt-4', quality: 0 },
      },
    ])
  })

  test('win rates beside them are a signal, and models can be chosen', async () => {
    const path = file('three.csv', 'prompt,a,b,c,strong_win_rates\nOne?,True,False,True,0.25\n')
    const out = inFolder('three.jsonl')
    await spillway(['import', 'routellm', path, '--small', 'b', '--large', 'a', '--out', out])
    expect(rowsOf(out)[0]).toMatchObject({
      small: { model: 'b', quality: 0, signals: { strong_win_rate: 0.25 } },
      large: { model: 'a', quality: 1 },
    })
  })

  test('a file of another shape is named with what it has', async () => {
    const path = file('shape.csv', 'question,a\nOne?,True\n')
    const run = await spillway(['import', 'routellm', path, '--out', inFolder('y.jsonl')])
    expect([run.code, run.stderr]).toEqual([
      2,
      expect.stringMatching(/shape\.csv:2: expected a prompt and a column .*question, a/),
    ])
  })
})

test('what has no format is said to have none', async () => {
  const frugal = await spillway(['import', 'frugalgpt', 'x.csv', '--out', 'y.jsonl'])
  expect([frugal.code, frugal.stderr]).toEqual([2, expect.stringMatching(/FrugalGPT records no /)])
  const other = await spillway(['import', 'other', 'x.csv', '--out', 'y.jsonl'])
  expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/Expected one of: automix, routellm/)])
})
