import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { file } from '../support/files.ts'

const load = (text: string, name = 'spillway.yaml') => loadConfig(file(name, text))
const refusal = (text: string) =>
  load(text).then(
    (config) => `no refusal but ${JSON.stringify(config)}`,
    (error: Error) => error.message.replace(/^.*\//, ''),
  )

test('every key there is can be said', async () => {
  const text = `
small:
  model: llama3.2:1b
  url: http://localhost:11434/v1
  id: tiny
  key: \${SMALL_KEY}
  headers: { x-team: a, authorization: 'Bearer \${SMALL_KEY}' }
  query: { version: '1' }
  api: completions
  price: { input: 0.1, cached: 0, output: 0.2 }
  system: Be brief.
  max_tokens: 64
  temperature: 0
  stop: ["\\n"]
  body: { top_p: 0.9, nested: { a: [1] } }
  timeout_s: 30
  retries: 0
  concurrency: 4
large:
  gguf: large.gguf
  price: { call: 10 }
  entropy: top
  context: 2048
  threads: 2
  gpu: false
collect:
  questions: questions.jsonl
  out: outcomes.jsonl
  map: { gold: answer }
  prompt: qa
  scorer: f1
  verify: [4, p_true]
  verify_prompt: verify.txt
  p_true_prompt: true.txt
  signals: [mean_logprob_at_8]
  top_logprobs: 0
  keep_tokens: true
  seed: 0
  limit: 5
  max_cost: 0
`
  const config = await load(text)
  expect(config).toMatchObject({
    small: { model: 'llama3.2:1b', key: '${SMALL_KEY}', api: 'completions', stop: ['\n'], retries: 0, temperature: 0 },
    large: { gguf: 'large.gguf', entropy: 'top', gpu: false },
    collect: { verify: [4, 'p_true'], max_cost: 0, top_logprobs: 0 },
  })
  expect(Object.keys(config.small as object)).toHaveLength(16)
  expect(Object.keys(config.collect as object)).toHaveLength(14)
})

test('models may be short names, verification one number or word, and a file may be JSON or empty', async () => {
  expect(await load('small: models/a.gguf\nlarge: openai:gpt-4.1\ncollect: { verify: 4 }')).toEqual({
    small: 'models/a.gguf',
    large: 'openai:gpt-4.1',
    collect: { verify: 4 },
  })
  expect(await load('{"collect": {"verify": "p_true"}}')).toEqual({ collect: { verify: 'p_true' } })
  for (const empty of ['', '# nothing\n', '---\n']) expect(await load(empty)).toEqual({})
})

describe('a key that is not there is named with its line and those that are', () => {
  test.each([
    ['at the top', 'small: a.gguf\nmodel:\n  a: b\n', 2, 'model', 'small, large, models, collect, serve'],
    ['of a model', 'small:\n  gguf: a.gguf\n  temprature: 0\n', 3, 'small.temprature', 'model, gguf, url, id, key,'],
    [
      'of a collection',
      'collect:\n  scorer: f1\n\n  pormpt: qa\n',
      4,
      'collect.pormpt',
      'questions, out, map, prompt,',
    ],
    [
      'of a price',
      'large:\n  price:\n    input: 1\n    outputs: 2\n',
      4,
      'large.price.outputs',
      'input, cached, output, or call alone',
    ],
  ])('%s', async (_, text, line, key, keys) => {
    const said = await refusal(text)
    expect(said).toContain(`spillway.yaml:${line}: ${key}: there is no such key; there are ${keys}`)
  })
})

test.each([
  ['small:\n  max_tokens: many\n', 'spillway.yaml:2: small.max_tokens: expected number, received string'],
  ['small:\n  max_tokens: 0\n', 'spillway.yaml:2: small.max_tokens: Too small: expected number to be >0'],
  ['small:\n  max_tokens: 1.5\n', 'spillway.yaml:2: small.max_tokens: expected int, received number'],
  ['large:\n  price: { input: 1 }\n', 'spillway.yaml:2: large.price.output: expected number, received undefined'],
  ['large:\n  price:\n    call: -1\n', 'spillway.yaml:3: large.price.call: Too small'],
  ['large:\n  temperature: 3\n', 'spillway.yaml:2: large.temperature: Too big'],
  ['large:\n  url: ftp://host/v1\n', 'spillway.yaml:2: large.url: Invalid URL'],
  ['large:\n  api: messages\n', 'spillway.yaml:2: large.api: Invalid option: expected one of "chat"|"completions"'],
  ['large:\n  timeout_s: 1e10\n', 'spillway.yaml:2: large.timeout_s: Too big'],
  ['large:\n  concurrency: 1000000000\n', 'spillway.yaml:2: large.concurrency: Too big'],
  ['large:\n  stop: no list\n', 'spillway.yaml:2: large.stop: expected array, received string'],
  ['small: 7\n', 'spillway.yaml:1: small: Invalid input'],
  [
    'collect:\n  verify: [4, 8]\n',
    'spillway.yaml:2: collect.verify: expected a number of samples from 1 to 100, p_true, or both as [4, p_true]',
  ],
  ['collect:\n  verify: 1000\n', 'spillway.yaml:2: collect.verify: expected a number of samples from 1 to 100'],
  ['collect:\n  verify: often\n', 'spillway.yaml:2: collect.verify: expected a number of samples from 1 to 100'],
  ['collect:\n  max_cost: -1\n', 'spillway.yaml:2: collect.max_cost: Too small'],
  ['- a\n- b\n', 'spillway.yaml:1: expected object, received array'],
  ['hello\n', 'spillway.yaml:1: expected object, received string'],
])('a value that cannot be is named with its line: %j', async (text, message) => {
  expect(await refusal(text)).toContain(message)
})

test.each([
  ['a tab in place of spaces', 'small:\n\tmodel: a\n', 2],
  ['a bracket that is not closed', 'small:\n  stop: [a\nlarge: b\n', 3],
  ['a key twice', 'small: a\nlarge: b\nsmall: c\n', 3],
])('%s is an error with its line', async (_, text, line) => {
  expect(await refusal(text)).toMatch(new RegExp(`^spillway\\.yaml:${line}: \\S.*[^.]$`))
})

test('aliases of nothing and aliases without end are not followed', async () => {
  expect(await refusal('small: a\nlarge: *other\n')).toMatch(/^spillway\.yaml: Unresolved alias .*: other$/)
  const bomb = `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${[1, 2, 3, 4, 5, 6, 7, 8].map((i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(10)}]\n`).join('')}`
  expect(await refusal(bomb)).toMatch(/^spillway\.yaml/)
})

test.each([
  'small:\n  key: sk-very-secret-123\n',
  'small:\n  key: "Bearer sk-very-secret-123"\n',
  'small:\n  key: [sk-very-secret-123]\n',
  'small:\n  headers:\n    api-key: sk-very-secret-123\n',
  'small:\n  headers: { Authorization: Bearer sk-very-secret-123 }\n',
  'small:\n  headers: { X-API-Key: sk-very-secret-123 }\n',
  'small:\n  keys: sk-very-secret-123\n',
])('a key in the file is refused and not shown: %j', async (text) => {
  const said = await refusal(text)
  expect(said).toMatch(/^spillway\.yaml:[23]: small\.(key|headers)/)
  expect(said).not.toContain('secret')
  if (!text.includes('keys') && !text.includes('['))
    expect(said).toContain('a key does not belong in a file: write ${NAME}')
})

test('a file that is not there is refused by name', async () => {
  await expect(loadConfig('/nowhere/spillway.yaml')).rejects.toThrow(
    '/nowhere/spillway.yaml: the configuration cannot be read (ENOENT)',
  )
})
