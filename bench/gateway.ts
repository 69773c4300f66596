/**
 * `npm run bench:gateway`: what the gateway adds to a model's answer of 29 KB (60 tokens with five alternatives each),
 * on loopback, against the least that anything in between costs: a bare pass-through on node:http and undici. Upstream,
 * gateways and client are processes of their own; paths take turns, and every ratio is to the pass-through of the same
 * round. `--quick` takes half a minute.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measurePaths, type Workers } from './gateway/bench.ts'
import { load } from './gateway/load.ts'
import { passThrough } from './gateway/pass-through.ts'
import { reachOf, tableOf } from './gateway/report.ts'
import { spillway } from './gateway/spillway.ts'
import { serveAnswers } from './gateway/upstream.ts'
import { answerQuestions, startWorker, type Worker } from './gateway/worker.ts'

const FULL = { concurrencies: [1, 16, 64], rounds: 5, cellMs: 400, most: 2000 }
const QUICK = { concurrencies: [1, 16], rounds: 3, cellMs: 200, most: 1000 }

const cpuUs = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

async function work(role: string, upstream: number, folder: string): Promise<void> {
  answerQuestions(role === 'client' ? load : cpuUs)
  if (role === 'spillway') await spillway(upstream, folder)
  else process.send!(await portOf(role, upstream))
}

async function portOf(role: string, upstream: number): Promise<number> {
  if (role === 'upstream') return serveAnswers()
  return role === 'pass-through' ? passThrough(upstream) : 0
}

async function bench(quick: boolean): Promise<void> {
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
    const lines = await measurePaths(workers, quick ? QUICK : FULL)
    process.stdout.write(`${tableOf(lines)}\n\n${reachOf([])}\n`)
  } finally {
    for (const worker of started) worker.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const [role, upstream, folder] = process.argv.slice(2)
if (process.send === undefined) await bench(role === '--quick')
else await work(role, Number(upstream), folder)
