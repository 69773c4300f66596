// npm run demo: the whole loop with the tiny pair. Every command is shown before it runs, so that it can be repeated.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const commands = [
  'collect --config examples/tiny-pair/spillway.yaml --out demo/outcomes.jsonl',
  'sweep demo/outcomes.jsonl',
  'tune demo/outcomes.jsonl --max-quality-loss 0.05 --out demo/policy.json --report demo/report.html',
]
/** No policy keeps the promise: an answer, not a failure. */
const NOT_CERTIFIED = 3

mkdirSync(`${root}/demo`, { recursive: true })
let report = ''
for (const command of commands) {
  process.stdout.write(`\n$ spillway ${command}\n\n`)
  const { code, output } = await run(command.split(' '))
  report += `$ spillway ${command}\n\n${output}\n`
  if (code !== 0 && code !== NOT_CERTIFIED) process.exit(code ?? 1)
}
writeFileSync(`${root}/demo/report.txt`, report)
process.stdout.write('\nAll of this is in demo/: report.html to look at, outcomes.jsonl, policy.json, report.txt\n')

/** Runs one command; what it prints is shown and kept. */
function run(args) {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
    process.stdout.write(chunk)
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}
