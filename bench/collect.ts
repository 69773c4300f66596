/**
 * `tsc -p tsconfig.bench.json && node .bench/bench/collect.js`: what a question costs `spillway collect` itself, against a server in a process of its own
 * that answers at once, with 250 calls to each model under way; and what a bare loop over undici takes for the same
 * requests, whose answers it only reads. Each round runs both, each in a process of its own.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent } from 'undici'
import { collectCommand } from '../src/cli/collect.ts'
import { writeFileWhole } from '../src/data/write.ts'
import { alignColumns } from '../src/report/text-table.ts'
import { peakMb, ratio } from './timing.ts'

const SIZES = [2_000, 20_000, 100_000]
const ROUNDS = 3
/** So many questions take minutes: one round. */
const LONG = 100_000
const AT_ONCE = 250
const TOKENS = 12

interface Measured {
  cpuMs: number
  ms: number
  peak: number
}

/** Answers every request alike: a dozen tokens with five alternatives each. */
function serve(): void {
  const words = Array.from({ length: TOKENS }, (_, i) => ` word${i}`)
  const alternatives = [-0.2, -2, -3, -4, -5].map((logprob, i) => ({ token: ` alternative${i}`, logprob, bytes: [97] }))
  const content = words.map((token) => ({ token, logprob: -0.2, bytes: [97], top_logprobs: alternatives }))
  const answer = (logprobs: object | null) =>
    Buffer.from(
      JSON.stringify({
        choices: [
          { index: 0, message: { role: 'assistant', content: words.join('') }, logprobs, finish_reason: 'stop' },
        ],
        usage: { prompt_tokens: 20, completion_tokens: TOKENS },
      }),
    )
  const [told, untold] = [answer({ content }), answer(null)]
  const server = createServer((request, response) => {
    let asked = ''
    request.on('data', (piece: Buffer) => (asked += piece.toString('latin1')))
    request.on('end', () => {
      const body = asked.includes('"logprobs":true') ? told : untold
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
    })
  })
  server.listen(0, '127.0.0.1', () => process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
}

async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return { cpuMs: (user + system) / 1000, ms: performance.now() - started, peak: peakMb() }
}

const collect = (folder: string, size: number, origin: string) => {
  const models = ['--small', `small@${origin}/v1`, '--large', `large@${origin}/v1`, '--concurrency', String(AT_ONCE)]
  const files = [join(folder, `${size}.jsonl`), '--out', join(folder, `${process.pid}.jsonl`)]
  return collectCommand().parseAsync([...files, ...models, '--price', '1/2', '--quiet'], { from: 'user' })
}

/** The same requests, and nothing done with the answers. */
async function bare(size: number, origin: string): Promise<void> {
  const agents = [new Agent({ connections: AT_ONCE }), new Agent({ connections: AT_ONCE })]
  const workers = agents.flatMap((dispatcher, large) => {
    let next = 0
    return Array.from({ length: AT_ONCE }, async () => {
      while (next < size) {
        const messages = [
          { role: 'user', content: `Answer the question.\n\nQuestion: ${textOf((next += 1))}\nAnswer:` },
        ]
        const { body } = await dispatcher.request({
          origin,
          path: '/v1/chat/completions',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ messages, max_tokens: 256, ...(large ? {} : { logprobs: true, top_logprobs: 5 }) }),
        })
        await body.text()
      }
    })
  })
  await Promise.all(workers)
  for (const agent of agents) await agent.destroy()
}

const textOf = (number: number): string => `What is the capital of the country that has the number ${number}?`

function* questions(size: number): Generator<string> {
  for (let i = 0; i < size; i++)
    yield `${JSON.stringify({ id: `q${i}`, question: textOf(i), gold: `word${i % TOKENS}`, group: `d${i >> 3}` })}\n`
}

const start = (...args: string[]): ChildProcess => fork(fileURLToPath(import.meta.url), args)

async function apart(task: 'collect' | 'bare', size: number, folder: string, origin: string): Promise<Measured> {
  const child = start(task, String(size), folder, origin)
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${task} ended with ${code}`))),
  ])) as [Measured]
  return message
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

const [task, size, folder, origin] = process.argv.slice(2)
if (task === 'serve') serve()
else if (process.send !== undefined) {
  const work = task === 'bare' ? () => bare(Number(size), origin) : () => collect(folder, Number(size), origin)
  process.send(await measured(work), () => process.disconnect())
} else {
  const home = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const server = start('serve')
  try {
    const [address] = (await once(server, 'message')) as [string]
    const table = [
      ['questions', 'CPU ms/question', 'requests/s', 'peak MB', 'bare CPU ms', 'bare requests/s', 'CPU/bare'],
    ]
    for (const count of SIZES) {
      await writeFileWhole(join(home, `${count}.jsonl`), questions(count))
      const rounds: Record<'collect' | 'bare', Measured>[] = []
      for (let round = 0; round < (count < LONG ? ROUNDS : 1); round++)
        rounds.push({
          bare: await apart('bare', count, home, address),
          collect: await apart('collect', count, home, address),
        })
      const of = (value: (round: (typeof rounds)[number]) => number) => median(rounds.map(value))
      table.push([
        count.toLocaleString('en-US'),
        of((each) => each.collect.cpuMs / count).toFixed(2),
        of((each) => (2000 * count) / each.collect.ms).toFixed(0),
        String(of((each) => each.collect.peak)),
        of((each) => each.bare.cpuMs / count).toFixed(2),
        of((each) => (2000 * count) / each.bare.ms).toFixed(0),
        ratio(of((each) => each.collect.cpuMs / each.bare.cpuMs)),
      ])
      process.stdout.write(`${alignColumns(table).at(-1)}\n`)
    }
    process.stdout.write(`\n${alignColumns(table).join('\n')}\n`)
  } finally {
    server.kill()
    rmSync(home, { recursive: true, force: true })
  }
}
