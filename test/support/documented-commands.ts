import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { stringify } from 'yaml'
import { keepWhen } from '../../src/core/policy/policy.ts'
import { audited, scoredAudits } from './audits.ts'
import { mainPath } from './cli.ts'
import { questionsOf } from './collected.ts'
import { root, type Command } from './documentation.ts'
import { exampleConfigs, exampleConfigText, movedTo } from './example-configs.ts'
import { inFolder, jsonl } from './files.ts'
import { start, type Running } from './process.ts'

/** Commands that no test runs, and why. */
export const notRun: readonly (readonly [commands: RegExp, reason: string])[] = [
  [
    /^npm /,
    'installs packages, or runs scripts whose parts have tests of their own; that there is such a script is checked',
  ],
  [/^export /, 'sets a key, which a test has no use for'],
  [/^python3 /, 'trains models for hours'],
  [/^spillway \w+ '?(?:logs\/|s3:|clickhouse:)|^CLICKHOUSE_/, 'takes Parquet, S3 or a ClickHouse: test/data/engines'],
  [/^spillway label (?!.*--scorer )/, 'serves a page until it is ended: test/cli/label-page.test.ts'],
  [
    /^spillway worker |^spillway .*--workers /,
    'takes a Redis: test/collect/workers.test.ts; that there are such flags is checked',
  ],
]

export const reasonNotToRun = ({ text }: Command): string | undefined =>
  notRun.find(([commands]) => commands.test(text))?.[1]

/** Their keys are none. */
const keys = Object.fromEntries(['OPENAI', 'OPENROUTER', 'VLLM'].map((name) => [`${name}_API_KEY`, 'sk-fake']))

/** A folder as a reader of one page would have it, and what runs there. */
export interface Reader {
  /** Runs a command to its end; a gateway until it listens. */
  run: (command: Command) => Promise<{ status: number | null; stdout: string; stderr: string }>
  /** Ends what still runs. */
  leave: () => Promise<void>
}

let readers = 0

/** @param url where every model of every provider answers */
export function readerAt(url: string): Reader {
  const folder = inFolder(`reader-${readers++}`)
  furnish(folder, url)
  let gateway: { process: Running; origin: string } | undefined
  const leave = async () => {
    gateway?.process.child.kill('SIGTERM')
    const ended = await gateway?.process.ended
    gateway = undefined
    if (ended !== undefined && ended.code !== 0) throw new Error(`a gateway ended with ${ended.code}: ${ended.stderr}`)
  }
  return {
    leave,
    async run({ text }) {
      if (!/^spillway serve\b(?!.* --check)/.test(text)) return inShell(here(text, url, gateway?.origin), folder)
      await leave()
      const process = start([...text.split(/\s+/).slice(1), '--port', '0'], { cwd: folder, env: keys })
      gateway = { process, origin: await listening(process) }
      return { status: 0, stdout: '', stderr: process.stderr() }
    },
  }
}

/** The same command, with servers of this test in place of others. */
function here(text: string, url: string, origin: string | undefined): string {
  if (text.startsWith('curl ')) {
    if (origin === undefined) throw new Error('no gateway was started before this request')
    return text.replace('http://127.0.0.1:8080', origin)
  }
  const named = text.replaceAll(/\b(?:ollama|openai|openrouter|vllm|llamacpp|lmstudio):(\S+)/g, `$1@${url}`)
  // A fraction of the resamples, and a few questions, do as well.
  if (/^spillway (?:tune|compare|report|plot) /.test(named)) return `${named} --resamples 50`
  if (!named.startsWith('spillway collect ')) return named
  const few = named.includes(' --limit ') ? named : `${named} --limit 10`
  // Whoever collects has no outcomes yet.
  return few.replace(/ --out outcomes\.jsonl/, ' --out asked.jsonl')
}

function inShell(command: string, folder: string): ReturnType<Reader['run']> {
  const child = spawn('sh', ['-c', command], {
    cwd: folder,
    env: { ...process.env, ...keys, NO_COLOR: '1', PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

function listening(process: Running): Promise<string> {
  return new Promise((resolve, reject) => {
    process.child.stderr?.on('data', () => {
      const found = /^listening at (\S+);/m.exec(process.stderr())
      if (found !== null) resolve(found[1])
    })
    void process.ended.then(({ code, stderr }) => reject(new Error(`it ended with code ${code}: ${stderr}`)), reject)
  })
}

/** The files that pages speak of, small enough to be quick. */
function furnish(folder: string, url: string): void {
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content)
  for (const name of ['bin', 'decisions', 'examples/configs']) mkdirSync(join(folder, name), { recursive: true })
  write('bin/spillway', `#!/bin/sh\nexec "${process.execPath}" "${mainPath}" "$@"\n`)
  chmodSync(join(folder, 'bin/spillway'), 0o755)
  symlinkSync(join(root, 'examples/tiny-pair'), join(folder, 'examples/tiny-pair'), 'dir')
  for (const name of exampleConfigs)
    write(`examples/configs/${name}`, movedTo(exampleConfigText(name), { small: url, large: url }))
  write('outcomes.jsonl', someOutcomes())
  const policy = JSON.stringify(keepWhen([{ signal: 'mean_logprob', atLeast: -1 }]))
  write('decisions/audits.jsonl', jsonl(audited('a', { gold: 'a' }), audited('b'), ...scoredAudits(policy, 400)))
  write('right.jsonl', jsonl({ id: 'b', gold: 'b' }))
  for (const place of ['', 'examples/configs/']) {
    write(`${place}questions.jsonl`, jsonl(...questionsOf(5)))
    write(`${place}policy.json`, policy)
  }
  const model = (name: string) => ({ model: name, url, price: { input: 0, output: 0 } })
  write(
    'spillway.yaml',
    stringify({
      small: model('small'),
      large: model('large'),
      collect: { questions: 'questions.jsonl', out: 'outcomes.jsonl' },
      serve: { policy: 'policy.json' },
    }),
  )
  const rows = Array.from({ length: 1500 }, (_, i) => ({
    i,
    right: i % 3 > 0 ? 1 : 0,
    doubt: ((i * 37) % 1500) / 1500,
  }))
  write('signals.jsonl', jsonl(...rows.slice(0, SOME).map(({ i }) => ({ self_verification: (i % 5) / 4 }))))
  const columns = rows.map(({ i, right, doubt }) => `${right},1,${1 - doubt},${i >> 2}`)
  write('runs.csv', ['f1_llama,f1_gpt,my_score,document', ...columns].join('\n'))
  write(
    'automix_release_with_decision.jsonl',
    jsonl(
      ...rows.map(({ i, right }) => ({
        pid: `p${i}`,
        base_ctx: `text ${i >> 2}`,
        question: 'which?',
        output: 'that',
        dataset: 'cnli',
        split: i % 2 === 0 ? 'train' : 'val',
        llama13b_pred_ans: 'this',
        llama70b_pred_ans: 'that',
        llama13b_f1: right,
        llama70b_f1: 1,
        p_ver_13b: (i % 9) / 8,
      })),
    ),
  )
  write(
    'gsm8k_responses.csv',
    ['prompt,weak,strong', ...rows.map(({ i, right }) => `question ${i},${right === 1 ? 'True' : 'False'},True`)].join(
      '\n',
    ),
  )
  write('win-rates.csv', ['strong_win_rate', ...rows.map(({ doubt }) => doubt)].join('\n'))
  write(
    'router_data_qasper_short.jsonl',
    jsonl(...rows.map(({ i, right }) => ({ id: `q${i}`, perf_slm: right, perf_llm: 1, slm_confidence: (i % 4) / 4 }))),
  )
  write(
    'qasper_short_answerlogits.jsonl',
    jsonl(...rows.map(({ doubt }) => ({ avg_logp: -doubt, avg_entropy_nats: doubt }))),
  )
}

/** Enough to certify a policy at 0.08. */
const SOME = 400
const FEW_SIGNALS = ['mean_logprob', 'mean_entropy']

/** Some rows and signals of the shipped outcomes: all of them would take a page a minute. */
const someOutcomes = (): string =>
  jsonl(
    ...readFileSync(join(root, 'examples/tiny-pair/outcomes.jsonl'), 'utf8')
      .split('\n')
      .slice(0, SOME)
      .map((line) => {
        const row = JSON.parse(line) as { small: { signals: Record<string, number> } }
        const signals = Object.fromEntries(FEW_SIGNALS.map((name) => [name, row.small.signals[name]]))
        // As a server tells it, which a gateway can ask again.
        return { ...row, small: { ...row.small, top_k: 5, signals } }
      }),
  )
