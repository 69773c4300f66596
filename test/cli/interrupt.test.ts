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
