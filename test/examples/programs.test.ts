import { execFile, spawn } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inFolder } from '../support/files.ts'
import { packedFolder } from '../support/packed.ts'
import { servePair, type PairServer } from '../support/pair-server.ts'
import { serveFolder } from '../support/serve.ts'
import { openTiny, tinyPair } from '../support/tiny-pair.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const run = promisify(execFile)

// What the examples import beside the package is no part of the project's own installation.
const modules = ['hono@4', '@hono/node-server@2', '@langchain/core@1']
const folder = inFolder('programs')
let server: PairServer
let config: string
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  packedFolder(folder)
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--no-save']
  const away = inFolder('modules')
  await run('npm', ['install', ...flags, '--prefix', away, ...modules])
  for (const each of ['gateway/hono.mjs', 'langchain/cascade-chat.mjs'])
    copyFileSync(join(examples, each), join(away, each.split('/')[1]))
  await run('ln', ['-s', join(folder, 'node_modules/spillway'), join(away, 'node_modules/spillway')])
  // The package's own dependencies lie where they were packed.
  await run('ln', ['-s', join(folder, 'node_modules'), join(folder, 'node_modules/spillway/node_modules')])
  const [small, large] = [await openTiny('small'), await openTiny('large')]
  server = await servePair({ small, large })
  closing.push(
    server.close,
    () => small.close(),
    () => large.close(),
  )
  const policy = readFileSync(join(tinyPair, 'policy.json'), 'utf8').replace('"small.gguf"', '"small"')
  const entry = (model: string, call: number) => ({ model, url: server.url, price: { call } })
  const scene = serveFolder(
    { policy },
    {
      small: entry('small', 1),
      large: entry('large', 10),
      serve: { policy: 'policy.json', log: { folder: 'decisions' } },
    },
  )
  config = scene.config
}, 300_000)
afterAll(async () => {
  for (const close of closing) await close()
})

const away = () => inFolder('modules')
const asked = (question: string, more: object = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'cascade', messages: [{ role: 'user', content: question }], ...more }),
})

test('the gateway inside an application with Hono', async () => {
  const child = spawn(process.execPath, ['hono.mjs', config], { cwd: away(), env: { ...process.env, PORT: '0' } })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    const origin = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stdout.on('data', (text: Buffer) => {
        said += String(text)
        const found = /^(http:\S+)\/llm\/v1$/m.exec(said)
        if (found !== null) resolve(found[1])
      })
      child.stderr.on('data', (text: Buffer) => reject(new Error(String(text))))
      child.once('exit', () => reject(new Error('it ended')))
    })
    expect(await (await fetch(origin)).text()).toBe('an application of your own')
    const answer = await fetch(`${origin}/llm/v1/chat/completions`, asked('47+85='))
    expect([answer.status, answer.headers.get('x-spillway-outcome')]).toEqual([200, 'kept'])
    expect(((await answer.json()) as { choices: [{ message: { content: string } }] }).choices[0].message.content).toBe(
      '132',
    )
    expect((await fetch(`${origin}/llm/v1/models`)).status).toBe(200)
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toBe(0)
})

test('the gateway as a route of Next.js, streamed', async () => {
  const { code } = await transform(readFileSync(join(examples, 'gateway/next-route.ts'), 'utf8'), { loader: 'ts' })
  const path = join(away(), 'next-route.mjs')
  writeFileSync(path, code)
  const program = `
    process.env.SPILLWAY_CONFIG = ${JSON.stringify(config)}
    const { POST, GET } = await import(${JSON.stringify(pathToFileURL(path).href)})
    const answer = await POST(new Request('http://app.example/llm/v1/chat/completions', ${JSON.stringify(asked('31*47=', { stream: true }))}))
    console.log(answer.status, answer.headers.get('x-spillway-outcome'), (await answer.text()).trim().endsWith('data: [DONE]'))
    console.log((await GET(new Request('http://app.example/llm/v1/models'))).status)
    process.exit(0)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: away() })
  expect(stdout).toBe('200 escalated true\n200\n')
})

test('a cascade as a chat model of LangChain.js, in at most 150 lines', async () => {
  expect(readFileSync(join(examples, 'langchain/cascade-chat.mjs'), 'utf8').split('\n').length).toBeLessThan(150)
  const program = `
    import { readFile } from 'node:fs/promises'
    import { ChatPromptTemplate } from '@langchain/core/prompts'
    import { StringOutputParser } from '@langchain/core/output_parsers'
    import { cascade } from 'spillway/cascade'
    import { parsePolicy } from 'spillway/core'
    import { openAiModel } from 'spillway/models'
    import { CascadeChat } from './cascade-chat.mjs'
    const model = (name, call) => ({ model: openAiModel({ model: name, url: ${JSON.stringify(server.url)} }), price: { call } })
    const both = cascade({
      stages: [model('small', 1), model('large', 10)],
      policy: parsePolicy(await readFile(${JSON.stringify(join(config, '../policy.json'))}, 'utf8'), 'policy.json'),
    })
    const chat = new CascadeChat(both, { temperature: 0, maxTokens: 20 })
    const answer = await chat.invoke('47+85=')
    console.log(answer.content, answer.response_metadata.spillway.stage, answer.usage_metadata.output_tokens > 0)
    const chain = ChatPromptTemplate.fromTemplate('{a}*{b}=').pipe(chat).pipe(new StringOutputParser())
    let text = ''
    for await (const piece of await chain.stream({ a: 31, b: 47 })) text += piece
    console.log(/^\\d+$/.test(text))
    try { chat.bindTools([]) } catch (error) { console.log(/ChatOpenAI/.test(error.message)) }
    const gone = new AbortController()
    gone.abort()
    console.log(await chat.invoke('1+1=', { signal: gone.signal }).then(() => 'answered', () => 'aborted'))
    await both.close()`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: away() })
  expect(stdout).toBe('132 small true\ntrue\ntrue\naborted\n')
})
