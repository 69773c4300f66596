import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync, spawn } from 'node:child_process'
import { CommanderError } from 'commander'
import { describe, expect, test, vi } from 'vitest'
import { collectCommand } from '../../src/cli/collect.ts'
import { SpillwayError } from '../../src/core/errors.ts'
import { collectScene } from '../support/collect-scene.ts'
import { callsOf, questionsOf } from '../support/collected.ts'
import { file, inFolder, jsonl } from '../support/files.ts'
import { mainPath } from '../support/cli.ts'
import { run, start } from '../support/process.ts'

const questions = file('questions.jsonl', jsonl(...questionsOf(3)))
/** Nobody listens there. */
const models = [
  '--small',
  'small@http://127.0.0.1:9/v1',
  '--large',
  'large@http://127.0.0.1:9/v1',
  '--cost',
  'small=1,large=10',
]
const good = [questions, ...models, '--out', inFolder('never.jsonl')]
const yaml = (name: string, text: string) => file(`${name}.yaml`, text)

interface Case {
  name: string
  args: string[]
  /** The one sentence that is said. */
  says: RegExp
}
const flag = (args: string[], says: RegExp): Case => ({ name: args.join(' '), args: [...good, ...args], says })

const cases: Case[] = [
  flag(['--concurrency', '0'], /--concurrency.*'0' is invalid\. Expected a whole number of at least 1\./),
  flag(['--concurrency', 'small=1e9'], /--concurrency.*Expected at most 10000\./),
  flag(['--concurrency', 'small=2,small=3'], /--concurrency.*small is given twice\./),
  flag(['--concurrency', 'tiny=2'], /--concurrency.*Expected a number\./),
  flag(['--concurrency', 'small=2,tiny=2'], /--concurrency.*Expected one value, or small=…,large=…\./),
  flag(['--max-tokens', '-3'], /--max-tokens.*Expected a whole number/),
  flag(['--temperature', '3'], /--temperature.*A temperature lies between 0 and 2\./),
  flag(['--verify', '0'], /--verify.*Expected a number of samples up to 100, p_true, or both, such as 4,p_true\./),
  flag(['--verify', '4,8'], /--verify.*Expected a number of samples up to 100/),
  flag(['--verify', '1000000000'], /--verify.*Expected a number of samples up to 100/),
  flag(['--verify', 'true'], /--verify.*Expected a number of samples/),
  flag(
    ['--verify-prompt', 'Is {{question}} right?', '--verify', '1'],
    /inline: the prompt does not name \{\{answer\}\}; write it where it belongs/,
  ),
  flag(
    ['--p-true-prompt', 'no-such-file', '--verify', 'p_true'],
    /no-such-file: this prompt is no file that can be read \(ENOENT\)/,
  ),
  flag(
    ['--signals', 'confidence'],
    /--signals: confidence is no signal of an answer's tokens; there are mean_logprob, /,
  ),
  flag(['--signals', 'mean_logprob_at_0'], /--signals: mean_logprob_at_0 is no signal/),
  flag(['--signals', 'self_verification'], /--signals: self_verification is no signal of an answer's tokens/),
  flag(['--signals', ''], /--signals.*Expected words between commas\./),
  flag(['--top-logprobs', '2.5'], /--top-logprobs.*Expected a whole number from 0 to 100\./),
  flag(['--seed', '-1'], /--seed.*Expected a whole number from 0 to/),
  flag(['--limit', 'all'], /--limit.*Expected a number\./),
  flag(['--max-cost', '-1'], /--max-cost.*Expected an amount of at least 0\./),
  flag(['--max-cost', 'Infinity'], /--max-cost.*Expected a number\./),
  flag(
    ['--price', 'small=1'],
    /--price.*Expected USD per million tokens as INPUT\/OUTPUT or INPUT\/CACHED\/OUTPUT, or 0\./,
  ),
  flag(['--price', 'small=1/2/3/4'], /--price.*Expected USD per million/),
  flag(['--price', 'small=1/-2'], /--price.*Expected an amount of at least 0\./),
  flag(['--price', 'small=1/2'], /small has a --price and a --cost; which one holds\?/),
  flag(['--api', 'chats'], /--api.*Expected chat or completions\./),
  flag(['--map', 'gold'], /--map.*Expected FIELD=COLUMN/),
  flag(
    ['--map', 'golden=label'],
    /--map: a question has no field golden; fields are id, question, context, choices, gold, group, dataset/,
  ),
  flag(['--map', 'gold=solution'], /questions\.jsonl:1: no column solution, which --map names for gold/),
  flag(
    ['--prompt', 'qaa'],
    /qaa: this prompt is no file that can be read \(ENOENT\), no text with \{\{question\}\}, and none of plain, qa, nli, choice/,
  ),
  flag(
    ['--prompt', '{{question}} {{topic}}'],
    /questions\.jsonl:1: no topic, which the prompt inline needs; columns are id, question, gold/,
  ),
  flag(['--prompt', '{{#question}}'], /inline: the prompt template cannot be read: Unclosed section "question"/),
  flag(['--scorer', 'f2'], /no scorer called "f2"/),
  flag(['--scorer', './no-such-scorer.js'], /scorer \.\/no-such-scorer\.js: there is no file/),
  flag(['--scorer', 'number:tolerance=much'], /tolerance/),
  flag(['--scorer', 'number'], /questions\.jsonl:1: the reference "yes" has no number/),
  flag(['--config', '/nowhere.yaml'], /\/nowhere\.yaml: the configuration cannot be read \(ENOENT\)/),
  flag(
    ['--config', yaml('unknown-key', 'collect:\n  scorrer: f1\n')],
    /unknown-key\.yaml:2: collect\.scorrer: there is no such key; there are questions, /,
  ),
  flag(['--config', yaml('broken', 'small: [\n')], /broken\.yaml:\d: /),
  flag(
    ['--key-env', 'large=NO_SUCH_KEY_HERE'],
    /the key of the large model: the environment variable NO_SUCH_KEY_HERE is not set/,
  ),
  flag(['--workres', 'x'], /unknown option '--workres'/),
  flag(['more'], /too many arguments/),
  { name: 'no questions', args: models, says: /no questions: give a file of questions with right answers/ },
  {
    name: 'questions that are not there',
    args: ['/nowhere.jsonl', ...good.slice(1)],
    says: /\/nowhere\.jsonl: there is no such file/,
  },
  {
    name: 'questions from standard input',
    args: ['-', ...good.slice(1)],
    says: /questions are read more than once, so they cannot come from standard input or a pipe; write them to a file/,
  },
  {
    name: 'a folder of questions',
    args: ['/tmp', ...good.slice(1)],
    says: /\/tmp: this is a directory; name a file in it/,
  },
  {
    name: 'questions without answers',
    args: [file('open.jsonl', jsonl({ question: 'a' })), ...good.slice(1)],
    says: /open\.jsonl:1: no right answer; expected a column gold \(or --map gold=COLUMN\)\. Columns: question/,
  },
  {
    name: 'a question without an answer on line 3',
    args: [file('third.jsonl', `${jsonl(...questionsOf(2))}{"question":"c"}\n`), ...good.slice(1)],
    says: /third\.jsonl:3: no right answer/,
  },
  { name: 'an empty file', args: [file('empty.jsonl', ''), ...good.slice(1)], says: /empty\.jsonl: the file is empty/ },
  { name: 'no --out', args: good.slice(0, -2), says: /no file for the outcomes: give --out outcomes\.jsonl/ },
  {
    name: 'no small model',
    args: [questions, '--large', 'ollama:x', '--cost', '1', '--out', 'x'],
    says: /no small model: give --small, such as --small ollama:llama3\.2:1b, or a configuration with --config/,
  },
  {
    name: 'no price',
    args: [questions, '--small', 'ollama:x', '--large', 'ollama:y', '--cost', 'small=1', '--out', 'x'],
    says: /no price known for the large model, ollama:y: give --price large=INPUT\/OUTPUT in USD per million tokens, --cost large=N for each call, or 0/,
  },
  {
    name: 'an unclear model',
    args: [questions, '--small', 'gpt-4', '--large', 'ollama:y', '--cost', '1', '--out', inFolder('n1.jsonl')],
    says: /small: gpt-4 names no model; write a file \(model\.gguf\), a server's model/,
  },
  {
    name: 'a model file that is not there',
    args: [questions, '--small', 'no.gguf', '--large', 'ollama:y', '--cost', '1', '--out', inFolder('n2.jsonl')],
    says: /no\.gguf: the model file cannot be read \(ENOENT\)/,
  },
  {
    name: 'a second model file that is not there',
    args: [
      questions,
      '--small',
      'examples/tiny-pair/small.gguf',
      '--large',
      'no.gguf',
      '--cost',
      '1',
      '--out',
      inFolder('n3.jsonl'),
    ],
    says: /no\.gguf: the model file cannot be read \(ENOENT\)/,
  },
  {
    name: 'a model file that is none',
    args: [
      questions,
      '--small',
      file('text.gguf', 'hello'),
      '--large',
      'ollama:y',
      '--cost',
      '1',
      '--out',
      inFolder('n4.jsonl'),
    ],
    says: /text\.gguf: this is no GGUF file/,
  },
  {
    name: 'a URL that is none',
    args: [questions, '--small', 'x@http://', '--large', 'ollama:y', '--cost', '1', '--out', inFolder('n5.jsonl')],
    says: /a model's URL must begin with http:\/\/ or https:\/\//,
  },
  {
    name: 'no key',
    args: [questions, '--small', 'ollama:x', '--large', 'openai:gpt-4.1', '--cost', '1', '--out', inFolder('n6.jsonl')],
    says: /the key of the large model: the environment variable OPENAI_API_KEY is not set/,
  },
]

/** What the command says before it ends, here in this process. */
async function said(args: readonly string[]): Promise<string> {
  const written: string[] = []
  const command = collectCommand()
    .exitOverride()
    .configureOutput({ outputError: (text) => written.push(text.replace(/^error: /, '')) })
  const error: unknown = await command.parseAsync(args, { from: 'user' }).then(
    () => 'it did not refuse',
    (thrown: unknown) => thrown,
  )
  if (SpillwayError.is(error)) return error.message
  return error instanceof CommanderError && error.exitCode > 0 ? written.join('') : `unexpected: ${String(error)}`
}

test.each(cases)('$name is told in one sentence', async ({ args, says }) => {
  vi.stubEnv('OPENAI_API_KEY', '')
  const text = (await said(args)).replace(/\n\(Did you mean --\w+\?\)/, '').trimEnd()
  vi.unstubAllEnvs()
  expect(text).toMatch(says)
  expect(text.split('\n')).toHaveLength(1)
})

test.each([2, 20, 33, 37, 38, 44, 47, 57].map((place) => cases[place]))(
  'the command ends with exit code 2 and writes nothing: $name',
  async ({ args, says }) => {
    const { code, stdout, stderr } = await run(['collect', ...args], { OPENAI_API_KEY: undefined })
    expect(stderr).toMatch(/^spillway: /)
    expect(stderr).toMatch(says)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(existsSync(inFolder('never.jsonl'))).toBe(false)
    expect(existsSync(inFolder('never.calls.jsonl'))).toBe(false)
  },
)

describe('outcomes that cannot be written are found out before anything is paid', () => {
  const refused = async (name: string, out: string, says: RegExp) => {
    const scene = await collectScene(name)
    const { code, stderr } = await scene.run(['--cost', '1', '--out', out])
    expect(stderr).toMatch(says)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
    expect(scene.server.lines).toEqual([])
  }

  test('a folder', async () => {
    mkdirSync(inFolder('out-folder'))
    await refused(
      'out-folder-scene',
      inFolder('out-folder'),
      /out-folder: this is a directory; name a file in it: --out .*out-folder\/outcomes\.jsonl/,
    )
  })
  test('a device', () =>
    refused(
      'out-device',
      '/dev/full',
      /\/dev\/full: this is no file, and outcomes are to be gone on with; choose another --out/,
    ))
  test('standard output', () =>
    refused('out-stdout', '-', /outcomes go to a file, beside which finished calls are kept: --out outcomes\.jsonl/))
  test('a place where nothing can be', () => refused('out-proc', '/proc/nowhere/out.jsonl', /cannot be written \(E/))
  test('a place below a file', () => refused('out-below', `${questions}/out.jsonl`, /cannot be written \(ENOTDIR\)/))
  test('a link to a place where nothing can be', async () => {
    const out = inFolder('link.jsonl')
    symlinkSync('/proc/version', out)
    writeFileSync(inFolder('link.calls.jsonl'), '{"key":"a","error":"x"}\n')
    await refused('out-link', out, /link\.jsonl: (cannot be written|this is no file)/)
  })
  test('the questions themselves', async () => {
    const scene = await collectScene('out-questions')
    for (const out of [scene.questions, scene.questions.replace('.jsonl', '')]) {
      const { code, stderr } = await scene.run(['--cost', '1', '--out', out])
      if (out === scene.questions) expect(stderr).toMatch(/holds the questions: it would be written over/)
      else expect(code).toBe(0)
    }
    const calls = file('mine.calls.jsonl', jsonl(...questionsOf(2)))
    const { code, stderr } = await run(['collect', calls, ...models, '--out', inFolder('mine.jsonl')])
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('holds the questions') as string,
    })
  })
  test('outcomes of another origin', async () => {
    const out = file('foreign.jsonl', '{"perf_slm":1}\n')
    await refused(
      'out-foreign',
      out,
      /foreign\.jsonl exists, and .*foreign\.calls\.jsonl, from which it could be continued, does not: move it away, or choose another --out/,
    )
    writeFileSync(inFolder('foreign.calls.jsonl'), '')
    await refused('out-foreign-2', out, /foreign\.jsonl exists/)
    expect(readFileSync(out, 'utf8')).toBe('{"perf_slm":1}\n')
  })
  test('a journal of another kind', async () => {
    file('kind.calls.jsonl', '{"id":"q1"}\n')
    await refused(
      'out-kind',
      inFolder('kind.jsonl'),
      /kind\.calls\.jsonl:1: this is no recorded call\. Move the file away, or choose another --out/,
    )
  })
  test('a journal that is a device', async () => {
    symlinkSync('/dev/full', inFolder('device.calls.jsonl'))
    await refused(
      'out-journal-device',
      inFolder('device.jsonl'),
      /device\.calls\.jsonl: finished calls are kept here, and this is no file; choose another --out/,
    )
  })
})

