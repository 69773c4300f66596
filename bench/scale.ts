/**
 * `npm run bench:scale`: sweeps of 1 and 10 million rows of Parquet in DuckDB (`-- --rows 100000000`: of so many), each
 * task in a process of its own, which runs a plain `SELECT sum(…)` over the same columns right beside it.
 */
import { fork } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { baselinesOfSums } from '../src/core/sweep/baselines.ts'
import { curveOfBins } from '../src/core/statistics/curve-of-bins.ts'
import { sweepStatistics } from '../src/core/sweep-statistics.ts'
import { openDuckDb } from '../src/data/engines/duckdb.ts'
import { alignColumns } from '../src/report/text-table.ts'
import { inMs, peakMb, ratio } from './timing.ts'

const THREADS = 2
const RUNS = 3

interface Measured {
  ms: number
  scanMs: number
  peak: number
}

/** Rows with one continuous signal, two qualities and groups of three; the generator is DuckDB's hash, so they repeat. */
async function write(path: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(THREADS),
    preserve_insertion_order: 'false',
  })
  const connection = await instance.connect()
  const uniform = (salt: number) => `(hash(range + ${salt}) / 18446744073709551616.0)`
  await connection.run(
    `COPY (SELECT 'g' || (range // 3) AS id, ln(1 - ${uniform(1e15)}) / 3 AS mean_logprob,
       CASE WHEN ${uniform(2e15)} < 0.6 THEN 1 ELSE ${uniform(3e15)} END AS small_quality,
       CASE WHEN ${uniform(4e15)} < 0.8 THEN 1 ELSE ${uniform(5e15)} END AS large_quality
     FROM range(${rows})) TO '${path}' (FORMAT parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
}

/** The median time of a plain scan of the three columns. */
async function scan(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(THREADS) })
  const connection = await instance.connect()
  const sql = `SELECT sum(mean_logprob), sum(small_quality), sum(large_quality) FROM read_parquet('${path}')`
  const times: number[] = []
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now()
    await connection.runAndReadAll(sql)
    if (run > 0) times.push(performance.now() - start)
  }
  connection.closeSync()
  instance.closeSync()
  return times.toSorted((a, b) => a - b)[RUNS >> 1]
}

const costs = { small: 1, large: 20 }
/** A point of a curve is how many rows are kept and what the others gain. */
const curveAlone = { sums: ['rows', 'gain'], edges: true, wrongBelow: 0.5, sumCosts: false } as const
/** What is timed: one pass to the curve of one signal, and the whole of `spillway sweep`, without and with intervals. */
const tasks: Record<string, (path: string) => Promise<number>> = {
  async curve(path) {
    const { source, close } = await openDuckDb(path, { threads: THREADS })
    const totals = await source.totals()
    const times: number[] = []
    for (let run = 0; run <= RUNS; run++) {
      const start = performance.now()
      const table = await source.bins({ ...curveAlone, by: { signal: 'mean_logprob' }, bits: 24 })
      const base = baselinesOfSums(
        { ...totals, costSmall: totals.rows, costLarge: 20 * totals.rows },
        { ...costs, verify: 0, verifyCost: 'used', counted: false },
        false,
      )
      const curve = curveOfBins({ name: 'mean_logprob', direction: 'higher' }, table, base, 20)
      if (curve.kept[0] !== totals.rows) throw new Error(`${curve.kept[0]} rows`)
      if (run > 0) times.push(performance.now() - start)
    }
    await close()
    return times.toSorted((a, b) => a - b)[RUNS >> 1]
  },
  sweep: (path) => timeSweep(path, false),
  'sweep --intervals': (path) => timeSweep(path, true),
}

async function timeSweep(path: string, intervals: boolean): Promise<number> {
  const start = performance.now()
  const { source, close } = await openDuckDb(path, { threads: THREADS })
  const { result } = await sweepStatistics(source, {
    costs,
    target: { minQuality: 0.85 },
    ...(intervals ? { intervals: {} } : {}),
  })
  const ms = performance.now() - start
  if (result.signals[0].selected === undefined) throw new Error('no threshold')
  await close()
  return ms
}

const apart = (task: string, path: string): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [task, path])
    child.on('message', (measured: Measured) => resolve(measured)).on('error', reject)
    child.on('exit', (code) => code !== 0 && reject(new Error(`${task} ended with ${code}`)))
  })

if (process.send !== undefined) {
  const [task, path] = process.argv.slice(2)
  const scanMs = await scan(path)
  const ms = await tasks[task](path)
  process.send({ ms, scanMs, peak: peakMb() })
} else {
  const { values } = parseArgs({ options: { rows: { type: 'string', multiple: true }, folder: { type: 'string' } } })
  const folder = mkdtempSync(join(values.folder ?? tmpdir(), 'spillway-scale-'))
  try {
    const table = [['rows', 'Parquet MB', 'task', 'ms', 'scan ms', 'task/scan', 'peak MB']]
    for (const rows of (values.rows ?? ['1000000', '10000000']).map(Number)) {
      const path = join(folder, `${rows}.parquet`)
      if (!existsSync(path)) await write(path, rows)
      for (const task of Object.keys(tasks)) {
        const { ms, scanMs, peak } = await apart(task, path)
        const size = Math.round(statSync(path).size / 1e6)
        table.push([
          rows.toLocaleString('en-US'),
          String(size),
          task,
          inMs(ms),
          inMs(scanMs),
          ratio(ms / scanMs),
          String(peak),
        ])
        process.stdout.write(`${alignColumns(table).at(-1)}\n`)
      }
    }
    process.stdout.write(`\n${alignColumns(table).join('\n')}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
