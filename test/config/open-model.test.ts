import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { expand } from '../../src/config/expand.ts'
import { openModel, type OpenedModel } from '../../src/config/open-model.ts'
import { readShortName } from '../../src/config/providers.ts'
import type { ModelEntry } from '../../src/config/schema.ts'
import { file, inFolder } from '../support/files.ts'
import { scriptedServer } from '../support/scripted-server.ts'
import { tinyPair } from '../support/tiny-pair.ts'

const opened: OpenedModel[] = []
afterEach(async () => {
  for (const { model } of opened.splice(0)) await model.close()
})

async function open(entry: ModelEntry, env: NodeJS.ProcessEnv = {}, folder = '.'): Promise<OpenedModel> {
  const one = await openModel(entry, { env, folder, role: 'large', concurrency: 1 })
  opened.push(one)
  return one
}
const refusal = (entry: ModelEntry, env: NodeJS.ProcessEnv = {}) =>
  open(entry, env).then(
    () => 'no refusal',
    (error: Error) => error.message,
  )

test('a short name means a file, a name at a known server, or a name at any other', () => {
  expect(readShortName('models/qwen.GGUF')).toEqual({ path: 'models/qwen.GGUF' })
  expect(readShortName('ollama:llama3.2:1b')).toEqual({ url: 'http://localhost:11434/v1', model: 'llama3.2:1b' })
  expect(readShortName('openrouter:anthropic/claude')).toMatchObject({
    model: 'anthropic/claude',
    key: 'OPENROUTER_API_KEY',
  })
  expect(readShortName('a@b:c@https://host/v1')).toEqual({ model: 'a@b:c', url: 'https://host/v1' })
  for (const none of ['gpt-4.1', 'openai:', ':x', '', 'constructor:x', '@http://host', 'azure:gpt'])
    expect(readShortName(none)).toBeUndefined()
})

test('a variable is replaced wherever it stands; one that is not set or empty is named, and no value is shown', () => {
  expect(expand('Bearer ${A} ${B}', { A: 'x', B: '$&' }, 'key')).toBe('Bearer x $&')
  expect(expand('no $A or {A}', {}, 'key')).toBe('no $A or {A}')
  for (const env of [{}, { B: '' }])
    expect(() => expand('${A}${B}', { A: 'secret', ...env }, 'the key of the small model')).toThrow(
      /^the key of the small model: the environment variable B is not set$/,
    )
})

describe('a model that is not clear is refused with what could be written', () => {
  test.each<[string, ModelEntry]>([
    ['a name alone', { model: 'gpt-4.1' }],
    ['nothing', {}],
    ['a URL alone', { url: 'http://localhost/v1' }],
    ['an unknown provider', { model: 'azure:gpt' }],
  ])('%s', async (_, entry) => {
    expect(await refusal(entry)).toMatch(
      /^large: .* names no model; write a file \(model\.gguf\), a server's model \(openai:NAME, .*\) or NAME@http:\/\/host\/v1$/,
    )
  })
})

test('a key is looked for in the variable of the provider, or in the one that is said', async () => {
  expect(await refusal({ model: 'openai:gpt-4.1' })).toBe(
    'the key of the large model: the environment variable OPENAI_API_KEY is not set',
  )
  expect(await refusal({ model: 'openai:gpt-4.1', key: '${MINE}' }, { OPENAI_API_KEY: 'x' })).toContain(
    'MINE is not set',
  )
  expect(await refusal({ model: 'ollama:x', headers: { 'x-key': '${MINE}' } })).toBe(
    'the header x-key of the large model: the environment variable MINE is not set',
  )
})

test('key, headers, query and body reach the server, and no key is part of what the model is known by', async () => {
  const server = await scriptedServer(() => ({}))
  const entry: ModelEntry = {
    model: 'gpt',
    url: `${server.url}/`,
    key: '${MY_KEY}',
    headers: { 'X-Team': 'a ${TEAM}' },
    query: { 'api-version': '2' },
    body: { top_p: 0.5 },
  }
  const { model, identity, form } = await open(entry, { MY_KEY: 'sk-secret', TEAM: 'b' })
  for await (const _ of model.generate({ prompt: [{ role: 'user', content: 'hi' }], maxTokens: 1 }));
  const [{ headers, body }] = server.lines
  expect(headers).toMatchObject({ authorization: 'Bearer sk-secret', 'x-team': 'a b' })
  expect(server.asked[0].path).toBe('/v1/chat/completions?api-version=2')
  expect(body).toMatchObject({ model: 'gpt', top_p: 0.5 })
  expect(identity).not.toContain('secret')
  expect(form).toBe('chat')
  await server.close()
})