test('a disk that fills up ends it with one sentence, and what fits is kept', async () => {
  const scene = await collectScene('full', () => ({ text: 'yes '.repeat(50) }), questionsOf(50))
  const child = spawn('bash', [
    '-c',
    `trap '' XFSZ; ulimit -f 8; exec "$@"`,
    'bash',
    process.execPath,
    mainPath,
    ...scene.args,
    '--cost',
    '1',
  ])
  let stderr = ''
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(stderr).toMatch(/spillway: .*full\.calls\.jsonl: cannot be written \(EFBIG\)\n$/)
  expect(code).toBe(2)
  const kept = callsOf(scene.out).length
  expect(kept).toBeGreaterThan(2)
  expect(await scene.run(['--cost', '1'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`${kept} calls known before`) as string,
  })
})

test.each([
  ['a key that is refused', { status: 401, error: 'bad key' }, /HTTP 401, the server wants a key: bad key/],
  ['an account without money', { status: 402, error: 'insufficient credits' }, /HTTP 402: insufficient credits/],
  [
    'a model that is not there',
    { status: 404, error: 'no model small' },
    /HTTP 404.*does the base URL end .* is there a model "(small|large)"\?/,
  ],
  [
    'an answer that is none',
    { status: 200, error: 'overloaded' },
    /the server gave an error within its answer: overloaded/,
  ],
])(
  '%s ends it at once with what is to be done',
  async (name, said, message) => {
    const scene = await collectScene(`down-${name.replaceAll(' ', '-')}`, () => ({
      ...said,
      headers: { 'x-should-retry': 'false' },
    }))
    const started = performance.now()
    const { code, stderr } = await scene.run()
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(scene.server.lines.length).toBeLessThanOrEqual(name.includes('none') ? 40 : 2)
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(existsSync(scene.out)).toBe(false)
  },
  60_000,
)

