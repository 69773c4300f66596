/**
 * `npm run bench:load`: reading 1,000,000 flat rows of JSONL (about 200 MB) into columns, lint included, against
 * JSON.parse alone on the same lines, already in memory as strings, and against reading the file line by line with
 * node:readline and JSON.parse, as a script would. Each run is a process of its own, in turn.
 */
import { fork } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { lintOutcomes } from '../src/data/read-outcomes.ts'
import { writeFileWhole } from '../src/data/write.ts'
import { inMs, peakMb, ratio } from './timing.ts'

const ROWS = 1_000_000
const ROUNDS = 7

interface Measured {
  ms: number
  peak: number
}

function* rows(): Generator<string> {
  let state = 7
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  for (let i = 0; i < ROWS; i++) {
    const record = {
      id: `question-${i}`,
      dataset: 'bench',
      slm_pred: `answer ${i}`,
      llm_pred: `another answer ${i}`,
      perf_slm: Number(uniform().toFixed(4)),
      perf_llm: Number(uniform().toFixed(4)),
      avg_logp: -uniform(),
      avg_entropy_nats: uniform() * 2,
    }
    yield `${JSON.stringify(record)}\n`
  }
}

function parseOnly(path: string): Measured {
  const lines = readFileSync(path, 'latin1').trimEnd().split('\n')
  const start = performance.now()
  let kept = 0
  for (const line of lines) if ((JSON.parse(line) as { perf_slm: number }).perf_slm >= 0) kept++
  const ms = performance.now() - start
  if (kept !== ROWS) throw new Error(`parsed ${kept} rows`)
  return { ms, peak: peakMb() }
}

async function readAndParse(path: string): Promise<Measured> {
  const start = performance.now()
  let kept = 0
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity }))
    if ((JSON.parse(line) as { perf_slm: number }).perf_slm >= 0) kept++
  const ms = performance.now() - start
  if (kept !== ROWS) throw new Error(`parsed ${kept} rows`)
  return { ms, peak: peakMb() }
}

async function load(path: string): Promise<Measured> {
  const start = performance.now()
  const { outcomes } = await lintOutcomes(path)
  const ms = performance.now() - start
  if (outcomes.rows !== ROWS) throw new Error(`loaded ${outcomes.rows} rows`)
  return { ms, peak: peakMb() }
}

const apart = (task: string, path: string): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [task, path])
    child.on('message', (measured: Measured) => resolve(measured)).on('error', reject)
    child.on('exit', (code) => code !== 0 && reject(new Error(`${task} ended with ${code}`)))
  })

const [task, path] = process.argv.slice(2)
if (process.send !== undefined)
  process.send(task === 'parse' ? parseOnly(path) : task === 'script' ? await readAndParse(path) : await load(path))
else {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  try {
    const file = join(folder, 'rows.jsonl')
    await writeFileWhole(file, rows())
    const rounds: { parse: Measured; script: Measured; load: Measured }[] = []
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({
        parse: await apart('parse', file),
        script: await apart('script', file),
        load: await apart('load', file),
      })
    const median = (of: (round: (typeof rounds)[number]) => number) =>
      rounds.map(of).toSorted((a, b) => a - b)[ROUNDS >> 1]
    process.stdout.write(
      `${ROWS.toLocaleString('en-US')} rows, ${Math.round(statSync(file).size / 1e6)} MB; medians of ${ROUNDS} rounds\n` +
        `JSON.parse alone      ${inMs(median((r) => r.parse.ms))} ms\n` +
        `readline, JSON.parse  ${inMs(median((r) => r.script.ms))} ms\n` +
        `load into columns     ${inMs(median((r) => r.load.ms))} ms   load/parse, median of rounds: ${ratio(median((r) => r.load.ms / r.parse.ms))} (${rounds.map((r) => ratio(r.load.ms / r.parse.ms)).join(' ')}); load/readline: ${ratio(median((r) => r.load.ms / r.script.ms))}\n` +
        `peak memory of a load ${median((r) => r.load.peak)} MB (four columns of numbers: ${(ROWS * 4 * 8) / 1e6} MB)\n`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