test('a server is known by address, name, query and body; not by key, id or price', async () => {
  const base: ModelEntry = { model: 'm', url: 'http://host/v1' }
  const { identity } = await open(base)
  for (const same of [
    { id: 'other' },
    { price: { call: 3 } },
    { key: '${K}' },
    { timeout_s: 5, retries: 1 },
    { temperature: 1 },
  ])
    expect((await open({ ...base, ...same }, { K: 'x' })).identity).toBe(identity)
  for (const other of [{ model: 'n' }, { url: 'http://host/v2' }, { query: { a: 'b' } }, { body: { top_p: 1 } }])
    expect((await open({ ...base, ...other })).identity).not.toBe(identity)
  expect((await open({ model: 'm@http://host/v1/' })).identity).toBe(identity)
})

test('a server with the completions API gets prompts as they stand', async () => {
  expect((await open({ model: 'ollama:x', api: 'completions' })).form).toBe('raw')
  expect((await open({ model: 'ollama:x', api: 'chat' })).form).toBe('chat')
})

test('a file is found from the folder of the configuration, and known by its content wherever it lies', async () => {
  const here = await open({ gguf: 'small.gguf' }, {}, tinyPair)
  copyFileSync(`${tinyPair}/small.gguf`, inFolder('copy.gguf'))
  const copy = await open({ model: inFolder('copy.gguf') })
  expect(copy.identity).toBe(here.identity)
  expect((await open({ gguf: inFolder('copy.gguf'), entropy: 'top' })).identity).not.toBe(here.identity)
})

test('files that differ anywhere in their tenths are told apart', async () => {
  const { identity } = await open({ gguf: 'small.gguf' }, {}, tinyPair)
  const bytes = readFileSync(`${tinyPair}/small.gguf`)
  for (let tenth = 5; tenth < 10; tenth++) {
    const other = Buffer.from(bytes)
    other[Math.floor((bytes.length * tenth) / 10)] ^= 1
    writeFileSync(inFolder('changed.gguf'), other)
    expect((await open({ gguf: inFolder('changed.gguf') })).identity).not.toBe(identity)
  }
})

test.each([
  ['no file', '/nowhere/x.gguf', undefined, /\/nowhere\/x\.gguf: the model file cannot be read \(ENOENT\)/],
  ['no GGUF', inFolder('text.gguf'), 'hello', /text\.gguf: this is no GGUF file/],
  ['a torn file', inFolder('torn.gguf'), 'torn', /torn\.gguf/],
])('%s is refused by name', async (_, path, content, message) => {
  if (content !== undefined)
    file(
      path.slice(path.lastIndexOf('/') + 1),
      content === 'torn' ? readFileSync(`${tinyPair}/small.gguf`).subarray(0, 100_000) : content,
    )
  expect(await refusal({ gguf: path })).toMatch(message)
})

describe('a key in a file', () => {
  const sent = async (entry: ModelEntry, env: NodeJS.ProcessEnv = {}) => {
    const server = await scriptedServer(() => ({}))
    const { model } = await open({ model: 'gpt', url: server.url, ...entry }, env)
    for await (const _ of model.generate({ prompt: 'hi', maxTokens: 1 }));
    return server.lines[0].headers.authorization
  }
  test('is sent without the end of its line', async () => {
    expect(await sent({ key_file: file('key', 'sk-1\n') })).toBe('Bearer sk-1')
  })
  test('is named where it is not there, empty, or one of two', async () => {
    const entry = { model: 'gpt', url: 'http://localhost/v1' }
    expect(await refusal({ ...entry, key_file: '/nowhere/key' })).toBe(
      'the key of the large model: /nowhere/key cannot be read (ENOENT)',
    )
    expect(await refusal({ ...entry, key_file: file('empty', ' \n') })).toMatch(
      /^the key of the large model: .* is empty$/,
    )
    expect(await refusal({ ...entry, key: '${A}', key_file: 'x' })).toMatch(/give key or key_file, not both$/)
  })
})