test('a server that is not there ends it after a few attempts with what is to be done', async () => {
  const { code, stderr } = await run(['collect', ...good.slice(0, -1), inFolder('refused.jsonl')])
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^spillway: http:\/\/127\.0\.0\.1:9\/v1\/chat\/completions: connection refused; is the server running\?\n$/,
  )
}, 60_000)

test('questions from a pipe are refused, since they are read more than once', async () => {
  execFileSync('mkfifo', [inFolder('pipe')])
  const { code, stderr } = await run(['collect', inFolder('pipe'), ...good.slice(1)])
  expect(code).toBe(2)
  expect(stderr).toContain('cannot come from standard input or a pipe')
})

test('a key on the command line is refused and not shown', async () => {
  for (const key of ['sk-verysecret', 'sk_verysecret', 'abc.verysecret'])
    for (const flags of [`large=${key}`, key]) {
      const { code, stderr } = await run(['collect', ...good, '--key-env', flags])
      expect(code).toBe(2)
      expect(stderr).toMatch(/^spillway: --key-env (small|large)=…: this is no name of an environment variable/)
      expect(stderr).not.toContain('verysecret')
    }
}, 60_000)

test('no key comes to light, whatever a server does with it', async () => {
  const key = 'sk-proj-very+secret/123=='
  const scene = await collectScene(
    'secrets',
    ({ headers, before, body, prompt }) => {
      const told = `${headers.authorization} ${String(headers['x-api-key'])} ${encodeURIComponent(key)}`
      if (before % 3 === 1) return { status: 400, error: `wrong: ${told} in ${JSON.stringify(body)}` }
      if (before % 3 === 2) return { status: 200, error: `wrong: ${told}` }
      return { text: prompt }
    },
    questionsOf(30),
  )
  const config = file(
    'secrets.yaml',
    JSON.stringify(
      Object.fromEntries(
        ['small', 'large'].map((model) => [
          model,
          {
            model,
            url: scene.server.url,
            key: '${MY_KEY}',
            headers: { 'X-Api-Key': '${OTHER}' },
            query: { token: 'q' },
            price: { call: 1 },
            retries: 0,
          },
        ]),
      ),
    ),
  )
  const env = { MY_KEY: key, OTHER: 'other-very-secret' }
  const { code, stdout, stderr } = await run(
    [
      'collect',
      scene.questions,
      '--config',
      config,
      '--prompt',
      'plain',
      '--out',
      scene.out,
      '--keep-tokens',
      '--verify',
      '1',
    ],
    env,
  )
  expect(code).toBe(2)
  expect(scene.server.lines.some(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true)
  for (const path of [scene.out, scene.journal])
    if (!existsSync(path) && path === scene.journal) throw new Error('nothing was recorded')
  const everything = [
    stdout,
    stderr,
    ...[scene.out, scene.journal].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')),
  ].join('\n')
  expect(everything).toContain('wrong: ')
  for (const secret of [key, encodeURIComponent(key), 'very+secret', 'other-very-secret', 'very%2Bsecret'])
    expect(everything).not.toContain(secret)
})

test('closed standard error does not keep it from its work', async () => {
  const scene = await collectScene('deaf')
  const { child, ended } = start([...scene.args, '--cost', '1'])
  child.stderr?.destroy()
  expect((await ended).code).toBe(0)
  expect(callsOf(scene.out)).toHaveLength(40)
})

test.skipIf(process.getuid?.() === 0)(
  'a folder that may not be written to is told before anything is paid',
  async () => {
    mkdirSync(inFolder('locked'))
    chmodSync(inFolder('locked'), 0o500)
    const scene = await collectScene('locked-scene')
    const { code, stderr } = await scene.run(['--cost', '1', '--out', inFolder('locked/out.jsonl')])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('EACCES') as string })
    expect(scene.server.lines).toEqual([])
  },
)
