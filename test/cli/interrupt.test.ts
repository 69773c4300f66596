import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mainPath } from '../support/cli.ts'
import { file, inFolder, jsonl } from '../support/files.ts'

test('SIGINT while files are written leaves the old ones, no torn one, and exit code 130', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => ({ perf_slm: i % 2, perf_llm: 1, avg_logp: -i / 60_000 }))
  const path = file('big.jsonl', jsonl(...rows))
  const out = inFolder('interrupted')
  const args = [mainPath, 'sweep', path, '--out', out, '--quiet']
  const run = () => spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const first = run()
  await new Promise((resolve) => first.on('close', resolve))
  const before = readFileSync(join(out, 'sweep.json'), 'utf8')

  const second = run()
  const writing = setInterval(() => {
    if (readdirSync(out).some((name) => name.endsWith('.tmp'))) second.kill('SIGINT')
  }, 1)
  const code = await new Promise((resolve) => second.on('close', resolve))
  clearInterval(writing)
  expect(code).toBe(130)
  expect(readdirSync(out).filter((name) => name.endsWith('.tmp'))).toEqual([])
  expect(readFileSync(join(out, 'sweep.json'), 'utf8')).toBe(before)
})

test('SIGINT while a policy is tuned ends at once, leaves the old file, and exit code 130', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => ({
    perf_slm: (i * 7919) % 10 < 6 ? 1 : 0,
    perf_llm: 1,
    avg_logp: -((i * 104_729) % 20_000) / 20_000,
  }))
  const out = file('tuned.json', 'as it was')
  const args = [
    'tune',
    file('tune.jsonl', jsonl(...rows)),
    '--policies',
    'all',
    '--max-quality-loss',
    '0.05',
    '--out',
    out,
  ]
  const child = spawn(process.execPath, [mainPath, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  const started = performance.now()
  setTimeout(() => child.kill('SIGINT'), 2500)
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code).toBe(130)
  expect(performance.now() - started).toBeLessThan(10_000)
  expect(readFileSync(out, 'utf8')).toBe('as it was')
})
