/**
 * `npm run bench:gateway`: what the gateway adds to an answer of 29 KB (60 tokens with five alternatives each), whole or
 * as a stream, on loopback, against the least that anything in between costs: a bare pass-through on node:http and
 * undici's pool. Upstream, gateways and client are processes of their own; paths take turns, and every ratio is the
 * median of those to the pass-through of the same round. `cut`: the client asks for no log-probabilities, and has none.
 * `--quick` takes half a minute instead of two and a half.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measureFirstToken } from './gateway/early.ts'
import { load, type Cell } from './gateway/load.ts'
import { passThrough } from './gateway/pass-through.ts'
import { measureLongPrompt } from './gateway/prompts.ts'
import { reachOf } from './gateway/reach.ts'
import { measurePaths, type Plan, type Workers } from './gateway/rounds.ts'
import { spillway } from './gateway/spillway.ts'
import { tableOf } from './gateway/table.ts'
import { serveAnswers } from './gateway/upstream.ts'
import { answerQuestions, startWorker, type Worker } from './gateway/worker.ts'

const FULL: Plan = { concurrencies: [1, 16, 64], rounds: 7, most: 2000, ms: 350, warmUpMs: 5000 }
const QUICK: Plan = { concurrencies: [1, 16], rounds: 3, most: 1000, ms: 200, warmUpMs: 1500 }

/** What this process has used so far. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

async function work(role: string, upstream: number, folder: string): Promise<void> {
  answerQuestions(role === 'client' ? (cell) => load(cell as Cell) : cpuUs)
  if (role === 'spillway') await spillway(upstream, folder)
  else process.send!(await portOf(role, upstream))
}

async function portOf(role: string, upstream: number): Promise<number> {
  if (role === 'upstream') return serveAnswers()
  return role === 'pass-through' ? passThrough(upstream) : 0
}

async function bench(plan: Plan): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const started: Worker[] = []
  const start = async (role: string, ...args: string[]) => {
    const worker = await startWorker(fileURLToPath(import.meta.url), role, ...args)
    started.push(worker)
    return worker
  }
  try {
    const upstream = await start('upstream')
    const about = [String(upstream.port), folder]
    const workers: Workers = {
      upstream,
      'pass-through': await start('pass-through', ...about),
      spillway: await start('spillway', ...about),
      client: await start('client', ...about),
    }
    const lines = await measurePaths(workers, plan)
    process.stdout.write(`${tableOf(lines)}\n\n`)
    const prompt = await measureLongPrompt(workers, plan)
    const first = await measureFirstToken(workers, Math.min(3, plan.rounds))
    process.stdout.write(`${reachOf(lines, prompt, first)}\n`)
  } finally {
    for (const worker of started) worker.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const [role, upstream, folder] = process.argv.slice(2)
if (process.send === undefined) await bench(role === '--quick' ? QUICK : FULL)
else await work(role, Number(upstream), folder)
